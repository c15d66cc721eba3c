"""A notebook in an editor: its cells, and what the editor tells of them."""

from __future__ import annotations

from lsprotocol import types as t

from tests.lsp.editor import Editor, partial_change

Code, Markup = t.NotebookCellKind.Code, t.NotebookCellKind.Markup


class Notebook:
    """Cells are named by the fragment of their URI."""

    def __init__(self, editor: Editor, name: str = "net.ipynb") -> None:
        self.editor = editor
        self.uri = editor.uri(name)
        self.version = 1
        self.order: list[str] = []

    def cell(self, name: str) -> str:
        return f"vscode-notebook-cell:{self.uri.partition(':')[2]}#{name}"

    def open(self, **texts: str) -> None:
        self.order = list(texts)
        self.editor.client.notebook_document_did_open(
            t.DidOpenNotebookDocumentParams(
                t.NotebookDocument(
                    self.uri,
                    "jupyter-notebook",
                    1,
                    [t.NotebookCell(Code, self.cell(name)) for name in texts],
                ),
                [self.item(name, text) for name, text in texts.items()],
            )
        )

    def item(self, name: str, text: str, language: str = "python") -> t.TextDocumentItem:
        return t.TextDocumentItem(self.cell(name), language, 1, text)

    def change(self, cells: t.NotebookDocumentCellChanges | None) -> None:
        self.version += 1
        self.editor.client.notebook_document_did_change(
            t.DidChangeNotebookDocumentParams(
                t.VersionedNotebookDocumentIdentifier(self.version, self.uri),
                t.NotebookDocumentChangeEvent(cells=cells),
            )
        )

    def type(self, name: str, *edits: tuple[int, int, int, int, str]) -> None:
        self.change_text(name, [partial_change(*edit) for edit in edits])

    def replace(self, name: str, text: str) -> None:
        self.change_text(name, [t.TextDocumentContentChangeWholeDocument(text)])

    def change_text(self, name: str, changes: list[t.TextDocumentContentChangeEvent]) -> None:
        document = t.VersionedTextDocumentIdentifier(self.version + 1, self.cell(name))
        content = t.NotebookDocumentCellContentChanges(document, changes)
        self.change(t.NotebookDocumentCellChanges(text_content=[content]))

    def insert(self, at: int, name: str, text: str, language: str = "python") -> None:
        self.order.insert(at, name)
        array = t.NotebookCellArrayChange(at, 0, [t.NotebookCell(Code, self.cell(name))])
        opened = [self.item(name, text, language)]
        structure = t.NotebookDocumentCellChangeStructure(array, did_open=opened)
        self.change(t.NotebookDocumentCellChanges(structure=structure))

    def remove(self, name: str) -> None:
        at = self.order.index(name)
        del self.order[at]
        closed = [t.TextDocumentIdentifier(self.cell(name))]
        array = t.NotebookCellArrayChange(at, 1)
        structure = t.NotebookDocumentCellChangeStructure(array, did_close=closed)
        self.change(t.NotebookDocumentCellChanges(structure=structure))

    def reorder(self, *names: str) -> None:
        """All cells in another order, as one change."""
        cells = [t.NotebookCell(Code, self.cell(name)) for name in names]
        array = t.NotebookCellArrayChange(0, len(self.order), cells)
        self.order = list(names)
        structure = t.NotebookDocumentCellChangeStructure(array)
        self.change(t.NotebookDocumentCellChanges(structure=structure))

    def make(self, name: str, kind: t.NotebookCellKind) -> None:
        self.change(t.NotebookDocumentCellChanges(data=[t.NotebookCell(kind, self.cell(name))]))

    def close(self) -> None:
        self.editor.client.notebook_document_did_close(
            t.DidCloseNotebookDocumentParams(
                t.NotebookDocumentIdentifier(self.uri),
                [t.TextDocumentIdentifier(self.cell(name)) for name in self.order],
            )
        )

    async def hints(self, name: str) -> list[tuple[int, str]]:
        """0-based line and text of the hints in a cell."""
        return [(line, label) for line, _, label in await self.editor.hints(self.cell(name))]

    def pushed(self, name: str) -> list[tuple[int, str]]:
        """0-based line and code of what was last pushed for a cell."""
        told = self.editor.pushed.get(self.cell(name))
        return [(d.range.start.line, str(d.code)) for d in told[-1].diagnostics] if told else []
