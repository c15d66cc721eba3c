"""Notebooks that are open: for each one document, the code cells joined, and where its cells are.

Everything but `cells.py` sees the joined document alone.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lsprotocol import types

from conv_lsp.lsp import sync
from conv_lsp.lsp.text import Lines
from conv_lsp.lsp.typing import line_in_work
from conv_lsp.source.notebook import Layout, pythonic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conv_lsp.lsp.documents import Document
    from conv_lsp.lsp.language_server import Server
    from conv_lsp.lsp.session import Session
    from conv_lsp.lsp.text import Encoding

log = logging.getLogger(__name__)

OPTIONS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(
            notebook="*", cells=[types.NotebookCellLanguage("python")]
        )
    ]
)


@dataclass(eq=False)
class Cell:
    """The text of one cell."""

    uri: str
    language: str
    version: int | None
    lines: Lines
    code: bool = True
    edits: int = 0
    given_hints: tuple[object, ...] | None = None  # what the client was last told of this text
    given_diagnostics: list[types.Diagnostic] = field(default_factory=list)  # pushed
    python: tuple[str, ...] = ()  # its lines in the joined text

    def edit(self, lines: Lines) -> None:
        self.lines = lines
        contents = [line.rstrip("\r\n") for line in lines.lines]
        self.python = tuple(f"{line}\n" for line in pythonic(contents))
        self.edits += 1
        self.given_hints = None

    def push(self, session: Session, items: list[types.Diagnostic]) -> None:
        """Push its diagnostics, if they are others than before."""
        if items != self.given_diagnostics:
            self.given_diagnostics = items
            params = types.PublishDiagnosticsParams(self.uri, items, self.version)
            session.server.text_document_publish_diagnostics(params)


@dataclass(eq=False)
class Notebook:
    """`cells` are the Python cells in their order; `order` the URIs of all that the client told of."""

    uri: str
    order: list[tuple[str, bool]]  # and whether it is code
    texts: dict[str, Cell] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    layout: Layout = field(default_factory=lambda: Layout(()))
    pulled: bool = False  # the client asks for the diagnostics of cells
    document: Document | None = None

    def join(self, encoding: Encoding) -> Lines:
        """The joined text of the cells as they are now."""
        found = [(self.texts.get(unquote(uri)), code) for uri, code in self.order]
        self.cells = [
            cell for cell, code in found if cell is not None and code and cell.language == "python"
        ]
        self.layout = Layout(tuple(len(cell.python) for cell in self.cells))
        lines: list[str] = []
        for cell in self.cells:
            lines += cell.python
            lines.append("\n")
        return Lines((*lines, ""), encoding)

    def start(self, cell: Cell) -> int:
        """Where a cell begins in the joined text, from 0; ValueError if it is none of them."""
        return self.layout.starts[self.cells.index(cell)]

    def hints_of(self, cell: Cell) -> tuple[object, ...]:
        """The hints in a cell, in its own lines."""
        answer = self.document.answer if self.document is not None else None
        if answer is None or cell not in self.cells:
            return ()
        first = self.start(cell) + 1
        lines = range(first, first + len(cell.python))
        return tuple(
            (hint.line - first, hint.col, hint.label) for hint in answer.hints if hint.line in lines
        )


class Notebooks:
    def __init__(self) -> None:
        self._open: dict[str, Notebook] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def opened(self, uri: str) -> Notebook | None:
        return self._open.get(unquote(uri))

    def add(self, notebook: Notebook) -> None:
        self._open[unquote(notebook.uri)] = notebook

    def remove(self, uri: str) -> Notebook | None:
        return self._open.pop(unquote(uri), None)

    def cell(self, uri: str) -> tuple[Notebook, Cell] | None:
        """The cell with this URI that is part of a joined document."""
        for notebook in self._open.values():
            cell = notebook.texts.get(unquote(uri))
            if cell is not None and cell in notebook.cells:
                return notebook, cell
        return None

    def of(self, document: Document) -> Notebook | None:
        """The notebook whose joined document this is."""
        found = self._open.get(unquote(document.uri)) if self._open else None
        return found if found is not None and found.document is document else None

    def outdated(self, document: Document) -> bool:
        """Whether hints that were given in some cell are others now."""
        notebook = self.of(document)
        if notebook is None:
            return False
        stale = [
            cell
            for cell in notebook.cells
            if cell.given_hints is not None and cell.given_hints != notebook.hints_of(cell)
        ]
        for cell in stale:
            cell.given_hints = None
        return bool(stale)


# -- what the client tells ---------------------------------------------------------------------


def did_open(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    session, told = ls.session, params.notebook_document
    if session.notebooks.opened(told.uri) is not None:
        log.warning("%s was opened twice", told.uri)
        _close(session, told.uri)
    notebook = Notebook(told.uri, list(_order(told.cells)))
    _take_texts(notebook, params.cell_text_documents, session.encoding)
    lines = notebook.join(session.encoding)
    document = session.documents.opened(told.uri)
    if document is None:
        document = session.documents.open(told.uri, lines, told.version)
    else:
        document.edit(lines, told.version)
    notebook.document = document
    session.notebooks.add(notebook)
    sync.take(session, document, lines, appeared=True)


def did_change(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    session = ls.session
    notebook = session.notebooks.opened(params.notebook_document.uri)
    document = notebook.document if notebook is not None else None
    if notebook is None or document is None:
        log.warning("%s was changed without being open", params.notebook_document.uri)
        return
    change = params.change.cells or types.NotebookDocumentCellChanges()
    if change.structure is not None:
        _restructure(notebook, change.structure, session.encoding)
    kinds = {told.document: _is_code(told) for told in change.data or ()}
    notebook.order = [(uri, kinds.get(uri, code)) for uri, code in notebook.order]
    works = [_edit(notebook, content) for content in change.text_content or ()]
    typed = works[0] if len(works) == 1 and change.structure is None else None
    before, lines = notebook.cells, notebook.join(session.encoding)
    if notebook.cells == before and lines == document.lines:
        return  # a cell was run
    document.edit(lines, params.notebook_document.version, typed)
    for cell in before:
        if cell not in notebook.cells:
            cell.push(session, [])
    sync.take(session, document, lines)


def did_close(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    if not _close(ls.session, params.notebook_document.uri):
        log.warning("%s was closed without being open", params.notebook_document.uri)


def _close(session: Session, uri: str) -> bool:
    notebook = session.notebooks.remove(uri)
    if notebook is None:
        return False
    for cell in notebook.cells:
        cell.push(session, [])
    sync.close(session, uri)
    return True


def _order(cells: Iterable[types.NotebookCell]) -> Iterator[tuple[str, bool]]:
    for cell in cells:
        yield cell.document, _is_code(cell)


def _is_code(cell: types.NotebookCell) -> bool:
    return cell.kind == types.NotebookCellKind.Code


def _take_texts(
    notebook: Notebook, items: Iterable[types.TextDocumentItem], encoding: Encoding
) -> None:
    for item in items:
        lines = Lines.of(item.text, encoding)
        cell = Cell(item.uri, item.language_id.lower(), item.version, lines)
        cell.edit(lines)
        notebook.texts[unquote(item.uri)] = cell


def _restructure(
    notebook: Notebook, change: types.NotebookDocumentCellChangeStructure, encoding: Encoding
) -> None:
    """Cells removed, added or moved. A moved one is taken out and put in without being closed."""
    array = change.array
    start = min(array.start, len(notebook.order))
    end = start + array.delete_count
    notebook.order[start:end] = _order(array.cells or ())
    for closed in change.did_close or ():
        notebook.texts.pop(unquote(closed.uri), None)
    _take_texts(notebook, change.did_open or (), encoding)


def _edit(notebook: Notebook, content: types.NotebookDocumentCellContentChanges) -> int | None:
    """Change the text of a cell; the line of the joined text that is typed, if it is one."""
    cell = notebook.texts.get(unquote(content.document.uri))
    if cell is None:
        log.warning("%s was changed without being open", content.document.uri)
        return None
    before, lines = cell.lines, cell.lines.edited(content.changes)
    work = line_in_work(before, content.changes, lines)
    cell.edit(lines)
    cell.version = content.document.version
    return notebook.start(cell) + work if work is not None and cell in notebook.cells else None
