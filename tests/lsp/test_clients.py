"""Clients that can little, ask for nonsense, or change their minds. The server answers and goes on.

The engine is scripted, but where it says REAL.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor
from tests.lsp.raw import RawServer, change, serving

pytestmark = pytest.mark.timeout(60)

FAR = 2**31 - 1
CANCELLED = t.LSPErrorCodes.RequestCancelled
SHUT = {CANCELLED, t.LSPErrorCodes.ContentModified, t.ErrorCodes.InvalidRequest}


def everything(uri: str, line: int = 0, character: int = 0) -> dict[str, Any]:
    """A request of every kind about a document."""
    position = {"line": line, "character": character}
    document = {"uri": uri}
    where = {"start": position, "end": {"line": FAR, "character": FAR}}
    hint = {"position": position, "label": "1", "data": document}
    return {
        "textDocument/inlayHint": {"textDocument": document, "range": where},
        "inlayHint/resolve": hint,
        "textDocument/hover": {"textDocument": document, "position": position},
        "textDocument/codeLens": {"textDocument": document},
        "textDocument/diagnostic": {"textDocument": document},
        "workspace/diagnostic": {"previousResultIds": [], "partialResultToken": "p"},
        "workspace/executeCommand": {"command": "conv-lsp.contexts", "arguments": [uri]},
    }


PULLS: dict[str, Any] = {"textDocument": {"diagnostic": {}}}


def begin(server: RawServer, capabilities: dict[str, Any]) -> None:
    params = {"processId": None, "rootUri": None, "capabilities": capabilities}
    server.ask("initialize", params)
    server.notify("initialized", {})


# -- clients that can little -------------------------------------------------------------------


def test_a_client_that_can_nothing_is_asked_for_nothing(tmp_path: Path) -> None:
    """Neither hints nor pulls nor refreshes nor progress: only diagnostics come by themselves."""
    with serving(tmp_path) as server:
        server.open("used.py", "one\n")
        server.open("a.py", "reads used.py\nwait\nwait\nwait\nbad x\n")
        for text in ("two", "three"):
            server.notify("textDocument/didChange", change(server.uri("used.py"), text))
            position = {"line": 0, "character": 0}
            about = {"textDocument": {"uri": server.uri("a.py")}, "position": position}
            assert server.ask("textDocument/hover", about)["result"]
        server.stop()
        methods = {message["method"] for message in server.messages}
        assert methods == {"textDocument/publishDiagnostics", "window/logMessage"}
        assert not any("id" in message for message in server.messages)
        assert server.errors() == ""


def test_a_client_that_never_agrees_to_progress_keeps_nobody_waiting(tmp_path: Path) -> None:
    with serving(tmp_path, initialize=False) as server:
        capabilities = {"window": {"workDoneProgress": True}}
        server.ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        server.notify("initialized", {})
        server.open("a.py", "wait\nwait\nwait\nx = size 1\n")
        assert [h["label"] for h in server.hints("a.py")] == ["1"]
        assert len(server.seen("window/workDoneProgress/create")) == 1
        assert server.seen("$/progress") == []
        server.stop()
        assert server.process.returncode == 0


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"error": {"code": -32601, "message": "no"}},
        {"result": None},
        {"result": []},
        {"result": {}},
        {"result": [3]},
        {"result": "x"},
    ],
    ids=json.dumps,
)
def test_however_a_client_answers_for_its_settings(tmp_path: Path, answer: Any) -> None:
    """Or whether: none of the server's own requests is waited for."""
    with serving(tmp_path, initialize=False) as server:
        watching = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
        begin(server, {"workspace": {"configuration": True, **watching}})
        server.open("a.py", "x = size 1\n")
        assert [h["label"] for h in server.hints("a.py")] == ["1"]
        (asked,) = server.seen("workspace/configuration")
        if answer is not None:
            server.send({"id": asked["id"], **answer})
        server.notify("workspace/didChangeConfiguration", {"settings": None})
        server.notify("textDocument/didChange", change(server.uri("a.py"), "x = size 2\n"))
        assert [h["label"] for h in server.hints("a.py")] == ["2"]
        server.stop()
        assert server.process.returncode == 0
        assert server.errors() == ""


# -- clients that change their minds -----------------------------------------------------------


def answers(server: RawServer, *wanted: int) -> dict[int, Any]:
    """What came until these requests were answered, by the id of the request."""
    found: dict[int, Any] = {}
    while not found.keys() >= set(wanted):
        message = server.receive()
        if "method" not in message:
            assert message["id"] not in found, "answered twice"
            found[message["id"]] = message
        elif "id" in message:
            server.send({"id": message["id"], "result": None})
    return found


