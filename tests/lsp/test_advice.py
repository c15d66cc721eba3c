"""Advice comes when there is time for it, and nobody who asks but once goes without."""

from __future__ import annotations

import asyncio

import pytest

from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor

MODEL = """\
import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8))
y = net(torch.randn(1, 3, 16, 16))
z = nn.Linear(9, 2)(y)
"""
ADVICE = (3, "bias-before-norm")
ERROR = (5, "linear-features")


async def until_advised(editor: Editor, name: str, *wanted: tuple[int, str]) -> None:
    for _ in range(200):
        found = await editor.codes(name)
        if found == sorted(wanted):
            return
        await asyncio.sleep(0.02)
    assert found == sorted(wanted)


@pytest.mark.asyncio
async def test_who_is_told_of_news_has_the_errors_first(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("model.py", MODEL)
    assert ERROR in await editor.codes("model.py")
    await until_advised(editor, "model.py", ADVICE, ERROR)
    await editor.until(lambda: editor.client.diagnostic_refresh_count > 0)


@pytest.mark.asyncio
async def test_who_is_not_waits_for_all(start: Start) -> None:
    editor = await start("neovim", REAL)
    editor.open("model.py", MODEL)
    assert await editor.codes("model.py") == [ADVICE, ERROR]


@pytest.mark.asyncio
async def test_whom_everything_is_sent_has_it_sent(start: Start) -> None:
    editor = await start("bare", REAL)
    editor.open("model.py", MODEL)
    await until_advised(editor, "model.py", ADVICE, ERROR)


@pytest.mark.asyncio
async def test_advice_moves_with_its_line_until_there_is_time(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("model.py", MODEL)
    await until_advised(editor, "model.py", ADVICE, ERROR)
    for moved in range(1, 6):
        editor.type("model.py", (0, 0, 0, 0, "\n"))
        codes = await editor.codes("model.py")
        assert codes == [(line + moved, code) for line, code in (ADVICE, ERROR)]


@pytest.mark.asyncio
async def test_what_was_advised_is_taken_back(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("model.py", MODEL)
    await until_advised(editor, "model.py", ADVICE, ERROR)
    at = MODEL.split("\n")[3].index(", 3)") + 3
    editor.type("model.py", (3, at, 3, at, ", bias=False"))
    await until_advised(editor, "model.py", ERROR)


@pytest.mark.asyncio
async def test_fixes_are_of_the_advice_on_this_text(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("model.py", MODEL.replace(", 3)", ", 3, bias=False)"))
    await until_advised(editor, "model.py", ERROR)
    editor.replace("model.py", MODEL)
    assert "Set bias to False" in [a.title for a in await editor.actions("model.py", 3)]
