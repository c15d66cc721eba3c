"""Diagnostics: pulled by `textDocument/diagnostic` if the client can pull, pushed if it cannot."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from conv_lsp.lsp.cells import Outward
from conv_lsp.lsp.positions import to_range
from conv_lsp.lsp.text import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conv_lsp.findings import Finding
    from conv_lsp.lsp.documents import Document
    from conv_lsp.lsp.language_server import Server
    from conv_lsp.lsp.notebooks import Notebook
    from conv_lsp.lsp.session import Session
    from conv_lsp.lsp.text import Lines

Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport

SOURCE = "conv-lsp"
OPTIONS = types.DiagnosticOptions(
    identifier=SOURCE, inter_file_dependencies=True, workspace_diagnostics=False
)

_SEVERITY = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


async def pull(ls: Server, params: types.DocumentDiagnosticParams) -> Report:
    session, uri = ls.session, params.text_document.uri
    place = session.notebooks.cell(uri)
    document = place[0].document if place is not None else session.find(uri)
    if document is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    once = not session.client.refreshes_diagnostics
    await session.answer(document, for_position=False, advised=once)
    items = document.given_diagnostics = diagnostics_of(session, document)
    if place is not None:
        _pulled(session, place[0])
    items = Outward(session.notebooks, *place or ()).those_here(items)
    identity = identity_of(items)
    if params.previous_result_id == identity:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=identity)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=identity)


def identity_of(items: list[types.Diagnostic]) -> str:
    """By what the client may tell that nothing has changed."""
    return hashlib.sha256(repr(items).encode()).hexdigest()[:16]


def update(session: Session) -> None:
    """Something was analysed or closed: push what is new, or have a client that pulls ask again."""
    outdated = False
    for document in session.documents:
        if not document.current:
            continue
        notebook = session.notebooks.of(document)
        if notebook is not None and not notebook.pulled:
            _push_to_cells(session, notebook, document)
            continue
        given = document.given_diagnostics
        if session.client.pulls_diagnostics and given is None:
            continue
        items = diagnostics_of(session, document)
        if items == given:
            continue
        document.given_diagnostics = items
        outdated = True
        if not session.client.pulls_diagnostics:
            items = Outward(session.notebooks).those_here(items) if session.notebooks else items
            session.server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(document.uri, items, document.version)
            )
    if outdated and session.client.pulls_diagnostics and session.client.refreshes_diagnostics:
        session.server.workspace_diagnostic_refresh(None)


def _push_to_cells(session: Session, notebook: Notebook, document: Document) -> None:
    """Editors that pull do not pull for cells: until one does, theirs are pushed."""
    items = diagnostics_of(session, document)
    for cell in notebook.cells:
        cell.push(session, Outward(session.notebooks, notebook, cell).those_here(items))


def _pulled(session: Session, notebook: Notebook) -> None:
    """This editor does pull for cells: take back what was pushed."""
    if not notebook.pulled:
        notebook.pulled = True
        for cell in notebook.cells:
            cell.push(session, [])


def diagnostics_of(session: Session, document: Document) -> list[types.Diagnostic]:
    """What the document's own analysis finds in it, and what those of other open ones do."""
    answer = document.answer
    if answer is None:
        return []
    found: dict[tuple[object, ...], types.Diagnostic] = {}
    for owner in (document, *session.documents):
        if owner.answer is None:
            continue
        for finding in owner.answer.findings_in(document.path, answer.lines):
            key = (finding.rule.code, finding.span, finding.message)
            if key not in found:
                found[key] = _diagnostic(session, finding, answer.lines, owner.answer.texts)
    return list(found.values())


def _diagnostic(
    session: Session, finding: Finding, lines: Lines, texts: Mapping[str, Lines]
) -> types.Diagnostic:
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(
                session.documents.uri_of(span.path),
                to_range(span, texts.get(span.path, NOTHING)),
            ),
            message,
        )
        for span, message in finding.elsewhere
    ]
    page = rule_page(finding.rule.code)
    return types.Diagnostic(
        range=to_range(finding.span, lines),
        message=finding.message,
        severity=_SEVERITY[finding.severity],
        code=finding.rule.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        related_information=related or None,
        data={name: _plain(value) for name, value in finding.data} or None,
    )


def _plain(value: Any) -> Any:
    """As JSON can carry it; a symbolic size as it is printed."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value)


@cache
def rule_page(code: str) -> str | None:
    """The URI of the page that explains a rule: the installed one, or the one in the sources."""
    package = Path(__file__).parents[1]
    for folder in (package / "_rules", package.parent / "docs" / "rules"):
        page = folder / f"{code}.md"
        if page.is_file():
            return page.as_uri()
    return None
