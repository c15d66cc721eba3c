"""An editor, as far as the tests need one: a client with the capabilities of a real one."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import converters
from lsprotocol import types as t
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

HERE = Path(__file__).parent
REAL = [sys.executable, "-m", "conv_lsp", "server"]
FAKE = [sys.executable, "-m", "tests.lsp.fake_server"]
WHOLE = t.Range(t.Position(0, 0), t.Position(1_000_000, 0))


def capabilities(name: str) -> t.ClientCapabilities:
    if name == "bare":
        return t.ClientCapabilities()
    if name in {"vscode", "notebooks"}:
        text = (HERE / "visual_studio_code.json").read_text()
        params = converters.get_converter().structure(json.loads(text), t.InitializeParams)
        if name == "notebooks":
            synchronized = t.NotebookDocumentSyncClientCapabilities(True, True)
            params.capabilities.notebook_document = t.NotebookDocumentClientCapabilities(
                synchronized
            )
        return params.capabilities
    return client_capabilities(name)


def partial_change(
    line: int, column: int, end_line: int, end_column: int, text: str
) -> t.TextDocumentContentChangePartial:
    where = t.Range(t.Position(line, column), t.Position(end_line, end_column))
    return t.TextDocumentContentChangePartial(where, text)


def label_of(hint: t.InlayHint) -> str:
    """The text of a hint, which may come in parts."""
    if isinstance(hint.label, str):
        return hint.label
    return "".join(part.value for part in hint.label)


class Editor:
    def __init__(self, folder: Path, name: str, settings: dict[str, Any] | None) -> None:
        self.folder = folder
        self.name = name
        self.client = LanguageClient(converter_factory=default_converter)
        register_lsp_features(self.client, {**DEFAULT_CLIENT_FEATURES, **self._features()})
        if settings is not None:
            self.client.set_configuration(settings, section="conv-lsp")
        self.hint_refreshes = 0
        self.lenses_refreshed = asyncio.Event()
        self.watched: list[t.Registration] = []
        self.progress: dict[t.ProgressToken, list[Any]] = {}
        self.pushed: dict[str, list[t.PublishDiagnosticsParams]] = {}
        self._versions: dict[str, int] = {}

    async def start(self, command: list[str], options: Any = None) -> t.InitializeResult:
        await self.client.start_io(*command)
        return await self.client.initialize_session(
            t.InitializeParams(
                capabilities=capabilities(self.name),
                root_uri=self.folder.as_uri(),
                workspace_folders=[t.WorkspaceFolder(self.folder.as_uri(), "folder")],
                initialization_options=options,
            )
        )

    async def leave(self) -> int | None:
        await self.client.shutdown_session()
        server = self.client._server
        code = None if server is None else server.returncode
        await self.client.stop()  # type: ignore[no-untyped-call]
        return code

    def _features(self) -> dict[str, Callable[[Any], None]]:
        def refreshed(_params: None) -> None:
            self.hint_refreshes += 1

        def registered(params: t.RegistrationParams) -> None:
            self.watched += params.registrations

        def published(params: t.PublishDiagnosticsParams) -> None:
            self.pushed.setdefault(params.uri, []).append(params)

        def progressed(params: t.ProgressParams) -> None:
            self.progress.setdefault(params.token, []).append(params.value)

        return {
            t.PROGRESS: progressed,
            t.WORKSPACE_INLAY_HINT_REFRESH: refreshed,
            t.WORKSPACE_CODE_LENS_REFRESH: lambda _: self.lenses_refreshed.set(),
            t.CLIENT_REGISTER_CAPABILITY: registered,
            t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: published,
        }

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def open(self, name: str, text: str, language: str = "python") -> None:
        self._versions[name] = 1
        self.client.text_document_did_open(
            t.DidOpenTextDocumentParams(t.TextDocumentItem(self.uri(name), language, 1, text))
        )

    def close(self, name: str) -> None:
        self.client.text_document_did_close(
            t.DidCloseTextDocumentParams(t.TextDocumentIdentifier(self.uri(name)))
        )

    def type(self, name: str, *edits: tuple[int, int, int, int, str]) -> None:
        """Each edit: start line and column, end line and column, the new text."""
        self._change(name, [partial_change(*edit) for edit in edits])

    def replace(self, name: str, text: str) -> None:
        self._change(name, [t.TextDocumentContentChangeWholeDocument(text)])

    def _change(self, name: str, changes: list[Any]) -> None:
        self._versions[name] = self._versions.get(name, 0) + 1
        identifier = t.VersionedTextDocumentIdentifier(self._versions[name], self.uri(name))
        self.client.text_document_did_change(t.DidChangeTextDocumentParams(identifier, changes))

    async def inlay(self, name: str, where: t.Range = WHOLE) -> list[t.InlayHint]:
        params = t.InlayHintParams(t.TextDocumentIdentifier(self.uri(name)), where)
        found = await self.client.text_document_inlay_hint_async(params)
        return list(found or [])

    async def hints(self, name: str, where: t.Range = WHOLE) -> list[tuple[int, int, str]]:
        """0-based line and the client's column of each hint, and its text."""
        return [
            (hint.position.line, hint.position.character, label_of(hint))
            for hint in await self.inlay(name, where)
        ]

    async def hover(self, name: str, line: int, character: int) -> str | None:
        params = t.HoverParams(
            t.TextDocumentIdentifier(self.uri(name)), t.Position(line, character)
        )
        found = await self.client.text_document_hover_async(params)
        if found is None:
            return None
        assert isinstance(found.contents, t.MarkupContent)
        return found.contents.value

    async def actions(
        self, name: str, line: int, only: list[str] | None = None
    ) -> list[t.CodeAction]:
        """What is offered on a 0-based line, with its own diagnostics as context."""
        diagnostics = [] if self.name == "bare" else list((await self.pull(name)).items)
        where = t.Range(t.Position(line, 0), t.Position(line, 0))
        here = [d for d in diagnostics if d.range.start.line == line]
        params = t.CodeActionParams(
            t.TextDocumentIdentifier(self.uri(name)), where, t.CodeActionContext(here, only)
        )
        found = await self.client.text_document_code_action_async(params)
        return [action for action in found or [] if isinstance(action, t.CodeAction)]

    async def pull(self, name: str, previous: str | None = None) -> Any:
        params = t.DocumentDiagnosticParams(
            t.TextDocumentIdentifier(self.uri(name)), previous_result_id=previous
        )
        return await self.client.text_document_diagnostic_async(params)

    async def codes(self, name: str) -> list[tuple[int, str]]:
        """0-based line and code of each diagnostic, however the client comes by them."""
        if self.name != "bare":
            found = (await self.pull(name)).items
        else:
            await self.hints(name)
            found = self.pushed[self.uri(name)][-1].diagnostics
        return sorted((d.range.start.line, str(d.code)) for d in found)

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, "it did not come to pass"
            await asyncio.sleep(0.01)

    def logged(self, text: str) -> list[str]:
        return [m.message for m in self.client.log_messages if text in m.message]
