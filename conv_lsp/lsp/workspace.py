"""`workspace/diagnostic`: what is found in the files of the workspace that nobody has opened.

Only where the setting `diagnosticMode` says so. The files are analysed one after another, each when
no open document has to be.
"""

from __future__ import annotations

import asyncio
import logging
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from conv_lsp.config import diagnostic_mode
from conv_lsp.lsp.cells import Outward
from conv_lsp.lsp.diagnostics import diagnostics_of, identity_of
from conv_lsp.lsp.progress import Progress
from conv_lsp.project import files_below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conv_lsp.lsp.documents import Document
    from conv_lsp.lsp.language_server import Server

log = logging.getLogger(__name__)

MOST = 1_000
"""Files of a workspace that are analysed without being opened."""

SETTLED = 0.5
"""Seconds without a change after which the workspace is gone through again."""

Report = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)


class Sweep:
    """One request, on its way through the workspace."""

    def __init__(self, ls: Server, params: types.WorkspaceDiagnosticParams) -> None:
        self.server = ls
        self.session = ls.session
        self.token = params.partial_result_token
        self.work = params.work_done_token
        self.told = {unquote(known.uri): known for known in params.previous_result_ids}
        self.rest: list[Report] = []  # what has not been sent yet
        self.news = False

    async def run(self) -> types.WorkspaceDiagnosticReport:
        """Go through the workspace; if the client knows it all, wait until something changes."""
        while True:
            changed = self.session.schedule.changed
            await self.once()
            # Who takes no partial results has asked once, and wants an answer.
            if self.news or self.token is None:
                return types.WorkspaceDiagnosticReport(self.rest)
            await changed.wait()
            await self.settled()

    async def settled(self) -> None:
        """Wait until nothing changes any more."""
        while True:
            try:
                await asyncio.wait_for(self.session.schedule.changed.wait(), SETTLED)
            except asyncio.TimeoutError:
                return

    async def once(self) -> None:
        everything = diagnostic_mode(self.session.settings) == "workspace"
        seen = set()
        # Who asks again and again has the open documents' diagnostics in another way.
        if everything or self.token is None:
            for document in self.session.documents:
                if self.session.notebooks.of(document) is None:
                    seen.add(unquote(document.uri))
                    await self.opened(document)
        files = await asyncio.to_thread(listed, tuple(self.session.folders)) if everything else []
        opened = {document.path for document in self.session.documents}
        closed = self.session.background.take(f for f in files if f not in opened)
        seen.update(unquote(document.uri) for document in closed)
        if closed:
            await self.closed(closed)
        for uri, known in list(self.told.items()):
            if uri not in seen:  # it is gone
                del self.told[uri]
                self.send(types.WorkspaceFullDocumentDiagnosticReport(known.uri, []))

    async def opened(self, document: Document) -> None:
        try:
            await self.session.answer(document, for_position=False, advised=True)
        except JsonRpcContentModified:
            return  # it was closed
        self.tell(document)

    async def closed(self, documents: Sequence[Document]) -> None:
        current, unwanted = documents[0], False

        def cancel() -> None:
            nonlocal unwanted
            unwanted = True
            current.announce()

        progress = Progress(self.server, "conv-lsp: the workspace", cancel, self.work)
        self.work = None  # a token is good for one work
        try:
            for number, current in enumerate(documents):
                done = f"{number} of {len(documents)} files"
                progress.report(done, 100 * number // len(documents))
                self.session.schedule.renew(current)
                while not current.current and not unwanted:
                    await current.news()
                if unwanted:
                    return
                self.tell(current)
        finally:
            self.session.schedule.drop(current)
            progress.end()

    def tell(self, document: Document) -> None:
        """What is found in a document, if the client does not know."""
        items = diagnostics_of(self.session, document)
        items = Outward(self.session.notebooks).those_here(items)
        identity, key = identity_of(items), unquote(document.uri)
        known = self.told.get(key)
        self.told[key] = types.PreviousResultId(document.uri, identity)
        if known is None or known.value != identity:
            self.send(
                types.WorkspaceFullDocumentDiagnosticReport(
                    document.uri, items, document.version, result_id=identity
                )
            )
        elif self.token is None:
            self.rest.append(
                types.WorkspaceUnchangedDocumentDiagnosticReport(
                    document.uri, identity, document.version
                )
            )

    def send(self, report: Report) -> None:
        self.news = True
        if self.token is None:
            self.rest.append(report)
            return
        part = types.WorkspaceDiagnosticReportPartialResult([report])
        self.server.progress(types.ProgressParams(self.token, part))


async def pull(
    ls: Server, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    return await Sweep(ls, params).run()


def listed(folders: Sequence[str]) -> list[str]:
    """The Python files of the workspace, as many as are analysed."""
    found = (path for folder in folders for path in files_below(folder, (".py",)))
    files = list(dict.fromkeys(islice(found, MOST + 1)))
    if len(files) > MOST:
        log.warning("the workspace has more than %d Python files; those first found count", MOST)
    return sorted(files[:MOST])
