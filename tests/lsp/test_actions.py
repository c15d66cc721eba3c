"""Code actions as editors ask for them, with the server's own engine."""

from __future__ import annotations

import pytest
from lsprotocol import types as t

from conv_lsp.lsp.text import Lines
from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(90)]

MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.é = nn.Conv2d(3, 64, 7, stride=2, padding=3)  # 😀
        self.two = nn.Conv2d(32, 8, 3)
        self.fc = nn.Linear(9, 10)

    def forward(self, x):
        x = self.é(x)
        x = self.two(x)
        return self.fc(x)


Net()(torch.randn(2, 3, 224, 224))
"""
HEAD, FORWARD, TWO, FC = 4, 12, 13, 14  # 0-based lines


def after(action: t.CodeAction, text: str, editor: Editor) -> str:
    """The text after an action, applied as a client would."""
    assert action.edit is not None
    assert action.edit.changes is not None
    edits = sorted(
        action.edit.changes[editor.uri("net.py")],
        key=lambda e: (e.range.start.line, e.range.start.character),
        reverse=True,
    )
    encoding = {"neovim": "utf-8", "vscode": "utf-16", "bare": "utf-16"}[editor.name]
    lines = Lines.of(text, encoding)  # type: ignore[arg-type]
    for edit in edits:
        lines = lines.edited([t.TextDocumentContentChangePartial(edit.range, edit.new_text)])
    return lines.text


@pytest.mark.parametrize("name", ["neovim", "vscode", "bare"])
async def test_a_finding_is_fixed_ignored_or_fixed_with_the_others(start: Start, name: str) -> None:
    editor = await start(name, REAL)
    editor.open("net.py", MODEL)
    offered = {a.title: a for a in await editor.actions("net.py", TWO, ["quickfix"])}
    assert list(offered) == ["Set in_channels to 64", "Ignore conv-channels here"]
    fix = offered["Set in_channels to 64"]
    assert fix.kind == "quickfix"
    assert fix.is_preferred
    assert name == "bare" or [d.code for d in fix.diagnostics or ()] == ["conv-channels"]
    assert "nn.Conv2d(64, 8, 3)" in after(fix, MODEL, editor)
    hidden = after(offered["Ignore conv-channels here"], MODEL, editor)
    assert "x = self.two(x)  # conv-lsp: ignore[conv-channels]\n" in hidden
    editor.replace("net.py", hidden)
    assert await editor.actions("net.py", TWO, ["quickfix"]) == []


@pytest.mark.parametrize("name", ["neovim", "vscode"])
async def test_everything_is_fixed_at_once(start: Start, name: str) -> None:
    editor = await start(name, REAL)
    editor.open("net.py", MODEL)
    (every,) = await editor.actions("net.py", HEAD, ["source.fixAll"])
    assert every.kind == "source.fixAll.conv-lsp"
    editor.replace("net.py", after(every, MODEL, editor))
    assert [code for _, code in await editor.codes("net.py")] == []


async def test_shapes_and_inputs_are_written(start: Start) -> None:
    editor = await start("vscode", REAL)
    good = MODEL.replace("32, 8", "64, 8").replace("9, 10", "110, 10")
    editor.open("net.py", good)
    offered = {a.kind: a for a in await editor.actions("net.py", FORWARD, ["source"])}
    assert set(offered) == {"source.conv-lsp.shapeComments", "source.conv-lsp.annotateInput"}
    shapes = after(offered["source.conv-lsp.shapeComments"], good, editor)
    assert "        x = self.é(x)  # shape: (2, 64, 112, 112)\n" in shapes
    assert "        return self.fc(x)  # shape: (2, 8, 110, 10)\n" in shapes
    told = after(offered["source.conv-lsp.annotateInput"], good, editor)
    assert "class Net(nn.Module):  # conv-lsp: input (2, 3, 224, 224)\n" in told
    editor.replace("net.py", told)
    kinds = [a.kind for a in await editor.actions("net.py", FORWARD, ["source"])]
    assert kinds == ["source.conv-lsp.shapeComments"]
    stale = shapes.replace("(2, 8, 110, 10)", "(2, 8, 110, 12)")
    editor.replace("net.py", stale)
    assert await editor.codes("net.py") == [(FC, "shape-comment")]
    (fix, *_) = await editor.actions("net.py", FC)
    assert after(fix, stale, editor) == shapes


async def test_what_is_no_model_has_no_actions(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("net.py", "x = (\n")
    for uri in ("net.py", "none.py"):
        assert [a for a in await editor.actions(uri, 0) if a.kind != "quickfix"] == []
    where = t.Range(t.Position(90, 70), t.Position(95, 0))
    params = t.CodeActionParams(
        t.TextDocumentIdentifier(editor.uri("net.py")), where, t.CodeActionContext([])
    )
    assert not await editor.client.text_document_code_action_async(params)
