"""The documents of the client, and those on disk that it asks about without opening them."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pygls.uris import from_fs_path, to_fs_path

from conv_lsp.lsp.choice import FIRST, Choice
from conv_lsp.source import NOTEBOOK_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lsprotocol import types

    from conv_lsp.lsp.answer import Answer
    from conv_lsp.lsp.text import Lines
    from conv_lsp.lsp.verify import Verified
    from conv_lsp.present import Hint

# Documents asked about without being opened, remembered with their answers.
VISITED = 16
# Documents whose analysis is kept, for hovers and lenses. What is shown of the others stays.
WHOLE = 8


@dataclass(eq=False)
class Document:
    """One document. Belongs to the protocol's thread; the worker reads `generation` only."""

    uri: str
    path: str
    lines: Lines | None  # None: never opened, the text is the file's
    version: int | None = None
    stamp: tuple[int, int] | None = None  # of the file, if never opened
    edits: int = 0  # counts texts; a position means something for one text only
    generation: int = 0  # renewed by whatever may change the answer
    answered: int = -1  # the generation that `answer` belongs to
    answer: Answer | None = None  # what is shown
    analysed: Answer | None = None  # what was found; the same but while a line is typed
    choice: Choice = FIRST  # what is to be shown
    work: int | None = None  # the line that is typed
    pause: asyncio.TimerHandle | None = None  # until it counts as written
    rest: asyncio.TimerHandle | None = None  # until there is time for more
    verified: Verified | None = None  # what torch has said of it
    verifying: bool = False
    closed: bool = False
    background: bool = False  # of the workspace; nobody has opened it or waits for it
    language: str = "python"  # as the client calls it
    given_hints: tuple[Hint, ...] | None = None  # what the client was last told of this text
    given_lenses: bool = False
    given_diagnostics: list[types.Diagnostic] | None = None
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def current(self) -> bool:
        return self.answered == self.generation

    @property
    def advised(self) -> bool:
        """Whether the advice is on the newest text, too."""
        return self.analysed is not None and self.analysed.advised

    @property
    def is_aside(self) -> bool:
        """Whether it has been analysed, but its analysis was set aside."""
        answer = self.analysed
        return answer is not None and answer.source is not None and answer.analysis is None

    def set_aside(self) -> bool:
        """Give up the analysis of a document that nobody looks at; whether that can be done now."""
        answer = self.analysed
        if answer is None or answer is not self.answer or (self.current and not answer.advised):
            return self.closed
        self.analysed = self.answer = answer.without_analysis()
        if self.given_hints is answer.hints:
            self.given_hints = self.answer.hints
        return True

    def take_up(self) -> None:
        """What is analysed next is not taken for known."""
        if self.analysed is not None:
            self.analysed = replace(self.analysed, source=None)

    @property
    def is_python(self) -> bool:
        """Whether there is something to analyse: in a stub nothing runs, nor in other languages."""
        if self.path.endswith(".pyi"):
            return False
        if self.lines is None:  # a notebook's file is JSON
            return not self.path.endswith(NOTEBOOK_SUFFIX)
        return "python" in self.language.lower() or self.path.endswith((".py", ".pyw"))

    async def news(self) -> None:
        """Wait until there is another answer, another text, or no document any more."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        finally:
            self._waiting.remove(waiter)

    def announce(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    def edit(self, lines: Lines, version: int | None, work: int | None = None) -> None:
        self.lines, self.version, self.work = lines, version, work
        for timer in (self.pause, self.rest):
            if timer is not None:
                timer.cancel()
        self.pause = self.rest = None
        self.edits += 1
        self.given_hints = None


class Documents:
    def __init__(self) -> None:
        self._open: dict[str, Document] = {}
        self._visited: OrderedDict[str, Document] = OrderedDict()
        self._whole: OrderedDict[Document, None] = OrderedDict()

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._open.values()))

    def everything(self) -> list[Document]:
        return [*self._open.values(), *self._visited.values()]

    def opened(self, uri: str) -> Document | None:
        return self._open.get(unquote(uri))

    def at(self, path: str) -> Document | None:
        return next((document for document in self if document.path == path), None)

    def open(self, uri: str, lines: Lines, version: int) -> Document:
        key = unquote(uri)
        self._visited.pop(key, None)
        document = Document(uri, path_of(uri), lines, version)
        self._open[key] = document
        return document

    def close(self, uri: str) -> Document | None:
        document = self._open.pop(unquote(uri), None)
        if document is not None:
            document.closed = True
            self._whole.pop(document, None)
        return document

    def visit(self, uri: str) -> tuple[Document, bool] | None:
        """A document that was never opened, read from its file, and whether it is new or changed.

        None if there is no such file.
        """
        path = path_of(uri)
        try:
            if path == uri or not Path(path).is_file():
                return None
            status = Path(path).stat()
        except (OSError, ValueError):
            return None
        stamp = (status.st_mtime_ns, status.st_size)
        key = unquote(uri)
        document = self._visited.setdefault(key, Document(uri, path, None))
        self._visited.move_to_end(key)
        while len(self._visited) > VISITED:
            self._visited.popitem(last=False)[1].closed = True
        fresh = document.stamp != stamp
        if fresh:
            document.edits += 1
        document.stamp = stamp
        return document, fresh

    def use(self, document: Document) -> None:
        """Keep its analysis; those that have not been in use for the longest are set aside."""
        self._whole[document] = None
        self._whole.move_to_end(document)
        for other in list(self._whole)[:-WHOLE]:
            if other.set_aside():
                del self._whole[other]

    def uri_of(self, path: str) -> str:
        document = self.at(path)
        if document is not None:
            return document.uri
        uri: Any = from_fs_path(path) if Path(path).is_absolute() else None
        return str(uri) if uri else path


class Background:
    """The files of the workspace that nobody has opened, with what was last found in them."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}

    def take(self, paths: Iterable[str]) -> list[Document]:
        """The documents of these files, and no others any more."""
        known = self._documents
        self._documents = {
            path: known.get(path) or Document(str(from_fs_path(path)), path, None, background=True)
            for path in paths
        }
        return list(self._documents.values())


def path_of(uri: str) -> str:
    """The file's path; of a document without a file (untitled, a notebook's cell) its URI."""
    path = to_fs_path(uri)
    return os.path.normpath(path) if path else uri
