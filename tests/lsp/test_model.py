"""A person edits a model: the server with its own engine, from text to hints."""

from __future__ import annotations

import ast
import asyncio
import time
from random import Random

import pytest
from lsprotocol import types as t

from conv_lsp.lsp.text import Lines
from conv_lsp.lsp.typing import PAUSE
from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor, partial_change

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(90)]

CLIENTS = pytest.mark.parametrize("name", ["neovim", "vscode", "bare"])

MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.tall = nn.Conv2d(64, 32, 3, padding=1)

    def forward(self, x):
        x = self.stem(x)
        x = self.tall(x)
        return x


Net()(torch.randn(2, 3, 224, 224))
"""
STEM, TALL = 11, 12  # 0-based lines in forward
TALL_MADE = 8


async def on_line(editor: Editor, name: str, line: int) -> str:
    return " | ".join(label for at, _, label in await editor.hints(name) if at == line)


@CLIENTS
async def test_sizes_are_shown_and_explained(start: Start, name: str) -> None:
    editor = await start(name, REAL)
    editor.open("net.py", MODEL)
    assert "2, 64, 112, 112" in await on_line(editor, "net.py", STEM)
    assert "2, 32, 112, 112" in await on_line(editor, "net.py", TALL)
    ends = {line: at for line, at, _ in await editor.hints("net.py")}
    assert ends[STEM] == len("        x = self.stem(x)")
    hover = await editor.hover("net.py", STEM, 14)
    assert hover is not None
    assert "112" in hover
    assert await editor.codes("net.py") == []


HALVES = """\
import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def forward(self, x):
        return torch.cat([x, F.interpolate(F.max_pool2d(x, 2), scale_factor=2)], 1)


y = Net()(torch.zeros(1, 3, 64, 64))
"""


@CLIENTS
async def test_the_contract_stands_in_the_hover_of_the_input(start: Start, name: str) -> None:
    editor = await start(name, REAL)
    editor.open("halves.py", HALVES)
    column = HALVES.splitlines()[6].index("x)")

    async def takes(text: str) -> None:
        """It is worked out when nobody types."""
        for _ in range(100):
            hover = await editor.hover("halves.py", 6, column)
            assert hover is not None
            if f"takes {text}" in hover:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(hover)

    await takes("H, W divisible by 2")
    editor.replace("halves.py", HALVES.replace("2), scale_factor=2", "4), scale_factor=4"))
    await takes("H, W divisible by 4")


@CLIENTS
async def test_an_edit_that_breaks_the_model_is_found_and_its_mending_too(
    start: Start, name: str
) -> None:
    editor = await start(name, REAL)
    editor.open("net.py", MODEL)
    assert await editor.codes("net.py") == []
    column = MODEL.splitlines()[TALL_MADE].index("64")
    editor.type("net.py", (TALL_MADE, column, TALL_MADE, column + 2, "65"))
    codes = await editor.codes("net.py")
    assert (TALL, "conv-channels") in codes
    assert {code for _, code in codes} == {"conv-channels"}
    editor.type("net.py", (TALL_MADE, column, TALL_MADE, column + 2, "64"))
    assert await editor.codes("net.py") == []


async def test_a_diagnostic_names_its_numbers_and_its_page(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("net.py", MODEL.replace("Conv2d(64, 32", "Conv2d(65, 32"))
    found = next(d for d in (await editor.pull("net.py")).items if d.range.start.line == TALL)
    assert "64" in found.message
    assert "65" in found.message
    assert found.severity == t.DiagnosticSeverity.Error
    assert found.code_description is not None
    assert found.code_description.href.endswith("/conv-channels.md")
    assert found.related_information is not None
    made = found.related_information[0].location
    assert (made.uri, made.range.start.line) == (editor.uri("net.py"), TALL_MADE)


@CLIENTS
async def test_text_that_does_not_parse_keeps_the_other_hints(start: Start, name: str) -> None:
    editor = await start(name, REAL)
    editor.open("net.py", MODEL)
    before = await editor.hints("net.py")
    assert before
    for broken in ("def (\n", "x = '''\n", "class A:\n", "f(\n"):
        last = MODEL.count("\n")
        editor.type("net.py", (last, 0, last, 0, broken))
        assert await editor.hints("net.py") == before, broken
        assert "syntax-error" in {code for _, code in await editor.codes("net.py")}
        editor.replace("net.py", MODEL)
    # Half a line in the middle of the class, typed where the hints are.
    editor.type("net.py", (TALL + 1, 0, TALL + 1, 0, "        y = self.tall(\n"))
    shown = [hint for hint in await editor.hints("net.py") if hint[0] <= TALL]
    assert shown == [hint for hint in before if hint[0] <= TALL]
    editor.replace("net.py", MODEL)
    assert await editor.hints("net.py") == before


@CLIENTS
async def test_edits_after_odd_characters(start: Start, name: str) -> None:
    editor = await start(name, REAL)
    odd = "'😀 é \u2028 \x1c'\n\f# é\n"
    editor.open("net.py", odd + MODEL)
    before = await editor.hints("net.py")
    assert "2, 64, 112, 112" in await on_line(editor, "net.py", STEM + 2)
    line = TALL_MADE + 2
    column = MODEL.splitlines()[TALL_MADE].index("32")
    editor.type("net.py", (line, column, line, column + 2, "48"))
    assert "2, 48, 112, 112" in await on_line(editor, "net.py", TALL + 2)
    editor.type("net.py", (line, column, line, column + 2, "32"))
    assert await editor.hints("net.py") == before


async def test_editing_a_file_changes_the_hints_of_those_who_import_it(start: Start) -> None:
    editor = await start("vscode", REAL)
    used = MODEL.replace("Net()(torch.randn(2, 3, 224, 224))\n", "")
    editor.open("net.py", used)
    editor.open(
        "main.py", "import torch\nfrom net import Net\n\ny = Net()(torch.randn(1, 3, 64, 64))\n"
    )
    assert "1, 32, 32, 32" in await on_line(editor, "main.py", 3)
    column = used.splitlines()[TALL_MADE].index("32")
    editor.type("net.py", (TALL_MADE, column, TALL_MADE, column + 2, "48"))
    await editor.until(lambda: editor.hint_refreshes > 0)
    assert "1, 48, 32, 32" in await on_line(editor, "main.py", 3)


PASTED = ["", "\n", "x", "3", "(", ")", "'", '"""', "#", " é😀", "\n    ", "self.stem(x)", "\\"]


