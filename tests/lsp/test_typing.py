"""Lines typed character by character: nothing flickers, and nobody is told of what is not written."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from random import Random

import pytest
from lsprotocol import types as t

from conv_lsp.lsp.text import Lines
from conv_lsp.lsp.typing import PAUSE, line_in_work
from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor, partial_change

HERE = Path(__file__).parent
FOLDER = HERE.parent / "cases"
FILES = """
building/block_parameter.py building/multi_branch.py building/sequential_editing.py
classes/mixins.py control/loops.py control/optional_layers.py convolution/dilated.py
layers/attention.py shapes/joining.py
"""
LINES = int(os.environ.get("CONV_LSP_TYPED_LINES", "2"))


def files() -> list[Path]:
    """Ten models, or those of a folder that a person names."""
    named = os.environ.get("CONV_LSP_TYPED")
    if named:
        return sorted(Path(named).glob("*.py"))
    found = [FOLDER / name for name in FILES.split()]
    return [HERE.parent.parent / "docs" / "examples" / "resnet.py", *found]


TEXTS = {path: path.read_text() for path in files()}


def worth_typing(line: str) -> bool:
    code = line.split("#", maxsplit=1)[0].strip()
    return len(code) > 4 and not code.startswith(('"', "'", "import ", "from ", "@", ")", "]"))


@pytest.mark.asyncio
@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
async def test_typing_a_line(start: Start, path: Path) -> None:
    editor = await start("vscode", REAL)
    lines = TEXTS[path].split("\n")
    typed = [n for n, line in enumerate(lines) if worth_typing(line)]
    for number in Random(path.stem).sample(typed, min(LINES, len(typed))):
        await type_line(editor, f"{path.stem}{number}.py", lines, number)


async def type_line(editor: Editor, name: str, lines: list[str], number: int) -> None:
    """Type a line of a text that is all there but for it, and compare what is shown meanwhile."""
    line = lines[number].split("#")[0].rstrip()
    margin = len(line) - len(line.lstrip())
    editor.open(name, "\n".join([*lines[:number], line[:margin], *lines[number + 1 :]]))
    before = elsewhere(await editor.hints(name), number)
    codes = set(await editor.codes(name))
    for column in range(margin, len(line)):
        editor.type(name, (number, column, number, column, line[column]))
        assert elsewhere(await editor.hints(name), number) == before, line[: column + 1]
        assert set(await editor.codes(name)) <= codes, line[: column + 1]
    editor.open(f"whole-{name}", "\n".join([*lines[:number], line, *lines[number + 1 :]]))
    whole = await editor.hints(f"whole-{name}")
    await asyncio.sleep(PAUSE)
    for _ in range(100):
        found = await editor.hints(name), set(await editor.codes(name))
        if found == (whole, set(await editor.codes(f"whole-{name}"))):
            break
        await asyncio.sleep(0.05)
    assert found == (whole, set(await editor.codes(f"whole-{name}")))
    editor.close(name)
    editor.close(f"whole-{name}")


def elsewhere(hints: list[tuple[int, int, str]], number: int) -> list[tuple[int, int, str]]:
    return [hint for hint in hints if hint[0] != number]


TEXT = "x = f(1)\ny = 2\n"


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        ((1, 5, 1, 5, "0"), 2),  # y = 20
        ((1, 4, 1, 5, ""), 2),  # y =
        ((0, 7, 0, 7, "0"), 1),  # before a bracket that the editor closed
        ((0, 6, 0, 7, "3"), 1),
        ((0, 0, 0, 1, "z"), None),  # in the middle of a line
        ((1, 5, 1, 5, "\n"), None),  # the line is left
        ((0, 8, 1, 0, ""), None),  # two lines become one
    ],
)
def test_the_line_in_work(edit: tuple[int, int, int, int, str], line: int | None) -> None:
    change = partial_change(*edit)
    before = Lines.of(TEXT, "utf-16")
    assert line_in_work(before, [change], before.edited([change])) == line


def test_a_text_that_is_replaced_has_no_line_in_work() -> None:
    before = Lines.of(TEXT, "utf-16")
    change = t.TextDocumentContentChangeWholeDocument("x = f(1)\ny = 3\n")
    assert line_in_work(before, [change], before.edited([change])) is None
