"""Texts are cut into the statements that Python sees, whatever they hold, and only once."""

from __future__ import annotations

import ast
import io
import random
import re
import sys
import time
import tokenize
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.source import MAX_BROKEN, Source, Span

MODEL = '''\
"""A model."""
import torch
from torch import nn


def conv(i, o):  # a helper
    return nn.Conv2d(
        i, o, 3,
    )


@torch.jit.script
# between
@torch.no_grad()
class Net(nn.Module):
    """Text
at column 0, with # no comment and "quotes"
    """

    def __init__(self):
        self.a = conv(3, 8)  # "quoted"

    # at the end of a block


if __name__ == "__main__":
    x = 1
elif x:
    pass
# between
else:
    print(Net())
table = [
1,
2,  # two
]; y = \\
3
'''


def dumped(source: Source) -> list[str]:
    """The statements as Python would dump them with positions in the file."""
    moved = []
    for statement in source.statements:
        node = ast.parse(statement.text).body[0] if statement.broken else statement.node
        copy = ast.parse("pass").body[0] if statement.broken else node
        lines = statement.first_line - 1
        ast.increment_lineno(copy, lines)
        moved.append(ast.dump(copy, include_attributes=True))
        ast.increment_lineno(copy, -lines)
    return moved


def as_python_sees(text: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [ast.dump(node, include_attributes=True) for node in ast.parse(text).body]


def comments(source: Source) -> dict[int, tuple[int, str]]:
    return {line: (c.span.col, c.text) for line, c in source.comments.items()}


def as_tokenized(text: str) -> dict[int, tuple[int, str]]:
    return {
        token.start[0]: (len(token.line[: token.start[1]].encode()), token.string)
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }


TEXTS = {
    "model": MODEL,
    "empty": "",
    "blank": "\n\n  \n",
    "comment only": "# x\n\n#y",
    "no end of line": "x = 1",
    "semicolons": "a = 1; b = 2; c = '''\n;'''; d = 4\n",
    "backslash": "x = 1 + \\\n2\ny = 3 \\\n\nz = 1\nw = 1 \\\n# c\n\nv = 2\n",
    "comment with a backslash": "x = 1\n# a \\\n#\n# b\ny = 1 \\\n\n# c\nz = 1\n",
    "decorated after a comment": "@a\n\n# c\n@b(\n1\n)\nasync def f(): pass\n",
    "decorator with a string": '@a("""\n@b\n""")\ndef f(): pass\n',
    "string at column 0": 'x = """\nclass A:\n  "\'\ndef f(): \\""" + 1\n"""\ny = 2\n',
    "raw string": "x = r'\\\\'\ny = '\\''  # c\nz = '#'\n",
    "continued string": "x = 'a\\\nb # no'\ny = 1\n",
    "brackets": "x = f(\na,\n[\nb\n]\n)\nimport y\n",
    "keyword names": "case = 1\nelse_ = 2\nmatch = 3\nmatch case:\n  case 1: pass\n",
    "try": "try:\n  pass\nexcept A:\n  pass\nfinally:\n  pass\nfor i in x: pass\nelse: pass\n",
    "tabs": "def f():\n\tif x:\n\t\treturn 1\nx = 1\n",
    "form feed": "\fx = 1\n\f\nclass A: pass\n \f@b\n\fclass B: pass\n",
    "unicode": 'é = "ü"  # ñ\nclass Ä:\n  x = "日本"  # 語\n',
    "separators": "x = 'a\x0bb\x1c\u2028\x85'\ny = 1  # \u2028 z\n",
    "f-string": "x = f'{y!r:>{w}} # no'  # yes\nz = f'''\n{a}#\n'''\n",
    "coding": "# -*- coding: latin-1 -*-\nx = 'é'\n",
    "escape": "x = '\\d'\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_statements_are_pythons(text: str) -> None:
    source = Source.parse("a.py", text)
    assert dumped(source) == as_python_sees(text)
    assert source.errors == ()
    if "\x0b" not in text and "\f" not in text:
        assert comments(source) == as_tokenized(text)


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_endings_change_no_place(ending: str) -> None:
    source = Source.parse("a.py", "\ufeff" + MODEL.replace("\n", ending))
    assert dumped(source) == as_python_sees(MODEL)
    assert comments(source) == as_tokenized(MODEL)


def test_the_standard_library_is_cut_as_python_sees_it() -> None:
    folder = Path(ast.__file__).parent
    for path in sorted(folder.glob("[a-d]*.py")):
        text = path.read_text("utf-8")
        assert dumped(Source.parse(str(path), text)) == as_python_sees(text), path


@pytest.mark.skipif(sys.version_info < (3, 12), reason="f-strings nest from Python 3.12 on")
def test_newer_strings_nest() -> None:
    source = Source.parse("a.py", "x = f'{d['#']}'  # yes\n")
    assert [c.text for c in source.comments.values()] == ["# yes"]


def test_only_the_edited_statement_is_new() -> None:
    old = Source.parse("a.py", MODEL)
    before = list(old.statements)
    new = Source.parse("a.py", MODEL.replace("conv(3, 8)", "conv(3,\n 8)"), old)
    changed = [k for k, (a, b) in enumerate(zip(before, new.statements, strict=True)) if a is not b]
    assert changed == [4]
    assert dumped(new) == as_python_sees(new.text)


def test_the_same_text_is_the_same_source() -> None:
    old = Source.parse("a.py", MODEL)
    assert Source.parse("a.py", MODEL, old) is old
    assert Source.parse("b.py", MODEL, old).statements[0].path == "b.py"


def test_twins_keep_their_identity_in_order() -> None:
    old = Source.parse("a.py", "x = 1\ny = 2\nx = 1\n")
    first, _, last = old.statements
    new = Source.parse("a.py", "x = 1\n\nx = 1\nx = 1\n", old)
    assert [s.first_line for s in new.statements] == [1, 3, 4]
    assert new.statements[:2] == (first, last)
    assert len({id(s) for s in new.statements}) == 3


LINES = MODEL.split("\n")

FRAGMENTS = [
    "",
    '"""',
    "'",
    "(",
    ")",
    "\\",
    "#",
    "x = 1",
    "def f():",
    "@d",
    "    y",
    "\tz",
    "\f",
    "é",
]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(LINES)), st.integers(0, 3), st.lists(st.sampled_from(FRAGMENTS))
        ),
        max_size=6,
    )
)
def test_edits_in_a_row_end_as_a_fresh_parse(edits: list[tuple[int, int, list[str]]]) -> None:
    source = Source.parse("a.py", MODEL)
    lines = list(LINES)
    for at, removed, added in edits:
        lines[at : at + removed] = added
        source = Source.parse("a.py", "\n".join(lines), source)
        for statement in source.statements:
            span = statement.span(statement.node)
            assert 1 <= span.line <= span.end_line <= len(lines)
        try:
            want = as_python_sees(source.text)
        except (SyntaxError, ValueError):
            assert source.errors
        else:
            assert dumped(source) == want
            assert comments(source) == as_tokenized(source.text)
    source = Source.parse("a.py", MODEL, source)
    assert dumped(source) == as_python_sees(MODEL)
    assert not any(s.stale or s.broken for s in source.statements)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(alphabet="ab\n\"'()[]{}\\#@:=; \t\f\r\x00\ud800é", max_size=60))