async def test_after_any_edits_the_hints_are_those_of_the_text(start: Start) -> None:
    editor = await start("vscode", REAL)
    random = Random(7)
    editor.open("net.py", MODEL)
    lines = Lines.of(MODEL, "utf-16")
    compared = 0
    for turn in range(300):
        if turn % 3 == 0:  # back to a text that means something
            editor.replace("net.py", MODEL)
            lines = Lines.of(MODEL, "utf-16")
        line, column = random.randrange(len(lines.lines)), random.randrange(40)
        end = (line + random.choice([0, 0, 0, 1]), column + random.randrange(3))
        change = (line, column, *end, random.choice(PASTED))
        editor.type("net.py", change)
        lines = lines.edited([partial_change(*change)])
        try:
            ast.parse(lines.text)
        except SyntaxError:
            continue
        editor.open(f"fresh{turn}.py", lines.text)
        if await editor.hints("net.py") != await editor.hints(f"fresh{turn}.py"):
            await asyncio.sleep(2 * PAUSE)  # the end of a line was typed, and may go on
        assert await editor.hints("net.py") == await editor.hints(f"fresh{turn}.py"), lines.text
        editor.close(f"fresh{turn}.py")
        compared += 1
    assert compared > 20


@pytest.mark.parametrize(
    "name", ["untitled:Untitled-1", "vscode-notebook-cell:/a/b.ipynb#W0s", "ä b%20#c.py", "\f.py"]
)
async def test_documents_of_any_name(start: Start, name: str) -> None:
    editor = await start("vscode", REAL)
    editor.open(name, MODEL.replace("Conv2d(64, 32", "Conv2d(65, 32"))
    assert "2, 64, 112, 112" in await on_line(editor, name, STEM)
    assert await editor.hover(name, STEM, 14) is not None
    assert (TALL, "conv-channels") in await editor.codes(name)


HOSTILE = {
    "forever": "while True:\n    pass\n",
    "list": "x = [0] * 10**12\n",
    "string": "x = 'ab' * 10**12\n",
    "power": "x = 2 ** 10 ** 9\n",
    "shift": "x = 1 << 10**12\n",
    "recursion": "def f(x):\n    return f(x)\nf(1)\n",
    "growing": "x = [0]\nwhile True:\n    x = x + x\n",
    "digits": "x = str(7 ** 10**7)\n",
    "nested": "x = " + "(" * 5000 + ")" * 5000 + "\n",
    "minus": "x = " + "-" * 100_000 + "1\n",
    "sum": "x = " + "1 + " * 50_000 + "1\n",
    "attributes": "x = a" + ".b" * 50_000 + "\n",
    "null": "x = '\0'\n",
    "surrogate": "x = '\ud800'\n",
    "range": "x = list(range(10**12))\n",
    "comprehension": "x = [i for i in range(10**9) for j in range(10**9)]\n",
    "format": "x = f'{1:1000000000}'\n",
    "layers": "from torch import nn\nx = nn.Sequential(*[nn.ReLU() for _ in range(10**9)])\n",
}


@pytest.mark.timeout(400)
async def test_hostile_texts_do_not_keep_others_waiting_for_ever(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("net.py", MODEL)
    before = await editor.hints("net.py")
    slow = {}
    for name, text in HOSTILE.items():
        editor.open(f"{name}.py", text)
        begun = time.monotonic()
        await editor.hints(f"{name}.py")
        await editor.pull(f"{name}.py")
        slow[name] = round(time.monotonic() - begun, 1)
        editor.type("net.py", (0, 0, 0, 0, "\n"))
        assert [h[0] - 1 for h in await editor.hints("net.py")] == [h[0] for h in before], name
        editor.replace("net.py", MODEL)
    assert max(slow.values()) < 60, slow
    assert editor.client.messages == []
    assert editor.logged("failed") == []


async def test_settings_choose_what_is_shown(start: Start) -> None:
    editor = await start("vscode", REAL, options={"hints": {"values": "off"}})
    editor.open("net.py", MODEL)
    assert await on_line(editor, "net.py", STEM) == ""
    assert "64" in await on_line(editor, "net.py", 7)


async def test_a_misspelt_setting_is_told_with_what_was_meant(start: Start) -> None:
    editor = await start("vscode", REAL, settings={"hints": {"value": False}})
    editor.open("net.py", MODEL)
    await editor.hints("net.py")
    await editor.until(lambda: bool(editor.client.messages))
    assert "hints.values" in editor.client.messages[0].message
