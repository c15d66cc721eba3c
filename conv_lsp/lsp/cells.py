"""Requests about a notebook's cell, as requests about the joined document, and their answers back.

Whatever holds positions is taken apart and put together with others, so that no request needs to
know of cells: lines of the cell become lines of the joined text and back, and what an answer says of
other cells stays away or, where it names its document, goes to the cell.
"""

from __future__ import annotations

import inspect
import re
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import attrs
from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from conv_lsp.source.notebook import LINE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from conv_lsp.lsp.language_server import Server
    from conv_lsp.lsp.notebooks import Cell, Notebook, Notebooks

    Handler = Callable[[Server, Any], Any]


class _Elsewhere(Exception):
    """A place in no cell, or in another one than is spoken of."""


def in_cells(handler: Handler) -> Callable[[Server, Any], Awaitable[Any]]:
    """The handler of a request about a document, as one that also answers about cells."""

    @wraps(handler)
    async def handle(ls: Server, params: Any) -> Any:
        notebooks = ls.session.notebooks
        place = notebooks.cell(_subject(params)) if notebooks else None
        if place is None:
            answer = await _answer(handler, ls, params)
            return Outward(notebooks).all(answer) if notebooks else answer
        notebook, cell = place
        while True:
            edits = cell.edits
            try:
                answer = await _answer(handler, ls, inward(params, notebook, cell))
                break
            except JsonRpcContentModified:
                # Another cell was edited: what was asked of this one still means something.
                if cell.edits != edits or notebooks.cell(cell.uri) is None:
                    raise
        if isinstance(params, types.InlayHintParams):
            cell.given_hints = notebook.hints_of(cell)
        return Outward(notebooks, notebook, cell).all(answer)

    return handle


async def _answer(handler: Handler, ls: Server, params: Any) -> Any:
    answer = handler(ls, params)
    return await answer if inspect.isawaitable(answer) else answer


def _subject(params: Any) -> str:
    """The URI of the document that a request is about; what is resolved has it in its data."""
    document = getattr(params, "text_document", None)
    if document is not None:
        return str(document.uri)
    data = getattr(params, "data", None)
    return str(data.get("uri", "")) if isinstance(data, dict) else ""


def inward(value: Any, notebook: Notebook, cell: Cell) -> Any:
    """What speaks of a cell, speaking of the joined document."""
    if isinstance(value, types.Position):
        index = notebook.cells.index(cell)
        line = notebook.layout.joined(index, value.line)
        beyond = value.line >= len(cell.python)
        return types.Position(line, 0 if beyond else value.character)
    if isinstance(value, types.Location):
        return value  # where the client was told that something else is
    if isinstance(value, str):
        return notebook.uri if unquote(value) == unquote(cell.uri) else value
    return _rebuilt(value, lambda part: inward(part, notebook, cell))


def joined_arguments(notebooks: Notebooks, given: Sequence[Any]) -> Sequence[Any]:
    """The arguments of a command, which may begin with a document and a line in it."""
    place = notebooks.cell(given[0]) if given and isinstance(given[0], str) else None
    if place is None:
        return given
    notebook, cell = place
    others = list(given[1:])
    if others and type(others[0]) is int:
        others[0] = notebook.layout.joined(notebook.cells.index(cell), others[0])
    return [notebook.uri, *others]


