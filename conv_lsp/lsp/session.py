"""One client's session: its documents, what it can do, and the answers it waits for."""

from __future__ import annotations

import asyncio
import logging
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from conv_lsp.lsp import diagnostics
from conv_lsp.lsp.documents import Background, Document, Documents, path_of
from conv_lsp.lsp.notebooks import Notebooks
from conv_lsp.lsp.progress import Progress
from conv_lsp.lsp.projects import Projects
from conv_lsp.lsp.schedule import Schedule
from conv_lsp.lsp.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from conv_lsp.lsp.answer import Answer
    from conv_lsp.lsp.language_server import Server
    from conv_lsp.lsp.text import Encoding

log = logging.getLogger(__name__)


class Client:
    """What the client said that it can do."""

    def __init__(self, capabilities: types.ClientCapabilities) -> None:
        text = capabilities.text_document or types.TextDocumentClientCapabilities()
        workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
        hint, report = workspace.inlay_hint, workspace.diagnostics
        watching = workspace.did_change_watched_files
        self.pulls_diagnostics = text.diagnostic is not None
        lazy = text.inlay_hint.resolve_support if text.inlay_hint is not None else None
        self.resolves_hints = bool(lazy and "tooltip" in lazy.properties)
        self.refreshes_hints = bool(hint and hint.refresh_support)
        self.refreshes_lenses = bool(workspace.code_lens and workspace.code_lens.refresh_support)
        self.refreshes_diagnostics = bool(report and report.refresh_support)
        self.has_configuration = bool(workspace.configuration)
        window = capabilities.window
        self.shows_progress = bool(window and window.work_done_progress)
        self.watches_files = bool(watching and watching.dynamic_registration)


class Session:
    def __init__(self, server: Server, params: types.InitializeParams, encoding: Encoding) -> None:
        self.server = server
        self.client = Client(params.capabilities)
        self.encoding: Encoding = encoding
        self.documents = Documents()
        self.notebooks = Notebooks()
        self.background = Background()
        self.folders = _folders(params)
        self.settings: dict[str, Any] = {}
        self._told: set[str] = set()
        self._worker = Worker()
        loop = asyncio.get_running_loop()

        def on_news() -> None:
            loop.call_soon_threadsafe(self._torch_answered)

        self.projects = Projects(self.folders, encoding, on_news)
        self.schedule = Schedule(
            self._worker, self.projects, self._answered, self._completed, self._progress
        )

    def find(self, uri: str) -> Document | None:
        """The document to answer for; None, with a line in the log, if it is nowhere to be read."""
        document = self.documents.opened(uri)
        if document is not None:
            return document
        visited = self.documents.visit(uri)
        if visited is None:
            log.warning("asked about %s, which is neither open nor a file", uri)
            return None
        document, fresh = visited
        if fresh:
            self.schedule.renew(document)
        return document

    async def answer(
        self,
        document: Document,
        *,
        for_position: bool,
        advised: bool = False,
        whole: bool = False,
    ) -> Answer:
        """The answer for the newest text; with the advice on it, or the analysis, if that is asked
        for.

        Raises JsonRpcContentModified if the document is closed meanwhile, or if the request speaks
        of positions and the text they stand in is another by now.
        """
        edits = document.edits
        if whole and document.is_aside:
            document.take_up()
            self.schedule.renew(document)
        while not document.current or document.answer is None or (advised and not document.advised):
            if document.current and advised:
                self.schedule.advise(document)
            else:
                self.schedule.prefer(document)
            await document.news()
            if document.closed or (for_position and document.edits != edits):
                raise JsonRpcContentModified
        if whole:
            self.documents.use(document)
        return document.answer

    def renew_all(self) -> None:
        for document in self.documents.everything():
            self.schedule.renew(document)

    def _torch_answered(self) -> None:
        """Analyse again what waits for answers about operators."""
        for document in self.documents.everything():
            answer = document.analysed
            if answer is not None and None in answer.asked.values():
                self.schedule.renew(document)

    def end(self) -> None:
        self.schedule.end()
        self.projects.witnesses.end()
        self._worker.stop(timeout=1.0)

    def _answered(self, document: Document) -> None:
        """Tell the client what it would not ask for. The worker is idle here."""
        problems, self.projects.problems = self.projects.problems, []
        for problem in problems:
            self._tell(problem)
        if document.background:
            return
        self.documents.use(document)
        diagnostics.update(self)
        given, answer = document.given_hints, document.answer
        outdated = self.notebooks.outdated(document)
        if outdated and self.client.refreshes_lenses:  # editors ask again where one types
            self.server.workspace_code_lens_refresh(None)
        if given is not None and answer is not None and given != answer.hints:
            document.given_hints = None
            outdated = True
        if outdated and self.client.refreshes_hints:
            self.server.workspace_inlay_hint_refresh(None)

    def _completed(self, document: Document) -> None:
        """The lenses have more to tell."""
        if document.given_lenses and self.client.refreshes_lenses:
            document.given_lenses = False
            self.server.workspace_code_lens_refresh(None)

    def _progress(self, path: str, cancel: Callable[[], None]) -> Progress:
        return Progress(self.server, f"conv-lsp: {PurePath(path).name}", cancel)

    def _tell(self, problem: str) -> None:
        if problem in self._told:
            return
        self._told.add(problem)
        log.warning("settings: %s", problem)
        self.server.window_show_message(
            types.ShowMessageParams(types.MessageType.Warning, f"conv-lsp settings: {problem}")
        )


def _folders(params: types.InitializeParams) -> list[str]:
    if params.workspace_folders:
        return [path_of(folder.uri) for folder in params.workspace_folders]
    if params.root_uri:
        return [path_of(params.root_uri)]
    return [params.root_path] if params.root_path else []
