"""Documents of every kind, and where their settings come from."""

from __future__ import annotations

import os
from typing import Any

import pytest
from lsprotocol import types as t

from conv_lsp.lsp.answer import Answer
from conv_lsp.lsp.documents import WHOLE, Document, Documents
from conv_lsp.lsp.text import NOTHING
from conv_lsp.source import Source
from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]

TEXT = "x = size 1\nbad y\n"


async def empty(editor: Editor, name: str) -> None:
    assert await editor.hints(name) == []
    assert await editor.hover(name, 0, 0) is None
    params = t.CodeLensParams(t.TextDocumentIdentifier(editor.uri(name)))
    assert not await editor.client.text_document_code_lens_async(params)
    assert await editor.codes(name) == []
    assert editor.client.messages == []


async def test_stubs_are_not_analysed(start: Start) -> None:
    editor = await start("vscode")
    editor.open("net.pyi", TEXT)
    await empty(editor, "net.pyi")
    editor.type("net.pyi", (0, 9, 0, 10, "2"))
    await empty(editor, "net.pyi")
    (editor.folder / "other.pyi").write_text(TEXT)
    await empty(editor, "other.pyi")


@pytest.mark.parametrize("client", ["vscode", "bare"])
async def test_documents_in_other_languages_are_not_analysed(start: Start, client: str) -> None:
    editor = await start(client)
    editor.open("pyproject.toml", TEXT, "toml")
    editor.open("net.ipynb", TEXT, "json")  # a notebook as the text that it is
    editor.open("untitled:Untitled-1", TEXT, "markdown")
    for name in ("pyproject.toml", "net.ipynb", "untitled:Untitled-1"):
        if client == "bare":
            assert await editor.hints(name) == []
            assert all(not told.diagnostics for told in editor.pushed.get(editor.uri(name), []))
        else:
            await empty(editor, name)
    (editor.folder / "closed.ipynb").write_text(TEXT)
    assert await editor.hints("closed.ipynb") == []


@pytest.mark.parametrize("language", ["python", "Python", "python3", "ipython", ""])
async def test_however_the_client_calls_the_language(start: Start, language: str) -> None:
    editor = await start("vscode")
    editor.open("net.py", TEXT, language)
    assert await editor.hints("net.py") == [(0, 10, "1")]


async def test_an_untitled_document_is_edited_and_finds_the_workspace(start: Start) -> None:
    editor = await start("vscode", REAL)
    (editor.folder / "sizes.py").write_text("width = 5\n")
    name = "untitled:Untitled-1"
    editor.open(name, "import torch\nfrom sizes import width\nx = torch.zeros(width, 3)\n")
    assert await editor.hints(name) == [(2, 25, "⟶ (5, 3)")]
    editor.type(name, (2, 23, 2, 24, "7"))
    assert "(5, 7)" in str(await editor.hints(name))
    editor.close(name)
    assert await editor.hints(name) == []


async def test_a_file_outside_the_workspace_has_its_own_project(start: Start) -> None:
    editor = await start("vscode", REAL)
    outside = editor.folder.parent / f"{editor.folder.name}-outside"
    outside.mkdir()
    (outside / "pyproject.toml").write_text("[tool.conv-lsp]\nhints.values = 'off'\n")
    (outside / "sizes.py").write_text("width = 8\n")
    (editor.folder / "sizes.py").write_text("width = 9\n")
    text = "import torch\nfrom sizes import width\nx = torch.zeros(width)\nx.view(3, 3, 3)\n"
    uri = (outside / "main.py").as_uri()
    editor.open(uri, text)
    editor.open("main.py", text)
    assert await editor.hints(uri) == []
    (error,) = (await editor.pull(uri)).items
    assert "8" in error.message
    assert "(9,)" in str(await editor.hints("main.py"))


async def test_every_folder_of_the_workspace_has_its_settings(start: Start) -> None:
    editor = await start("vscode", REAL)
    text = "import torch\nimport sizes\nx = torch.zeros(sizes.width, 3)\nx.view(7)\n"
    settings = {"one": "hints.values = 'off'", "two": "rules.reshape-count = 'info'"}
    for width, name in enumerate(settings, 5):
        (editor.folder / name).mkdir()
        (editor.folder / name / "pyproject.toml").write_text(f"[tool.conv-lsp]\n{settings[name]}\n")
        (editor.folder / name / "sizes.py").write_text(f"width = {width}\n")
    removed = [t.WorkspaceFolder(editor.folder.as_uri(), "folder")]
    added = [t.WorkspaceFolder(editor.uri(name), name) for name in ("one", "two")]
    editor.client.workspace_did_change_workspace_folders(
        t.DidChangeWorkspaceFoldersParams(t.WorkspaceFoldersChangeEvent(added, removed))
    )
    editor.open("one/main.py", text)
    editor.open("two/main.py", text)
    assert await editor.hints("one/main.py") == []
    assert "⟶ (6, 3)" in str(await editor.hints("two/main.py"))
    levels = [(await editor.pull(f"{name}/main.py")).items[0].severity for name in ("one", "two")]
    assert levels == [t.DiagnosticSeverity.Error, t.DiagnosticSeverity.Information]