def _rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same with its parts changed."""
    if isinstance(value, dict):
        return {name: change(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(change(part) for part in value)
    if not attrs.has(type(value)):
        return value
    changes = {}
    for part in attrs.fields(type(value)):
        before = getattr(value, part.name)
        if before is None or isinstance(before, (bool, int)):
            continue
        after = change(before)
        if after is not before:
            changes[part.name] = after
    return attrs.evolve(value, **changes) if changes else value


class Outward:
    """Answers on their way to the client. Positions without a document are the cell's, if one was
    asked about.
    """

    def __init__(
        self, notebooks: Notebooks, notebook: Notebook | None = None, cell: Cell | None = None
    ) -> None:
        self.notebooks = notebooks
        self.notebook = notebook
        self.cell = cell

    def all(self, answer: Any) -> Any:
        """An answer, without what is in other cells."""
        try:
            return self.out(answer)
        except _Elsewhere:
            return None

    def out(self, value: Any) -> Any:
        if isinstance(value, types.Position):
            return self.position(value)
        if isinstance(value, types.Range):
            if self.cell is None:
                return value
            return types.Range(self.position(value.start), self.position(value.end, end=True))
        if isinstance(value, types.Location):
            return self.location(value)
        if isinstance(value, types.WorkspaceEdit):
            return self.workspace_edit(value)
        if isinstance(value, types.Command):  # its arguments come back as they are
            return attrs.evolve(value, title=self.told(value.title))
        if isinstance(value, types.MarkupContent):
            return types.MarkupContent(value.kind, self.told(value.value))
        if isinstance(value, types.CodeAction) and value.diagnostics:
            return self.action(value)
        if isinstance(value, types.Diagnostic):
            value = attrs.evolve(value, message=self.told(value.message))
        if isinstance(value, list):
            return self.those_here(value)
        if isinstance(value, str):
            if self.notebook is None or self.cell is None or value != self.notebook.uri:
                return value
            return self.cell.uri
        return _rebuilt(value, self.out)

    def told(self, text: str) -> str:
        """A text for a person with lines of the cell. Editors do not say how they number cells."""
        notebook, cell = self.notebook, self.cell
        if notebook is None or cell is None or cell not in notebook.cells:
            return text
        here = notebook.cells.index(cell)

        def named(match: re.Match[str]) -> str:
            there, line = notebook.layout.place(int(match[1]) - 1) or (here, 0)
            where = (
                "" if there == here else f" of {'a later' if there > here else 'an earlier'} cell"
            )
            return f"line {line + 1}{where}"

        return re.sub(LINE, named, text)

    def action(self, action: types.CodeAction) -> types.CodeAction:
        """An action with diagnostics that came from the client: the rest of them it has as it is."""
        there: types.CodeAction = self.out(attrs.evolve(action, diagnostics=None))
        found = [attrs.evolve(d, range=self.out(d.range)) for d in action.diagnostics or ()]
        return attrs.evolve(there, diagnostics=found)

    def those_here(self, values: list[Any]) -> list[Any]:
        found = []
        for value in values:
            try:
                found.append(self.out(value))
            except _Elsewhere:
                continue
        return found

    def position(self, position: types.Position, *, end: bool = False) -> types.Position:
        if self.notebook is None or self.cell is None:
            return position
        if self.cell not in self.notebook.cells:
            raise _Elsewhere
        last = len(self.cell.python) - 1
        line = position.line - self.notebook.start(self.cell)
        if line < 0 or (line > last + 1 and not end):
            raise _Elsewhere
        if line > last:  # the empty line after the cell, or what does not end where it should
            return types.Position(last, self.cell.lines.character(last, 1 << 30))
        return types.Position(line, position.character)

    def location(self, location: types.Location) -> types.Location:
        notebook = self.notebooks.opened(location.uri)
        if notebook is None:
            return location
        place = notebook.layout.place(location.range.start.line)
        if place is None:
            raise _Elsewhere
        cell = notebook.cells[place[0]]
        there = Outward(self.notebooks, notebook, cell)
        return types.Location(cell.uri, there.out(location.range))

    def workspace_edit(self, edit: types.WorkspaceEdit) -> types.WorkspaceEdit:
        """All of an edit or, where a part of it is in no cell, nothing of it."""
        changes: dict[str, list[types.TextEdit]] | None = None
        if edit.changes is not None:
            changes = {}
            for uri, edits in edit.changes.items():
                for cell, parts in self.by_cell(uri, edits):
                    changes.setdefault(cell.uri if cell is not None else uri, []).extend(parts)
        documents = None
        if edit.document_changes is not None:
            documents = [
                part
                for change in edit.document_changes
                for part in (
                    self.document_edit(change)
                    if isinstance(change, types.TextDocumentEdit)
                    else [change]
                )
            ]
        return attrs.evolve(edit, changes=changes, document_changes=documents)

    def document_edit(self, edit: types.TextDocumentEdit) -> list[types.TextDocumentEdit]:
        found = []
        for cell, parts in self.by_cell(edit.text_document.uri, edit.edits):
            document = edit.text_document
            if cell is not None:
                version = cell.version
                document = types.OptionalVersionedTextDocumentIdentifier(cell.uri, version)
            found.append(types.TextDocumentEdit(document, parts))
        return found

    def by_cell(self, uri: str, edits: Any) -> list[tuple[Cell | None, list[Any]]]:
        """The edits of a document; of a joined one by the cells that they are in."""
        notebook = self.notebooks.opened(uri)
        if notebook is None:
            return [(None, list(edits))]
        found: dict[int, list[Any]] = {}
        for edit in edits:
            place = notebook.layout.place(edit.range.start.line)
            end = notebook.layout.place(edit.range.end.line)
            if place is None or end is None or place[0] != end[0]:
                raise _Elsewhere
            there = Outward(self.notebooks, notebook, notebook.cells[place[0]])
            found.setdefault(place[0], []).append(there.out(edit))
        return [(notebook.cells[index], parts) for index, parts in found.items()]