@pytest.mark.parametrize("busy", ["x = size 1\n", "wait\n", "hang\n"])
@pytest.mark.parametrize("late", [False, True])
def test_a_client_that_cancels_everything(tmp_path: Path, busy: str, late: bool) -> None:
    with serving(tmp_path, initialize=False) as server:
        begin(server, PULLS)
        server.open("a.py", busy)
        count = 1000
        for _ in range(20):
            sent = []
            for method, params in everything(server.uri("a.py")).items():
                count += 1
                server.send({"id": count, "method": method, "params": params})
                sent.append(count)
                if not late:
                    server.notify("$/cancelRequest", {"id": count})
            for request in sent if late else ():
                server.notify("$/cancelRequest", {"id": request})
        server.notify("textDocument/didChange", change(server.uri("a.py"), "x = size 1\n"))
        about = {"textDocument": {"uri": server.uri("a.py")}}
        server.send({"id": count + 1, "method": "textDocument/diagnostic", "params": about})
        found = answers(server, count + 1)
        assert sorted(found) == list(range(1001, count + 2))
        codes = {m["error"]["code"] for m in found.values() if "error" in m}
        assert codes <= {CANCELLED}
        assert CANCELLED in codes
        server.stop()
        assert server.errors() == ""


@pytest.mark.parametrize("kind", everything(""))
def test_a_client_that_closes_while_it_waits(tmp_path: Path, kind: str) -> None:
    with serving(tmp_path, initialize=False) as server:
        begin(server, PULLS)
        server.open("a.py", "hang\n")
        server.send({"id": 77, "method": kind, "params": everything(server.uri("a.py"))[kind]})
        server.notify("textDocument/didClose", {"textDocument": {"uri": server.uri("a.py")}})
        if kind == "workspace/diagnostic":  # it waits for more than this document
            server.notify("$/cancelRequest", {"id": 77})
        answer = answers(server, 77)[77]
        assert "result" in answer or answer["error"]["code"] in SHUT
        server.open("a.py", "x = size 1\n")
        assert [h["label"] for h in server.hints("a.py")] == ["1"]


def test_a_client_that_leaves_while_it_waits_for_everything(tmp_path: Path) -> None:
    with serving(tmp_path, initialize=False) as server:
        begin(server, PULLS)
        server.open("a.py", "hang\n")
        for request, (method, params) in enumerate(everything(server.uri("a.py")).items(), 100):
            server.send({"id": request, "method": method, "params": params})
        server.send({"id": 200, "method": "shutdown"})
        found = answers(server, *range(100, 107), 200)
        server.notify("exit", None)
        assert server.process.wait(10) == 0
        assert "error" not in found[200]
        assert {m["error"]["code"] for m in found.values() if "error" in m} <= SHUT
        assert server.errors() == ""


def test_a_client_that_does_not_read_what_it_is_told(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.open("a.py", "bad x\n")
        server.hints("a.py")
        assert server.process.stdout is not None
        server.process.stdout.close()
        for number in range(5):
            text = "bad x\n" * number
            server.notify("textDocument/didChange", change(server.uri("a.py"), text))
        server.close_input()
        server.process.wait(10)


@pytest.mark.asyncio
async def test_a_client_that_edits_faster_than_anybody_can_analyse(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "wait\nx = size 0\n")
    asked = []
    for number in range(1, 200):
        editor.replace("a.py", f"wait\nx = size {number}\n")
        asked += [editor.hints("a.py"), editor.hover("a.py", 1, 0), editor.pull("a.py")]
        if number % 20 == 0:
            await asyncio.sleep(0.02)
    begun = time.monotonic()
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert time.monotonic() - begun < 10
    assert outcomes[-3] == [(1, 12, "199")]
    assert outcomes[-2] == "199 at 0"
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            assert isinstance(outcome, JsonRpcException)
            assert outcome.code == t.LSPErrorCodes.ContentModified


# -- clients that ask for nonsense -------------------------------------------------------------

PLACES = [(0, FAR), (FAR, 0), (FAR, FAR), (1, 0), (2, 7)]


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["neovim", "vscode", "bare"])
async def test_a_client_that_means_places_outside_of_the_text(start: Start, name: str) -> None:
    editor = await start(name)
    editor.open("a.py", "é = size 1")
    for line, character in PLACES:
        assert await editor.hover("a.py", line, character) in {None, "1 at 11"}
        here, there = t.Position(line, character), t.Position(FAR, FAR)
        assert len(await editor.hints("a.py", t.Range(here, there))) <= 1
        assert await editor.hints("a.py", t.Range(there, t.Position(0, 0))) == []
    for line, character in PLACES:
        editor.type("a.py", (line, character, FAR, FAR, ""))  # nothing is there
        editor.type("a.py", (FAR, FAR, line, character, ""))  # and the wrong way round
    assert [label for _, _, label in await editor.hints("a.py")] == ["1"]
    editor.type("a.py", (FAR, FAR, FAR, FAR, "2"), (7, 0, 3, 3, "3"))
    assert [label for _, _, label in await editor.hints("a.py")] == ["123"]
    editor.type("a.py", (FAR, 0, 0, 0, ""))
    assert await editor.hints("a.py") == []
    assert editor.client.messages == []