def test_any_text_is_read(text: str) -> None:
    source = Source.parse("a.py", text, Source.parse("a.py", MODEL))
    assert source.comments is not None
    for statement in source.statements:
        statement.span(statement.node)
    for problem in source.errors:
        assert problem.span.line >= 1
        assert problem.span.end_col > problem.span.col >= 0


def test_a_broken_statement_is_stood_in_for() -> None:
    old = Source.parse("a.py", MODEL)
    net = old.statements[4]
    docstring, init = net.node.body  # type: ignore[attr-defined]
    edited = MODEL.replace("conv(3, 8)", "conv(3, 8").replace("import torch\n", "import torch\n\n")
    new = Source.parse("a.py", edited, old)
    assert new.statements[4] is net
    assert net.stale
    assert not net.broken
    assert net.first_line == 13
    assert net.is_current(docstring)
    assert not net.is_current(init)
    assert net.span(init).line == 21
    (problem,) = new.errors
    assert problem.span.line == 22
    assert [s for s in new.statements if s.stale] == [net]

    again = Source.parse("a.py", MODEL, new)
    assert again.statements == old.statements
    assert not net.stale


def test_lines_of_a_stale_statement_move_with_the_text() -> None:
    text = "def f():\n    a = 1\n    b = 2\n    c = 3\n"
    old = Source.parse("a.py", text)
    (f,) = old.statements
    a, b, c = f.node.body  # type: ignore[attr-defined]
    Source.parse("a.py", text.replace("b = 2", "b =\n\n"), old)
    assert [f.span(node).line for node in (a, b, c)] == [2, 3, 6]
    assert [f.is_current(node) for node in (a, b, c)] == [True, False, True]


@pytest.mark.parametrize(
    "broken",
    ["x = (", "x = [1,", 'x = """', "x = '", "x = f(a, b=", "x = 1 +", "@", "def f(", "class"],
)
@pytest.mark.parametrize("before", [1, 3, 10, 26])
def test_what_is_typed_above_leaves_the_rest(broken: str, before: int) -> None:
    old = Source.parse("a.py", MODEL)
    lines = list(LINES)
    lines.insert(before, broken)
    new = Source.parse("a.py", "\n".join(lines), old)
    kept = [s for s in new.statements if not s.broken]
    assert new.errors
    assert set(old.statements) - set(kept) == set()


