"""Cells of notebooks as one Python text, line by line."""

from __future__ import annotations

import ast
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.source.notebook import Layout, NotebookError, joined_text, pythonic, read_notebook

REPLACED = [
    ("%matplotlib inline", "pass"),
    ("!pip install torch", "pass"),
    ("    !ls", "    pass"),
    ("?print", "pass"),
    ("net.forward??", "pass"),
    ("x = !ls", "x = get_ipython()"),
    ("x.y['a'], z, = !ls", "x.y['a'], z, = get_ipython()"),
    ("a, b = %sx ls", "a, b = get_ipython()"),
    ("%time y = net(x)", "if 1: y = net(x)"),
    ("  %time y = net(x)", "  if 1: y = net(x)"),
    ("y = %time net(x)", "y =       net(x)"),
    ("%time for x in y: pass", "pass"),  # a loop cannot stand behind a colon
    ("%time -x", "pass"),
    ("%timeit net(x)", "pass"),  # what it binds is gone afterwards
]
KEPT = [
    "print('a =%d' % x)", "f(x, '=!')", "x = '=%d' % y", "x['=%d'] = 1", "print(f'{x=!r}')", "x[a] =b",
    "x = 3 % 2", "x != y", "print('?')", "x = a % b", "s = '%d' % x", "# what?", "x == y", "",
]  # fmt: skip


@pytest.mark.parametrize(("line", "python"), REPLACED)
def test_lines_of_ipython(line: str, python: str) -> None:
    assert list(pythonic([line, "z = 1"])) == [python, "z = 1"]


@pytest.mark.parametrize("line", KEPT)
def test_lines_of_python_stay(line: str) -> None:
    assert list(pythonic(["%magic", line])) == ["pass", line]


def test_what_begins_no_statement_stays() -> None:
    cell = '''\
x = (a
% b)
text = """
%matplotlib inline
!ls
"""
y = a \\
% b
!ls \\
  -l
z = f("it's",
  c)
!echo it's
w = 1'''.split("\n")
    expected = [*cell]
    expected[8], expected[9], expected[12] = "pass", "", "pass"
    assert list(pythonic(cell)) == expected
    ast.parse("\n".join(expected))


@pytest.mark.parametrize(
    ("magic", "kept"), [("%%time", True), ("%%capture out", True), ("%%bash", False)]
)
def test_a_magic_of_a_whole_cell(magic: str, kept: bool) -> None:
    body = ["%cd x", "y = 1"]
    expected = ["", "", "pass", "y = 1"] if kept else [""] * 4
    assert list(pythonic(["", magic, *body])) == expected


@given(
    st.lists(
        st.text("x=%!?()[]'\"\\# \t1", max_size=12).filter(lambda line: "\n" not in line),
        min_size=1,
    )
)
@settings(max_examples=400, deadline=None)
def test_lines_stay_lines(lines: list[str]) -> None:
    made = pythonic(lines)
    assert len(made) == len(lines)
    assert "\n" not in "".join(made)
    assert list(pythonic(made)) == list(made)


@pytest.mark.parametrize("part", [" ", "?", "? ", "%", "=", "= ", "(", "'", "a", "a\\\n", "!\\\n"])
def test_long_cells_take_no_time(part: str) -> None:
    begun = time.process_time()
    for before, after in (
        ("", ""),
        ("%time", "x"),
        ("x = ", "!"),
        ("x", "y"),
        ("x, ", "y = !"),
        ("x[", "] = !"),
        ("", "\n!ls"),
    ):
        pythonic(f"%a\n{before}{part * 30_000}{after}".split("\n"))
    assert time.process_time() - begun < 5


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_places_there_and_back(counts: list[int]) -> None:
    layout = Layout(tuple(counts))
    cells = [[f"{cell} {line}" for line in range(count)] for cell, count in enumerate(counts)]
    lines = joined_text(cells).split("\n")
    for cell, count in enumerate(counts):
        for line in range(count):
            at = layout.joined(cell, line)
            assert lines[at] == f"{cell} {line}"
            assert layout.place(at) == (cell, line)
        beyond = layout.joined(cell, count + 3)
        assert lines[beyond] == ""
        assert layout.place(beyond) == (cell, count - 1)
    assert layout.place(-1) is None


def notebook(*cells: tuple[str, Any], **others: Any) -> str:
    made = [{"cell_type": kind, "source": source} for kind, source in cells]
    return json.dumps({"cells": made, **others})


def test_a_notebook_is_read() -> None:
    cells = read_notebook(
        notebook(("code", "a = 1"), ("markdown", "# b"), ("code", ["c = 1\n", "d = 2"]))
    )
    assert cells.text == "a = 1\n\nc = 1\nd = 2\n\n"
    assert [cells.place(line) for line in range(1, 6)] == [(1, 1), (1, 1), (3, 1), (3, 2), (3, 2)]


def test_texts_name_the_lines_of_cells() -> None:
    cells = read_notebook(notebook(("code", "a\nb"), ("markdown", "c"), ("code", "d\ne")))
    assert cells.told("from line 5, in line 1; outline 4") == (
        "from line 2 of cell 3, in line 1 of cell 1; outline 4"
    )


def test_older_notebooks_and_other_languages() -> None:
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}]}
    assert read_notebook(json.dumps(old)).text == "x = 1\n\n"
    julia = {"kernelspec": {"language": "julia"}}
    assert read_notebook(notebook(("code", "x"), metadata=julia)).text == ""
    python = {"language_info": {"name": "ipython"}}
    assert read_notebook(notebook(("code", "x"), metadata=python)).text == "x\n\n"
    sql = {"cell_type": "code", "source": "select", "metadata": {"vscode": {"languageId": "sql"}}}
    assert read_notebook(json.dumps({"cells": [sql]})).text == ""
    assert read_notebook("").text == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not valid JSON: Expecting property name .* line 1 column 2"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "no list of cells"),
        ('{"cells": 3}', "no list of cells"),
        ('{"worksheets": [3]}', "no list of cells"),
    ],
)
def test_what_is_no_notebook_is_said(text: str, why: str) -> None:
    with pytest.raises(NotebookError, match=why):
        read_notebook(text)


@pytest.mark.parametrize(
    "cell", [3, {}, {"cell_type": "code", "source": 3}, {"cell_type": "code", "source": [3, None]}]
)
def test_cells_that_mean_nothing_are_passed_over(cell: Any) -> None:
    text = json.dumps({"cells": [cell, {"cell_type": "code", "source": "x"}], "metadata": 3})
    assert read_notebook(text).text.strip() == "x"
