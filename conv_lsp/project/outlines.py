"""Outlines of files, kept from one start to the next in the user's cache directory.

An entry is named after the text, and after the Python and the code that cut it: it is right or it
is not found. It is JSON with a digest of itself. Whatever is wrong with the directory, there is
then simply no cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sys
import time
from functools import cache
from pathlib import Path

import conv_lsp
from conv_lsp import source

log = logging.getLogger(__name__)

MAX_BYTES = 32_000_000
"""What the directory may hold: some ten thousand files' outlines."""

_MAX_ENTRY = 1_000_000
_DAY = 86_400.0


class Outlines:
    """Servers that run at the same time may share one directory."""

    def __init__(self, folder: Path, limit: int = MAX_BYTES) -> None:
        self._folder = folder
        self._limit = limit
        self._held: int | None = None  # bytes in the directory; None: not counted yet
        self._usable = _private(folder)

    @staticmethod
    def of_user() -> Outlines | None:
        """Those of the user who runs this; None where there is no home for them."""
        folder = cache_directory()
        return None if folder is None else Outlines(folder / "conv-lsp")

    def get(self, text: str) -> object:
        """The outline of a text, or None."""
        if not self._usable:
            return None
        path = self._path(text)
        try:
            with path.open("rb") as file:
                data = file.read(_MAX_ENTRY)
                age = time.time() - os.fstat(file.fileno()).st_mtime
            digest, _, body = data.partition(b"\n")
            if digest != _digest(body):
                return None
            if age > _DAY:
                os.utime(path)  # what is used stays
            return json.loads(body)
        except (OSError, ValueError, RecursionError):
            return None

    def put(self, text: str, outline: object) -> None:
        """Keep an outline. Nothing is said where that cannot be."""
        if not self._usable:
            return
        body = json.dumps(outline, separators=(",", ":")).encode()
        data = _digest(body) + b"\n" + body
        if len(data) >= _MAX_ENTRY:
            return
        try:
            self._make_room(len(data))
            self._write(self._path(text), data)
        except OSError as error:
            self._usable = False
            log.info("no outlines are kept in %s: %s", self._folder, error)

    def _path(self, text: str) -> Path:
        name = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=_maker(), digest_size=24)
        return self._folder / name.hexdigest()

    def _write(self, path: Path, data: bytes) -> None:
        """All of it or nothing, whoever else writes the same."""
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def _make_room(self, size: int) -> None:
        """Delete the entries that were not used for the longest time, if there are too many."""
        if self._held is not None and self._held + size <= self._limit:
            self._held += size
            return
        entries: list[tuple[float, int, str]] = []
        for entry in os.scandir(self._folder):
            with contextlib.suppress(OSError):  # another server may have deleted it
                status = entry.stat(follow_symlinks=False)
                entries.append((status.st_mtime, status.st_size, entry.path))
        held = sum(entry[1] for entry in entries) + size
        if held > self._limit:
            for _, freed, path in sorted(entries):
                if held <= self._limit * 3 // 4:
                    break
                with contextlib.suppress(OSError):
                    os.unlink(path)
                held -= freed
        self._held = held


def cache_directory() -> Path | None:
    """Where this system keeps what programs can make again."""
    try:
        if sys.platform == "win32":
            given = os.environ.get("LOCALAPPDATA", "")
        elif sys.platform == "darwin":
            given = str(Path.home() / "Library" / "Caches")
        else:
            given = os.environ.get("XDG_CACHE_HOME", "")
            given = given if os.path.isabs(given) else str(Path.home() / ".cache")
        return Path(given) if os.path.isabs(given) else None
    except RuntimeError:  # no home
        return None


def _private(folder: Path) -> bool:
    """Whether the directory is there, or is made, and nobody else can write to it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, ValueError):
        return False
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


@cache
def _maker() -> bytes:
    """What an outline depends on beside the text: this Python, and the code that cuts."""
    made = hashlib.blake2b(f"{sys.version} {conv_lsp.__version__}".encode(), digest_size=32)
    for file in sorted(Path(source.__file__).parent.glob("*.py")):
        with contextlib.suppress(OSError):
            made.update(file.read_bytes())
    return made.digest()


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode()