@pytest.mark.asyncio
async def test_random_ranges_are_as_a_text_of_lines_takes_them(start: Start) -> None:
    editor = await start("neovim", REAL)
    random = Random(11)
    editor.open("a.py", "import torch\nx = torch.zeros(3)\n")
    for _ in range(300):
        numbers = [random.choice([0, 1, 2, 3, 17, FAR]) for _ in range(4)]
        editor.type("a.py", (*numbers[:2], *numbers[2:], random.choice(["", "x", "\n", "é(", "'"])))  # type: ignore[arg-type]
        if random.random() < 0.1:
            await editor.hover("a.py", *numbers[:2])
    editor.replace("a.py", "import torch\nx = torch.zeros(3)\n")
    assert await editor.hints("a.py") == [(1, 18, "⟶ (3,)")]
    assert editor.logged("failed") == []


def test_a_client_that_opens_twice_and_counts_backwards(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.open("a.py", "x = size 1\n")
        server.open("a.py", "x = size 2\n")
        assert [h["label"] for h in server.hints("a.py")] == ["2"]
        older = {"uri": server.uri("a.py"), "version": -5}
        changes = [{"text": "x = size 3\n"}]
        server.notify("textDocument/didChange", {"textDocument": older, "contentChanges": changes})
        assert [h["label"] for h in server.hints("a.py")] == ["3"]


WRONG: list[Any] = [3, -1, 1e400, 2**70, "x", "", [], [None], {"a": []}, True, {"": {"": ""}}]
KEYS = [
    "python", "interpreter", "hints", "hints.layers", "hints.values", "maxHintLength", "rules",
    "rules.conv-channels", "steps", "diagnosticMode", "logLevel", "",
]  # fmt: skip


@pytest.mark.asyncio
@pytest.mark.parametrize("key", KEYS)
async def test_settings_of_the_wrong_type_are_told_and_passed_over(start: Start, key: str) -> None:
    editor = await start("bare")
    editor.open("a.py", "x = size 1\n")
    for value in WRONG:
        settings = {"conv-lsp": {key: value}}
        editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(settings))
        assert await editor.hints("a.py") == [(0, 10, "1")], value
    told = [message.message for message in editor.client.messages]
    assert key == "interpreter" or told
    assert all(len(message) < 400 for message in told)
    assert editor.logged("failed") == []


# -- two servers -------------------------------------------------------------------------------

LIBRARY = "".join(f"def f{n}():\n    return {n}  # {'x' * 40}\n\n\n" for n in range(200))


@pytest.mark.asyncio
async def test_two_servers_on_one_workspace(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share what is kept between starts."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for number in range(5):
        (tmp_path / f"lib{number}.py").write_text(f"# {number}\n{LIBRARY}")
    imports = "".join(f"from lib{n} import f7{n}\n" for n in range(5))
    text = f"import torch\n{imports}x = torch.zeros(f70(), f71(), f72(), f73(), f74())\n"

    async def begun() -> Editor:
        editor = await start("vscode", REAL)
        editor.open("main.py", text)
        return editor

    editors = await asyncio.gather(begun(), begun())
    expected = [(6, 50, "⟶ (70, 71, 72, 73, 74)")]
    for editor, hints in zip(
        editors, await asyncio.gather(*(e.hints("main.py") for e in editors)), strict=True
    ):
        assert hints == expected
        assert editor.logged("failed") == []
    one, other = editors
    one.replace("main.py", text.replace("f70()", "1"))  # a buffer of one is nothing to the other
    assert "(1, 71" in str(await one.hints("main.py"))
    assert await other.hints("main.py") == expected
    assert await (await begun()).hints("main.py") == expected
