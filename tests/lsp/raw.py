"""A server spoken to in bytes: for messages that no client library sends, and to measure."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lsp.editor import FAKE


def change(uri: str, text: str) -> dict[str, Any]:
    return {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]}


class RawServer:
    """A server spoken to in bytes."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.messages: list[dict[str, Any]] = []
        self.count = 0
        self._in, self._out = self.process.stdin, self.process.stdout

    def begin(self) -> None:
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.notify("initialized", {})

    def speak_over(self, connection: socket.socket) -> None:
        self._in, self._out = connection.makefile("wb"), connection.makefile("rb")

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def write(self, data: bytes) -> None:
        assert self._in is not None
        self._in.write(data)
        self._in.flush()

    def close_input(self) -> None:
        assert self._in is not None
        self._in.close()
        self.process.stdin = None  # Popen would flush it when it ends

    def send_bytes(self, body: bytes) -> None:
        self.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def send(self, message: dict[str, Any]) -> None:
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> dict[str, Any]:
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == self.count and "method" not in message:
                return message
            self.messages.append(message)

    def receive(self) -> dict[str, Any]:
        assert self._out is not None
        length = 0
        while line := self._out.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server is gone"
        message: dict[str, Any] = json.loads(self._out.read(length))
        return message

    def seen(self, method: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message.get("method") == method]

    def open(self, name: str, text: str) -> None:
        item = {"uri": self.uri(name), "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def hints(self, name: str) -> list[dict[str, Any]]:
        everywhere = {
            "start": {"line": 0, "character": 0},
            "end": {"line": 99_999, "character": 0},
        }
        params = {"textDocument": {"uri": self.uri(name)}, "range": everywhere}
        found: list[dict[str, Any]] = self.ask("textDocument/inlayHint", params)["result"]
        return found

    def stop(self) -> None:
        self.ask("shutdown", None)
        self.notify("exit", None)
        self.process.wait(10)

    def errors(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()


@contextmanager
def serving(
    folder: Path, command: list[str] = FAKE, *, initialize: bool = True
) -> Iterator[RawServer]:
    server = RawServer(folder, command)
    try:
        if initialize:
            server.begin()
        yield server
    finally:
        server.process.kill()
        server.process.communicate()
