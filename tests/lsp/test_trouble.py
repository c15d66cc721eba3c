"""Messages and engines that misbehave: the server answers, says so in the log, and goes on."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.conftest import Start
from tests.lsp.raw import change, serving

pytestmark = pytest.mark.timeout(60)


@pytest.mark.asyncio
async def test_a_bug_of_the_engine_leaves_the_last_good_answer(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "x = size 1\ny = size 2\nbad z\n")
    await editor.hints("a.py")
    editor.type("a.py", (1, 0, 1, 0, "crash\n\n"))
    assert await editor.hints("a.py") == [(0, 10, "1"), (3, 10, "2")]
    assert await editor.codes("a.py") == [(4, "fake-rule")]
    assert await editor.hover("a.py", 0, 0) is None
    assert len(editor.logged("a bug in the engine")) == 1
    assert editor.client.messages == []
    editor.type("a.py", (1, 0, 2, 0, ""))
    assert await editor.hover("a.py", 0, 0) == "1 at 0"


@pytest.mark.asyncio
async def test_a_bug_of_the_engine_from_the_start_is_an_empty_answer(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "crash\n")
    assert await editor.hints("a.py") == []
    assert await editor.codes("a.py") == []


@pytest.mark.asyncio
async def test_a_bug_of_the_hover_is_logged_and_no_more(start: Start) -> None:
    editor = await start("neovim")
    editor.open("a.py", "x = size boom\ny = size 1\n")
    assert await editor.hover("a.py", 0, 0) is None
    assert len(editor.logged("a bug in the hover")) == 1
    assert editor.client.messages == []
    assert await editor.hover("a.py", 1, 0) == "1 at 0"


@pytest.mark.asyncio
async def test_an_analysis_that_does_not_end_is_ended(start: Start) -> None:
    run = """
import tests.lsp.fake_server as fake

fake.install()
import conv_lsp.lsp.schedule

conv_lsp.lsp.schedule.SAFETY_NET = 0.2
from conv_lsp.lsp.server import run_stdio

run_stdio()
"""
    editor = await start("vscode", [sys.executable, "-c", run])
    editor.open("a.py", "x = size 1\n")
    assert await editor.hints("a.py") == [(0, 10, "1")]
    editor.type("a.py", (0, 0, 0, 0, "hang\n"))
    assert await editor.hints("a.py") == [(1, 10, "1")]
    assert len(editor.logged("took more than")) == 1
    editor.type("a.py", (0, 0, 1, 0, "y = size 2\n"))
    assert await editor.hints("a.py") == [(0, 10, "2"), (1, 10, "1")]


GARBAGE: list[Any] = [
    None,
    [],
    3,
    {"textDocument": {}},
    {"textDocument": {"uri": 3}, "position": "x", "range": {"start": None}},
    {"textDocument": {"uri": "file:///a.py"}, "position": {"line": -1, "character": "no"}},
]


@pytest.mark.parametrize("method", ["textDocument/hover", "textDocument/inlayHint"])
def test_parameters_that_mean_nothing_are_answered_with_an_error(
    method: str, tmp_path: Path
) -> None:
    with serving(tmp_path) as server:
        for params in GARBAGE:
            answer = server.ask(method, params)
            assert answer["error"]["code"] in {-32602, -32603}, params
        assert server.seen("window/showMessage") == []
        assert server.seen("window/logMessage")
        server.open("a.py", "x = size 1\n")
        assert [h["label"] for h in server.hints("a.py")] == ["1"]


def test_messages_that_are_none_are_passed_over(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.send_bytes(b"{nonsense")
        server.send_bytes(b"[]")
        server.send_bytes(b'"jsonrpc"')
        server.send_bytes(b'{"id": 77}')
        server.send_bytes(b"[" * 100_000)
        server.write(b"Content-Length: nothing\r\nX\r\n\r\n")
        server.send({"id": "none", "result": {"a": 1}})
        server.notify("textDocument/didChange", {"textDocument": 1})
        server.notify("textDocument/didChange", change(server.uri("other.py"), "x"))
        server.notify("textDocument/didClose", {"textDocument": {"uri": server.uri("other.py")}})
        server.notify("textDocument/didSomething", {})
        server.notify("$/cancelRequest", {"id": 12345})
        assert server.ask("textDocument/nothing", {})["error"]["code"] == -32601
        server.open("a.py", "x = size 1\n")
        assert [h["label"] for h in server.hints("a.py")] == ["1"]
        assert server.seen("window/showMessage") == []


def test_a_request_before_initialize_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, initialize=False) as server:
        params = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
        assert server.ask("textDocument/hover", params)["error"]["code"] == -32002


def test_a_request_after_shutdown_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.ask("shutdown", None)["result"] is None
        params = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
        assert server.ask("textDocument/hover", params)["error"]["code"] == -32600
        server.notify("exit", None)
        assert server.process.wait(10) == 0


@pytest.mark.parametrize("busy", ["x = size 1\n", "hang\n"])
def test_the_end_of_the_input_is_the_end(tmp_path: Path, busy: str) -> None:
    with serving(tmp_path) as server:
        server.open("a.py", busy)
        server.ask("textDocument/nothing", {})
        server.close_input()
        assert server.process.wait(10) == 0
        assert server.errors() == ""


def test_standard_error_is_quiet_and_prints_do_not_reach_the_protocol(tmp_path: Path) -> None:
    with serving(tmp_path, command=[*PRINTING]) as server:
        server.open("a.py", "x = '\\d'\nx = size 1\ncrash\n")
        assert server.hints("a.py") == []
        server.stop()
        assert server.errors() == "printed by somebody\n"


PRINTING = [
    sys.executable,
    "-c",
    """
import tests.lsp.fake_server as fake

fake.install()
import conv_lsp.analysis

analyze = conv_lsp.analysis.analyze

def loud(*args, **kwargs):
    print("printed by somebody", flush=True)
    return analyze(*args, **kwargs)

conv_lsp.analysis.analyze = loud
from conv_lsp.lsp.server import run_stdio

run_stdio()
""",
]


def test_tcp_serves_one_client(tmp_path: Path) -> None:
    run = "import tests.lsp.fake_server as f; f.install(); import conv_lsp.lsp.server as s; s.run_tcp(port=0)"
    with serving(tmp_path, [sys.executable, "-c", run], initialize=False) as server:
        assert server.process.stderr is not None
        address = server.process.stderr.readline().decode()
        host, _, port = address.split()[-1].rpartition(":")
        assert host == "127.0.0.1"
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            server.speak_over(connection)
            server.begin()
            server.open("a.py", "x = size 1\n")
            assert [h["label"] for h in server.hints("a.py")] == ["1"]
            server.stop()
        assert server.process.returncode == 0
        assert server.errors() == ""


def test_a_port_that_is_taken_is_said_to_be(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = f"import tests.lsp.fake_server as f; f.install(); import conv_lsp.lsp.server as s; s.run_tcp(port={port})"
        done = subprocess.run(
            [sys.executable, "-c", run], capture_output=True, text=True, timeout=30, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"conv-lsp: cannot listen on 127.0.0.1:{port}")
    assert done.stderr.count("\n") == 1
