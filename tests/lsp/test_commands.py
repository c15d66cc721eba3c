"""Lenses and commands: what an editor can have shown and done by name."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types as t
from pytest_lsp.client import register_lsp_features

from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(90)]

MODEL = """\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1)

    def forward(self, x):
        return self.conv(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Block(3)
        self.second = Block(6)

    def forward(self, x):
        return self.second(self.first(x))


def wide():
    return Net()(torch.zeros(8, 3, 64, 64))


def needs(size):
    return size


Net()(torch.zeros(1, 3, 32, 32))
"""
CONV = 7


async def lenses(editor: Editor) -> dict[int, str]:
    params = t.CodeLensParams(t.TextDocumentIdentifier(editor.uri("net.py")))
    found = await editor.client.text_document_code_lens_async(params)
    return {lens.range.start.line: lens.command.title for lens in found or () if lens.command}


async def execute(editor: Editor, command: str, *arguments: Any) -> Any:
    params = t.ExecuteCommandParams(command, [editor.uri("net.py"), *arguments])
    return await editor.client.workspace_execute_command_async(params)


async def at_conv(editor: Editor) -> str:
    return next(label for line, _, label in await editor.hints("net.py") if line == CONV)


async def test_lenses_tell_input_cost_and_context(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("net.py", MODEL)
    found = await lenses(editor)
    assert found[4] == (
        "input (1, 3, 32, 32) · 168 parameters · 41,472 MACs · RF 3 · net.py › first (1 of 2)"
    )
    assert found[13] == ("input (1, 3, 32, 32) from line 32 · 828 parameters · 82,944 MACs · RF 7")
    assert "wide()" in found[23]
    assert 27 not in found


async def test_the_input_contract_follows_when_there_is_time(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("net.py", MODEL)
    assert "channels" not in (await lenses(editor))[13]
    await editor.lenses_refreshed.wait()
    assert (await lenses(editor))[13].endswith("RF 7 · 3 channels")
    hover = await editor.hover("net.py", 19, 22)
    assert hover is not None
    assert "takes 3 channels" in hover


async def test_a_context_is_chosen(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("net.py", MODEL)
    assert await at_conv(editor) == "⟶ 6×16×16 · RF 3 (1 of 2)"
    assert "net.py › second" in await execute(editor, "conv-lsp.contexts")
    await execute(editor, "conv-lsp.chooseContext", None, "net.py › second")
    assert await at_conv(editor) == "⟶ 12×8×8 · RF 7 (2 of 2)"
    hover = await editor.hover("net.py", CONV, 25)
    assert hover is not None
    assert hover.startswith("**Conv2d(6 → 12, 3×3, stride 2, padding 1)**")
    assert (await lenses(editor))[4].endswith("net.py › second (2 of 2)")
    await execute(editor, "conv-lsp.chooseContext", None, "")
    assert await at_conv(editor) == "⟶ 6×16×16 · RF 3 (1 of 2)"


async def test_a_function_that_nobody_calls_is_run_on_demand(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("net.py", MODEL)
    await execute(editor, "conv-lsp.chooseContext", None, "wide()")
    assert "from line 25" in (await lenses(editor))[13]
    assert await at_conv(editor) == "⟶ 6×32×32 · RF 3 (1 of 2)"


async def test_who_does_not_say_which_is_asked(start: Start) -> None:
    editor = await start("vscode", REAL)
    asked: list[t.ShowMessageRequestParams] = []

    def answer(params: t.ShowMessageRequestParams) -> t.MessageActionItem:
        asked.append(params)
        return t.MessageActionItem("net.py › second")

    register_lsp_features(editor.client, {t.WINDOW_SHOW_MESSAGE_REQUEST: answer})
    editor.open("net.py", MODEL)
    choices = ["net.py › first", "net.py › second"]
    await execute(editor, "conv-lsp.chooseContext", choices)
    assert await at_conv(editor) == "⟶ 12×8×8 · RF 7 (2 of 2)"
    assert [a.title for a in asked[0].actions or ()] == [*choices, "as at first"]


async def test_an_input_is_written_above_its_class(start: Start) -> None:
    editor = await start("vscode", REAL)
    edits: list[t.TextEdit] = []

    def apply(params: t.ApplyWorkspaceEditParams) -> t.ApplyWorkspaceEditResult:
        (changes,) = (params.edit.changes or {}).values()
        edits.extend(changes)
        return t.ApplyWorkspaceEditResult(applied=True)

    register_lsp_features(editor.client, {t.WORKSPACE_APPLY_EDIT: apply})
    editor.open("net.py", MODEL)
    assert await execute(editor, "conv-lsp.setInput", 15, "(1, 3, 48, 48)")
    (edit,) = edits
    where = t.Range(t.Position(13, 0), t.Position(13, 0))
    assert edit == t.TextEdit(where, "# conv-lsp: input (1, 3, 48, 48)\n")
    assert not await execute(editor, "conv-lsp.setInput", 15, "3 by 48")
    assert "'3 by 48' is no input" in editor.client.messages[0].message
    assert not await execute(editor, "conv-lsp.setInput", 0, "(1, 3, 48, 48)")


@pytest.mark.parametrize(
    "command", ["conv-lsp.chooseContext", "conv-lsp.contexts", "conv-lsp.setInput"]
)
@pytest.mark.parametrize("arguments", [[], [None], ["file:///nowhere.py"], [3, {}, [], "x", 5]])
async def test_arguments_that_mean_nothing_do_nothing(
    start: Start, command: str, arguments: list[Any]
) -> None:
    editor = await start("vscode", REAL)
    editor.open("net.py", MODEL)
    params = t.ExecuteCommandParams(command, arguments)
    assert not await editor.client.workspace_execute_command_async(params)
    assert await at_conv(editor) == "⟶ 6×16×16 · RF 3 (1 of 2)"