def test_an_open_string_in_a_class_leaves_the_others() -> None:
    text = 'class A:\n    x = 1\n\nclass B:\n    """b"""\n\nclass C:\n    """c"""\n'
    for previous in (None, Source.parse("a.py", text)):
        new = Source.parse("a.py", text.replace("x = 1", '"""'), previous)
        assert [s.broken for s in new.statements] == [previous is None, False, False]
        assert [s.first_line for s in new.statements] == [1, 4, 7]
        assert len(new.errors) == 1


def test_errors_name_lines_of_the_file() -> None:
    (problem,) = Source.parse("a.py", "\n\nx = 1\n\ndef f():\nclass A: pass\n").errors
    assert problem.span == Span("a.py", 5, 0, 5, 8) or problem.span.line in (5, 6)
    assert re.search(r"on line 5\b", problem.message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = \0", "null byte"),
        ("x = " + "(" * 5000, "nested|never closed|too many"),
        ("x = " + "-" * 200_000 + "1", "nested|complex|recursion"),
        ("\ud800", "surrogates|character"),
        ("print 'a'", "parentheses"),
    ],
)
def test_hostile_text_is_broken_text(text: str, said: str) -> None:
    source = Source.parse("a.py", f"{text}\ny = 1\n")
    assert re.search(said, source.errors[0].message, re.IGNORECASE)
    assert [s.broken for s in source.statements] == [True, False]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python knows the statement")
def test_newer_syntax_names_its_version() -> None:
    (problem,) = Source.parse("a.py", "type A = int\n").errors
    assert "Python 3.12" in problem.message


def test_the_work_on_prose_is_bounded() -> None:
    start = time.perf_counter()
    source = Source.parse("a.py", '"""\n' + "It is, as (they say, a 'line\n" * 20_000)
    assert len(source.errors) <= MAX_BROKEN + 3
    assert time.perf_counter() - start < 3
    source = Source.parse("a.py", "x = (\n" * 20_000, source)
    assert len(source.errors) <= MAX_BROKEN + 3
    assert time.perf_counter() - start < 6


def test_an_edit_costs_a_part_of_a_parse() -> None:
    body = "".join(f"    x{k} = self.layer(x, {k}) + {k} * 2\n" for k in range(18))
    text = "".join(f"def f{k}(self, x):\n{body}\n" for k in range(50))
    assert text.count("\n") == 1000
    edited = text.replace("def f25(self, x)", "def f25(self, x, y)")

    def least(run: list[float]) -> float:
        return min(run)

    whole, part = [], []
    source = Source.parse("a.py", text)
    for k in range(14):
        start = time.perf_counter()
        ast.parse(text)
        whole.append(time.perf_counter() - start)
        start = time.perf_counter()
        source = Source.parse("a.py", text if k % 2 else edited, source)
        part.append(time.perf_counter() - start)
    assert least(part) < 0.3 * least(whole)


def test_random_truncations_never_raise() -> None:
    source = Source.parse("a.py", MODEL)
    draw = random.Random(0)
    for _ in range(200):
        cut = draw.randrange(len(MODEL))
        source = Source.parse("a.py", MODEL[:cut], source)
        source = Source.parse("a.py", MODEL[:cut] + MODEL[cut + draw.randrange(9) :], source)
    assert Source.parse("a.py", MODEL, source).errors == ()


def test_spans_are_bytes_in_the_file() -> None:
    source = Source.parse("a.py", "\n\nf('é', x)\n")
    (statement,) = source.statements
    call = statement.node.value  # type: ignore[attr-defined]
    assert statement.span(call.args[1]) == Span("a.py", 3, 8, 3, 9)
    assert source.characters(3, 8) == 7
    assert source.column(3, 7) == 8
    assert source.characters(9, 4) == 0


def test_a_node_without_a_place_spans_its_parts() -> None:
    (statement,) = Source.parse("a.py", "\ndef f(a, b=1): pass\n").statements
    assert statement.span(statement.node.args) == Span("a.py", 2, 6, 2, 12)  # type: ignore[attr-defined]
    assert statement.span(ast.Load()).line == 2


def test_statements_are_found_by_line() -> None:
    source = Source.parse("a.py", "x = 1\n\n# c\ndef f():\n  pass\n\n")
    found = [source.statement_at(line) for line in range(8)]
    assert found == [
        None,
        source.statements[0],
        None,
        None,
        *[source.statements[1]] * 2,
        None,
        None,
    ]
