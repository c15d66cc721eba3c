"""A statement that follows an edit is what parsing it anew would give, and keeps its other nodes."""

from __future__ import annotations

import ast
import random
import re
from pathlib import Path

import pytest

from conv_lsp.source import Statement, graft
from tests.harness import cases

FILES = [p for p in cases() if p.parent.name != "hostile"]
EDITS = 12

NET = """
class Net(nn.Module):
    width = 8

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)

    # what it does
    @torch.no_grad()
    def forward(self, x):
        def inner(y):
            return y * 2

        return inner(self.conv(x))

    def last(self):
        return 1
""".strip()


def statement(text: str) -> Statement:
    return Statement("net.py", text, ast.parse(text).body[0])


def method(kept: Statement, name: str) -> ast.FunctionDef:
    assert isinstance(kept.node, ast.ClassDef)
    return next(n for n in kept.node.body if isinstance(n, ast.FunctionDef) and n.name == name)


def places(kept: Statement, node: ast.AST) -> list[object]:
    """Every node with where it is now."""
    return [
        (
            type(n).__name__,
            kept.present(n.lineno),
            kept.present(n.end_lineno or 0),
            n.col_offset,
            n.end_col_offset,
        )
        for n in ast.walk(node)
        if isinstance(n, (ast.stmt, ast.expr, ast.arg, ast.keyword))
    ]


def edited(text: str, chance: random.Random) -> str:
    """The text after a small edit, which may break it."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(7):
        case 0:
            lines.insert(at, "        # a remark")
        case 1:
            lines.insert(at, "")
        case 2:
            lines.insert(at, "        x = 1 + 2")
        case 3:
            del lines[at]
        case 4:
            lines[at] += "  # a remark"
        case 5:
            lines[at] = re.sub(r"\d+", lambda m: str(int(m[0]) + 1), lines[at])
        case _:
            lines[at] = lines[at].replace("self", "self ").replace(", ", " ,")
    return "\n".join(lines)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_followed_statement_is_the_one_that_stands_there(path: Path) -> None:
    chance = random.Random(path.name)
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    for node in ast.parse(text).body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            continue
        first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        kept = statement("\n".join(lines[first - 1 : node.end_lineno]))
        for _ in range(EDITS):
            other = edited(kept.text, chance)
            try:
                if len(ast.parse(other).body) != 1:
                    continue
            except SyntaxError:
                continue
            if graft(kept, statement(other)) is None:
                kept = statement(other)
            fresh = statement(other)
            assert ast.dump(kept.node) == ast.dump(fresh.node)
            assert places(kept, kept.node) == places(fresh, fresh.node)
            assert kept.text == other


def test_only_the_body_that_was_edited_is_new() -> None:
    kept = statement(NET)
    init, forward, last = (method(kept, n) for n in ("__init__", "forward", "last"))
    body = init.body, last.body
    made = graft(kept, statement(NET.replace("y * 2", "y * 3\n")))
    assert made is not None
    assert made.functions[0] is forward
    assert [type(n).__name__ for n in made.functions] == ["FunctionDef", "FunctionDef"]
    assert made.touched == [kept.node, forward]
    assert (method(kept, "__init__"), method(kept, "last")) == (init, last)
    assert (init.body, last.body) == body
    assert kept.present(last.lineno) == 17


@pytest.mark.parametrize(
    "other",
    [
        NET.replace("# what it does", "# what it is for\n    # and why"),
        NET.replace("return 1", "return 1  # the last"),
        NET.replace(
            "nn.Conv2d(channels, 8, 3)", "nn.Conv2d(\n            channels, 8, 3\n        )"
        ),
        NET.replace("self.conv(x))", "self.conv(x) )"),
    ],
    ids=["between methods", "at the end", "in several lines", "spaces"],
)
def test_an_edit_that_changes_no_code_replaces_nothing(other: str) -> None:
    kept = statement(NET)
    made = graft(kept, statement(other))
    assert made is not None
    assert not made.functions
    assert not made.discarded


@pytest.mark.parametrize(
    "other",
    [
        NET.replace("width = 8", "width = 9"),
        NET.replace("nn.Module", "nn.Sequential"),
        NET.replace("def forward(self, x)", "def forward(self, x, y=1)"),
        NET.replace("@torch.no_grad()\n", "@torch.inference_mode()\n"),
        NET.replace("def last", "def first"),
        NET + "\n\n    def more(self):\n        return 2",
        NET.replace("    def last(self):\n        return 1", ""),
    ],
    ids=["attribute", "base", "parameter", "decorator", "name", "one more", "one less"],
)
def test_an_edit_outside_of_bodies_is_not_followed(other: str) -> None:
    kept = statement(NET)
    before = ast.dump(kept.node, include_attributes=True)
    assert graft(kept, statement(other)) is None
    assert ast.dump(kept.node, include_attributes=True) == before
    assert kept.text == NET
