"""Texts of files, from open buffers or from the disk, and what was parsed of them."""

from __future__ import annotations

import io
import os
import re
import stat
import time
import tokenize
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from conv_lsp.source import (
    NOTEBOOK_SUFFIX,
    Cells,
    NotebookError,
    Source,
    outline_of,
    outlined,
    read_notebook,
)

if TYPE_CHECKING:
    from conv_lsp.project.outlines import Outlines

MAX_BYTES = 5_000_000
"""Size of a file that is still read."""

MAX_NOTEBOOK_BYTES = 50_000_000
"""The same of a notebook, which holds the pictures that it has drawn."""

MAX_FILES = 1_000
"""Files whose parsed text is kept."""

MAX_CHARACTERS = 20_000_000
"""Their length in all."""

WORTH_AN_OUTLINE = 4_000
"""Characters. A shorter text is parsed in the time that looking for its outline takes."""

# Of a file: time of its last change and size, which node of the disk it is; or a buffer's text.
_Stamp: TypeAlias = "tuple[int, int, int] | str"

# A change in the same tick of the disk's clock leaves the time as it is.
_TICK_NS = 50_000_000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that has no text for us, and why."""

    path: str
    why: str


class _Kept(NamedTuple):
    stamp: _Stamp | None  # None: to be looked at again
    found: Source | Unreadable

    @property
    def size(self) -> int:
        return len(self.found.text) if isinstance(self.found, Source) else 0


class Texts:
    """The newest source of every file that is asked for, as far as there is room."""

    def __init__(self, outlines: Outlines | None = None) -> None:
        self._outlines = outlines
        self._open: dict[str, str] = {}
        self._unsaved: dict[str, frozenset[str]] = {}  # names of open buffers by directory
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0

    def open(self, path: str | Path, text: str) -> None:
        """A buffer that is open in an editor wins over the file on disk; its text, or the next."""
        key = self.key(path)
        new = key not in self._open
        self._open[key] = text
        if new:
            self._note_unsaved()

    def close(self, path: str | Path) -> None:
        """From now on the file on disk counts."""
        self._open.pop(self.key(path), None)
        self._note_unsaved()

    def unsaved(self, directory: str) -> frozenset[str]:
        """Names of the open buffers in a directory; of what leads to them, too."""
        return self._unsaved.get(directory, frozenset())

    def load(self, path: str | Path) -> Source | Unreadable:
        """The newest source of a file, taking over from the last one what has not changed."""
        key = self.key(path)
        kept = self._kept.get(key)
        now: _Stamp | Unreadable = self._open[key] if key in self._open else _status(key)
        if isinstance(now, Unreadable):
            self._drop(key)
            return now
        if kept is not None and kept.stamp == now:
            self._kept.move_to_end(key)
            return kept.found
        text = now if isinstance(now, str) else _text(key)
        cells = None
        if key.endswith(NOTEBOOK_SUFFIX) and text is not now and isinstance(text, str):
            cells = _cells(key, text)
            text = cells.text if isinstance(cells, Cells) else cells
        found: Source | Unreadable
        if isinstance(text, Unreadable):
            found = text
        elif kept is not None and isinstance(kept.found, Source):
            found = Source.parse(key, text, kept.found)
        elif isinstance(now, str):
            found = Source.parse(key, text)
        else:
            found = self._first(key, text)
        if isinstance(found, Source):
            found.cells = cells if isinstance(cells, Cells) else None
        fresh = not isinstance(now, str) and time.time_ns() - now[0] < _TICK_NS
        self._keep(key, _Kept(None if fresh else now, found))
        return found

    def key(self, path: str | Path) -> str:
        """The name under which a file is kept."""
        text = os.fspath(path)
        if text in self._open or re.match(r"[A-Za-z][\w+.-]+:", text):
            return text  # an untitled buffer has a name with a scheme
        return os.path.normpath(text) if os.path.isabs(text) else os.path.abspath(text)

    def _first(self, path: str, text: str) -> Source:
        """A file on disk that is met for the first time: parsed as needed if its outline is known."""
        outlines = self._outlines
        if outlines is None or len(text) < WORTH_AN_OUTLINE:
            return Source.parse(path, text)
        source = outlined(path, text, outlines.get(text))
        if source is None:
            source = Source.parse(path, text)
            if not source.errors:
                outlines.put(text, outline_of(source))
        return source

    def _keep(self, key: str, kept: _Kept) -> None:
        self._drop(key)
        self._kept[key] = kept
        self._size += kept.size
        while len(self._kept) > MAX_FILES or (self._size > MAX_CHARACTERS and len(self._kept) > 1):
            self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._size -= kept.size

    def _note_unsaved(self) -> None:
        names: dict[str, set[str]] = {}
        for path in self._open:
            directory, name = os.path.split(path)
            while name:  # the directories may not be there yet either
                names.setdefault(directory, set()).add(name)
                directory, name = os.path.split(directory)
        self._unsaved = {directory: frozenset(found) for directory, found in names.items()}


def _status(path: str) -> tuple[int, int, int] | Unreadable:
    try:
        status = os.stat(path)
    except OSError as error:
        return Unreadable(path, f"the file cannot be read: {error.strerror}")
    except ValueError as error:
        return Unreadable(path, f"this is no path: {error}")
    if not stat.S_ISREG(status.st_mode):
        return Unreadable(path, "the file cannot be read: it is no regular file")
    most = MAX_NOTEBOOK_BYTES if path.endswith(NOTEBOOK_SUFFIX) else MAX_BYTES
    if status.st_size > most:
        return Unreadable(path, f"the file is larger than {most // 1_000_000} MB")
    return status.st_mtime_ns, status.st_size, status.st_ino


def _cells(path: str, text: str) -> Cells | Unreadable:
    try:
        return read_notebook(text)
    except NotebookError as error:
        return Unreadable(path, str(error))


def _text(path: str) -> str | Unreadable:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        return Unreadable(path, f"the file cannot be read: {error.strerror}")
    if b"\0" in data:
        return Unreadable(path, "the file is binary: it holds a null byte")
    encoding = "utf-8"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except SyntaxError as error:
        if str(error.msg).startswith("invalid or missing encoding"):
            return Unreadable(path, "the file is not utf-8 text, and declares no other encoding")
        return Unreadable(path, f"the file cannot be read: {error.msg}")
    except (ValueError, LookupError):
        return Unreadable(path, f"the file is not {encoding} text")
