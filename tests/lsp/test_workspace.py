"""Diagnostics of files that are not open, and long work that is shown. The engine is scripted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Start
from tests.lsp.editor import Editor

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]

WORKSPACE = {"diagnosticMode": "workspace"}
FILES = {
    "a.py": "bad x\n",
    "b.py": "x = size 1\n",
    "c.py": "maybe y\nblames b.py\n",
    "inner/d.py": "reads ../a.py\nbad z\n",
}
HIDDEN = {
    ".git/e.py": "bad x\n",
    "node_modules/f.py": "bad x\n",
    "env/pyvenv.cfg": "",
    "env/lib/g.py": "bad x\n",
    "notes.txt": "bad x\n",
    "net.ipynb": "bad x\n",
    "h.pyi": "bad x\n",
}


def write(editor: Editor, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = editor.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)


def tell(editor: Editor, name: str, kind: t.FileChangeType = t.FileChangeType.Changed) -> None:
    event = t.FileEvent(editor.uri(name), kind)
    editor.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams([event]))


async def workspace(start: Start, name: str = "vscode", **files: str) -> Editor:
    editor = await start(name, settings=WORKSPACE, options=WORKSPACE)
    write(editor, {**FILES, **HIDDEN, **files})
    return editor


async def ask(
    editor: Editor,
    previous: Mapping[str, str] | None = None,
    partial: str | None = None,
    work: str | None = None,
) -> list[Any]:
    known = [t.PreviousResultId(editor.uri(n), i) for n, i in (previous or {}).items()]
    report = await editor.client.workspace_diagnostic_async(
        t.WorkspaceDiagnosticParams(known, partial_result_token=partial, work_done_token=work)
    )
    return list(report.items)


def name_of(editor: Editor, uri: str) -> str:
    return uri.removeprefix(editor.folder.as_uri() + "/")


def found(editor: Editor, reports: list[Any]) -> dict[str, list[int]]:
    """The lines of the diagnostics of each file that is reported whole."""
    return {
        name_of(editor, r.uri): [d.range.start.line for d in r.items]
        for r in reports
        if r.kind == "full"
    }


def ids(editor: Editor, reports: list[Any]) -> dict[str, str]:
    return {name_of(editor, r.uri): r.result_id for r in reports if r.result_id}


def parts(editor: Editor, token: str) -> dict[str, list[int]]:
    """What partial results said last of each file."""
    return {
        name_of(editor, item["uri"]): [d["range"]["start"]["line"] for d in item["items"]]
        for part in editor.progress.get(token, [])
        for item in part["items"]
    }


async def test_all_files_of_the_workspace_are_told_of(start: Start) -> None:
    editor = await workspace(start)
    editor.open("b.py", "y = 1\nbad x\n")  # the open text counts
    reports = await ask(editor)
    assert found(editor, reports) == {"b.py": [1], "a.py": [0], "c.py": [0], "inner/d.py": [1]}
    again = await ask(editor, ids(editor, reports))
    assert [r.kind for r in again] == ["unchanged"] * 4
    (editor.folder / "a.py").write_text("y = 1\n\nbad x\n")
    (editor.folder / "c.py").unlink()
    again = await ask(editor, ids(editor, reports))
    assert found(editor, again) == {"a.py": [2], "c.py": []}
    assert editor.client.messages == []


async def test_only_open_files_are_told_of_if_nothing_else_is_set(start: Start) -> None:
    editor = await start("vscode")
    write(editor, FILES)
    editor.open("b.py", "bad x\n")
    assert found(editor, await ask(editor)) == {"b.py": [0]}
    assert found(editor, await ask(editor, {"a.py": "old"})) == {"b.py": [0], "a.py": []}


async def test_a_client_that_does_not_pull_cannot_ask(start: Start) -> None:
    editor = await start("bare")
    with pytest.raises(JsonRpcException, match="Method Not Found"):
        await ask(editor)


async def test_parts_come_as_they_are_found_and_then_what_is_new(start: Start) -> None:
    editor = await workspace(start)
    assert await ask(editor, partial="p1") == []
    assert parts(editor, "p1") == {"a.py": [0], "b.py": [], "c.py": [0], "inner/d.py": [1]}
    known = {
        name_of(editor, item["uri"]): item["resultId"]
        for part in editor.progress["p1"]
        for item in part["items"]
    }
    asked = asyncio.ensure_future(ask(editor, known, partial="p2"))
    await asyncio.sleep(0.5)
    assert not asked.done()  # there is nothing new
    (editor.folder / "b.py").write_text("\n\nbad x\n")
    tell(editor, "b.py")
    assert await asked == []
    assert parts(editor, "p2") == {"b.py": [2]}


async def test_who_waits_hears_when_the_mode_is_changed(start: Start) -> None:
    editor = await start("vscode", settings={})
    write(editor, FILES)
    asked = asyncio.ensure_future(ask(editor, partial="p"))
    await asyncio.sleep(0.3)
    assert not asked.done()
    editor.client.set_configuration(WORKSPACE, section="conv-lsp")
    editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(None))
    await asked
    assert parts(editor, "p")["a.py"] == [0]


async def test_open_documents_go_before_the_workspace(start: Start) -> None:
    editor = await workspace(start, "vscode", **{"e.py": "hang\n"})
    asked = asyncio.ensure_future(ask(editor, partial="p"))
    await editor.until(lambda: "c.py" in parts(editor, "p"))
    for number in range(3):
        editor.open(f"open{number}.py", "x = size 1\n")
        assert await asyncio.wait_for(editor.hints(f"open{number}.py"), 5) == [(0, 10, "1")]
    assert not asked.done()
    asked.add_done_callback(asyncio.Future.exception)  # the server ends before it


async def test_a_request_for_the_workspace_can_be_cancelled(start: Start) -> None:
    editor = await workspace(start, "vscode", **{"e.py": "hang\n"})
    params = t.WorkspaceDiagnosticParams([], partial_result_token="p")
    request = editor.client.protocol.send_request(t.WORKSPACE_DIAGNOSTIC, params, msg_id="all")
    await editor.until(lambda: "c.py" in parts(editor, "p"))
    editor.client.cancel_request(t.CancelParams("all"))
    with pytest.raises(JsonRpcException) as error:
        await asyncio.wrap_future(request)
    assert error.value.code == t.LSPErrorCodes.RequestCancelled
    (editor.folder / "e.py").write_text("bad x\n")
    assert found(editor, await ask(editor))["e.py"] == [0]


async def test_the_clients_token_shows_the_work(start: Start) -> None:
    editor = await workspace(start)
    await ask(editor, work="w")
    begin, *reports, end = editor.progress["w"]
    assert (begin["kind"], begin["cancellable"], end["kind"]) == ("begin", True, "end")
    assert [r["message"] for r in reports] == [f"{n} of 4 files" for n in range(4)]
    assert [r["percentage"] for r in reports] == [0, 25, 50, 75]


async def test_the_work_can_be_cancelled_where_it_is_shown(start: Start) -> None:
    editor = await workspace(start, "vscode", **{"e.py": "hang\n", "f.py": "bad x\n"})
    asked = asyncio.ensure_future(ask(editor, work="w"))
    await editor.until(lambda: len(editor.progress.get("w", [])) == 5)
    editor.client.window_work_done_progress_cancel(t.WorkDoneProgressCancelParams("w"))
    told = found(editor, await asked)
    assert told["c.py"] == [0]
    assert "f.py" not in told
    assert editor.progress["w"][-1]["kind"] == "end"


async def test_a_long_analysis_is_shown_and_can_be_cancelled(start: Start) -> None:
    editor = await start("vscode")
    editor.open("slow.py", "x = size 1\n")
    assert await editor.hints("slow.py") == [(0, 10, "1")]
    assert editor.progress == {}
    editor.replace("slow.py", "hang\nx = size 1\n")
    asked = asyncio.ensure_future(editor.hints("slow.py"))
    await editor.until(lambda: bool(editor.progress))
    ((token, (begin,)),) = editor.progress.items()
    assert begin["title"] == "conv-lsp: slow.py"
    editor.client.window_work_done_progress_cancel(t.WorkDoneProgressCancelParams(token))
    assert await asked == [(1, 10, "1")]  # as it was
    assert editor.progress[token][-1]["kind"] == "end"
    editor.replace("slow.py", "x = size 2\n")
    assert await editor.hints("slow.py") == [(0, 10, "2")]
    assert editor.logged("took more than") == []


@pytest.mark.parametrize("name", ["neovim", "bare"])
async def test_a_client_that_shows_no_progress_is_not_asked_to(start: Start, name: str) -> None:
    editor = await start(name)
    editor.open("slow.py", "wait\nwait\nwait\nx = size 1\n")
    assert await editor.hints("slow.py") == [(3, 10, "1")]
    assert len(editor.progress) == (name == "neovim")


async def test_a_mode_that_there_is_not_is_told(start: Start) -> None:
    editor = await start("bare", options={"diagnosticMode": "everything"})
    editor.open("a.py", "x = size 1\n")
    await editor.hints("a.py")
    (message,) = editor.client.messages
    assert "'diagnosticMode' has to be openFilesOnly or workspace" in message.message