async def test_an_open_file_is_renamed_and_deleted(start: Start) -> None:
    """As editors do it: the old document is closed and the new one opened."""
    editor = await start("vscode", REAL)
    (editor.folder / "sizes.py").write_text("width = 5\n")
    editor.open("sizes.py", "width = 5\n")
    text = "import torch\nfrom {} import width\nx = torch.zeros(width)\n"
    editor.open("main.py", text.format("sizes"))
    assert "(5,)" in str(await editor.hints("main.py"))
    os.rename(editor.folder / "sizes.py", editor.folder / "widths.py")
    editor.close("sizes.py")
    editor.open("widths.py", "width = 5\n")
    editor.client.workspace_did_rename_files(
        t.RenameFilesParams([t.FileRename(editor.uri("sizes.py"), editor.uri("widths.py"))])
    )
    await editor.until(lambda: editor.hint_refreshes > 0)
    assert await editor.hints("main.py") == []
    editor.replace("main.py", text.format("widths"))
    assert "(5,)" in str(await editor.hints("main.py"))
    refreshes = editor.hint_refreshes
    (editor.folder / "widths.py").unlink()
    editor.close("widths.py")
    editor.client.workspace_did_delete_files(
        t.DeleteFilesParams([t.FileDelete(editor.uri("widths.py"))])
    )
    await editor.until(lambda: editor.hint_refreshes > refreshes)
    assert await editor.hints("main.py") == []


async def test_a_file_deleted_while_it_is_open_stays_as_it_is_shown(start: Start) -> None:
    editor = await start("vscode")
    (editor.folder / "a.py").write_text(TEXT)
    editor.open("a.py", TEXT)
    assert await editor.hints("a.py") == [(0, 10, "1")]
    (editor.folder / "a.py").unlink()
    event = t.FileEvent(editor.uri("a.py"), t.FileChangeType.Deleted)
    editor.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams([event]))
    assert await editor.hints("a.py") == [(0, 10, "1")]
    editor.close("a.py")
    assert await editor.hints("a.py") == []


MODEL = """\
import torch
from torch import nn

y = nn.Conv2d(3, 8, 3)(torch.randn(1, 3, {size}, {size}))
"""


async def test_a_document_that_was_not_looked_at_for_long_is_whole_again(start: Start) -> None:
    editor = await start("vscode", REAL)
    for size in range(20, 22 + WHOLE):
        editor.open(f"net{size}.py", MODEL.format(size=size))
        assert await editor.hints(f"net{size}.py")
    (hint,) = await editor.inlay("net20.py")
    resolved = await editor.client.inlay_hint_resolve_async(hint)
    assert isinstance(resolved.tooltip, t.MarkupContent)
    assert resolved.tooltip.value == "`(1, 8, 18, 18)`"
    found = await editor.hover("net21.py", 3, 6)
    assert found is not None
    assert "(1, 3, 21, 21) → (1, 8, 19, 19)" in found
    assert await editor.hints("net21.py") == [(3, 49, "⟶ (1, 8, 19, 19)")]


async def test_the_analyses_of_the_documents_in_use_are_kept() -> None:
    documents = Documents()

    def document(name: str, *, advised: bool = True) -> Document:
        made = documents.open(f"file:///{name}.py", NOTHING, 1)
        source = Source.parse(made.path, "")
        analysis: Any = object()
        made.answer = made.analysed = Answer(
            made.path, NOTHING, source=source, analysis=analysis, advised=advised
        )
        made.answered = made.generation
        documents.use(made)
        return made

    first, waiting = document("first"), document("waiting", advised=False)
    others = [document(f"other{n}") for n in range(WHOLE)]
    assert first.is_aside
    assert not waiting.is_aside  # somebody is at work on it
    assert not any(other.is_aside for other in others)
    documents.use(others[0])
    document("last")
    assert [other.is_aside for other in others[:3]] == [False, True, False]
    first.take_up()
    assert not first.is_aside
