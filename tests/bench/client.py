"""A language client of the least possible cost: blocking reads and writes of JSON on pipes.

It runs in the measuring thread, so the clock sees the server and the pipe and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-8", "utf-16"]},
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": {},
        "inlayHint": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": True},
    },
    "textDocument": {
        "synchronization": {"didSave": True},
        "inlayHint": {},
        "diagnostic": {"relatedDocumentSupport": False},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {"relatedInformation": True},
    },
}


class ServerError(Exception):
    """The server answered a request with an error, or stopped."""


class Client:
    """One server process. Every call blocks until the server has answered it."""

    def __init__(
        self,
        command: Sequence[str],
        root: Path,
        settings: Mapping[str, object],
        seconds: float = 60,
    ) -> None:
        """Start the server. Past `seconds` of its life it is killed, and the waiting call fails."""
        self.root = root
        self.settings = settings
        self.capabilities: dict[str, Any] = {}
        self._last = 0
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._watchdog = threading.Timer(seconds, self._process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()

    # -- messages ---------------------------------------------------------------------------

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        try:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self._process.stdin.flush()
        except BrokenPipeError as gone:
            raise ServerError("the server has stopped") from gone

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout
        length = 0
        while (line := self._process.stdout.readline()) != b"\r\n":
            if not line:
                raise ServerError("the server has stopped")
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message

    def _answer(self, request: Mapping[str, Any]) -> None:
        """Answer what the server asks: its settings, and nothing to all else."""
        result: object = None
        if request["method"] == "workspace/configuration":
            ours = "conv-lsp"
            result = [
                self.settings if item.get("section") == ours else None
                for item in request["params"]["items"]
            ]
        self._send({"id": request["id"], "result": result})

    def notify(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> int:
        """Send a request; `wait` gives its answer."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        return self._last

    def wait(self, *requests: int) -> list[Any]:
        """The answers of these requests, in their order."""
        answers: dict[int, Any] = {}
        while not answers.keys() >= set(requests):
            message = self._receive()
            if "method" in message:
                if "id" in message:
                    self._answer(message)
            elif "error" in message:
                raise ServerError(str(message["error"]))
            else:
                answers[message["id"]] = message["result"]
        return [answers[request] for request in requests]

    def request(self, method: str, params: object) -> Any:
        return self.wait(self.ask(method, params))[0]

    # -- conversation -----------------------------------------------------------------------

    def start(self) -> None:
        answer = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": self.root.as_uri(),
                "workspaceFolders": [{"uri": self.root.as_uri(), "name": self.root.name}],
                "capabilities": CAPABILITIES,
                "initializationOptions": self.settings,
            },
        )
        self.capabilities = answer["capabilities"]
        self.notify("initialized", {})

    def open(self, path: Path, text: str) -> None:
        document = {"uri": path.as_uri(), "languageId": "python", "version": 0, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, path: Path, version: int, changes: Sequence[Mapping[str, object]]) -> None:
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": path.as_uri(), "version": version},
                "contentChanges": changes,
            },
        )

    def view(self, path: Path, lines: int) -> tuple[list[Any], list[Any]]:
        """All hints and all diagnostics of a document, asked for at once."""
        document = {"textDocument": {"uri": path.as_uri()}}
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": lines, "character": 0}}
        asked = [self.ask("textDocument/inlayHint", {**document, "range": whole})]
        if "diagnosticProvider" in self.capabilities:
            asked.append(self.ask("textDocument/diagnostic", document))
        hints, *report = self.wait(*asked)
        return hints or [], report[0].get("items", []) if report else []

    def peak_memory(self) -> float | None:
        """The most memory the server has held at a time, in MB; None where the system won't say."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024

    def stop(self) -> None:
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self._process.wait(5)
        except (ServerError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        finally:
            self._watchdog.cancel()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with contextlib.suppress(BrokenPipeError):  # closing sends what is left
                        pipe.close()
