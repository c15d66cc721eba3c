"""The command that has the user's torch check a document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as t

from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor

pytest.importorskip("torch")
pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(110)]

SCRIPT = """\
import torch
from pathlib import Path

x = torch.rand(4, 5)
y = torch.flatten(x)
z = torch.gradient(x)
w = y[:7]
Path("mark").touch()
"""
TRUSTED = {"python": sys.executable, "trusted": True, "worker": False}


async def opened(start: Start, tmp_path: Path, given: dict[str, Any]) -> Editor:
    editor = await start("vscode", command=REAL, settings=given, options=given)
    (tmp_path / "net.py").write_text(SCRIPT)
    editor.open("net.py", SCRIPT)
    return editor


async def verified(editor: Editor) -> Any:
    params = t.ExecuteCommandParams("conv-lsp.verify", [editor.uri("net.py")])
    return await editor.client.workspace_execute_command_async(params)


async def test_lines_that_agree_are_marked_until_their_code_changes(
    start: Start, tmp_path: Path
) -> None:
    editor = await opened(start, tmp_path, TRUSTED)
    assert "verified" not in (await editor.hover("net.py", 4, 10) or "")
    said = await verified(editor)
    found = (
        {name: getattr(said, name) for name in said._fields} if hasattr(said, "_fields") else said
    )
    assert found["agree"] == [3, 4, 6]
    assert found["unknown"] == [5]
    assert found["differ"] == []
    assert found["raised"] == ""
    assert any("3 lines agree, 0 differ" in m.message for m in editor.client.messages)
    assert "verified with torch 2." in (await editor.hover("net.py", 4, 10) or "")
    assert "verified" not in (await editor.hover("net.py", 5, 10) or "")
    editor.type("net.py", (6, 6, 6, 7, "6"))
    assert "verified" not in (await editor.hover("net.py", 6, 4) or "")
    assert "verified with torch 2." in (await editor.hover("net.py", 4, 10) or "")
    editor.type("net.py", (3, 15, 3, 16, "6"))  # the same code, and another size
    assert "verified" not in (await editor.hover("net.py", 4, 10) or "")


@pytest.mark.parametrize("given", [{}, {"trusted": False}, {"trusted": "yes"}])
async def test_nothing_runs_in_a_workspace_that_is_not_trusted(
    start: Start, tmp_path: Path, given: dict[str, Any]
) -> None:
    editor = await opened(start, tmp_path, {"python": sys.executable, **given})
    await verified(editor)
    assert any("not trusted" in m.message for m in editor.client.messages)
    assert not (tmp_path / "mark").exists()


async def test_without_torch_the_reason_is_told(start: Start, tmp_path: Path) -> None:
    bare = tmp_path / "bare" / "lib" / "python3.11" / "site-packages"
    bare.mkdir(parents=True)
    editor = await opened(start, tmp_path, {"python": str(tmp_path / "bare"), "trusted": True})
    await verified(editor)
    assert any("there is no torch" in m.message for m in editor.client.messages)
    assert not (tmp_path / "mark").exists()
