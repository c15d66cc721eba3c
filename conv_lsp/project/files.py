"""One project: its files and buffers, and where its imports lead."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from conv_lsp.project.environment import environment
from conv_lsp.project.texts import Texts, Unreadable
from conv_lsp.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from conv_lsp.config import Settings
    from conv_lsp.project.outlines import Outlines

_MAX_DIRECTORIES = 4_000

# A change in the same tick of the disk's clock leaves a directory's time as it is.
_TICK_NS = 50_000_000


class _Place(NamedTuple):
    """Where a module is: its file, and for a package the directories of its submodules."""

    file: str | None
    directories: tuple[str, ...]


class Project:
    """The files below `root`, and the packages installed in the project's environment.

    `interpreter` is the one that an editor uses for the project; the settings' own goes before it.
    `problems` says what is wrong with the environment that the settings name.
    """

    def __init__(
        self,
        root: Path | str,
        settings: Settings,
        outlines: Outlines | None = None,
        interpreter: str | None = None,
    ) -> None:
        self.root = os.path.abspath(root)
        self.settings = settings
        self.environment, self.problems = environment(self.root, settings.python, interpreter)
        self._texts = Texts(outlines)
        self._listed: dict[str, tuple[int | None, frozenset[str]]] = {}
        self._now: dict[str, frozenset[str]] = {}  # what was looked at for this analysis
        self._bare: dict[str, Source] = {}
        self._search: tuple[str, ...] = ()
        self._search_from(self.root)

    # ---- Files

    def open(self, path: str | Path, text: str) -> None:
        """A buffer that is open in an editor wins over the file on disk; its text, or the next."""
        self._texts.open(path, text)
        self._now.clear()

    def close(self, path: str | Path) -> None:
        """From now on the file on disk counts."""
        self._texts.close(path)
        self._now.clear()

    def load(self, path: str | Path) -> Source | Unreadable:
        """The newest source of a file, taking over from the last one what has not changed."""
        return self._texts.load(path)

    def read(self, path: str | Path) -> Source | None:
        """The source of a file; None if it cannot be read."""
        found = self._texts.load(path)
        return found if isinstance(found, Source) else None

    def source(self, path: str | Path) -> Source:
        """A file to analyse. From now on imports are looked for as they are when it is run, in
        directories as they are when each is first looked at.

        A file that cannot be read is an empty source whose one error says why.
        """
        self._search_from(os.path.dirname(self._texts.key(path)))
        found = self._texts.load(path)
        return found if isinstance(found, Source) else Source.unreadable(found.path, found.why)

    # ---- Modules

    def find(self, module: str) -> Source | None:
        """The source of an absolute dotted module name; of a package, its `__init__`.

        A package without one is an empty text, whose path is the package's directory.
        """
        place = self._locate(module)
        if place is None:
            return None
        if place.file is not None:
            return self.read(place.file)
        return self._bare.setdefault(place.directories[0], Source(place.directories[0], "", ()))

    def is_package(self, module: str) -> bool:
        """Whether the name is a package, with an `__init__` or without."""
        place = self._locate(module)
        return place is not None and bool(place.directories)

    def _locate(self, module: str) -> _Place | None:
        return self._below(self._search, module.split(".")) or self._editable(module)

    def _below(self, directories: tuple[str, ...], parts: list[str]) -> _Place | None:
        place: _Place | None = None
        for part in parts:
            place = self._submodule(directories, part)
            if place is None:
                return None
            directories = place.directories
        return place

    def _editable(self, module: str) -> _Place | None:
        """A module whose place only the environment knows; asked last, as setuptools does."""
        for name, bases in self.environment.mapping.items():
            if module == name or module.startswith(name + "."):
                place = self._mapped(bases)
                parts = module[len(name) + 1 :].split(".") if module != name else []
                if place is not None and parts:
                    place = self._below(place.directories, parts)
                if place is not None:
                    return place
        return None

    def _mapped(self, bases: tuple[str, ...]) -> _Place | None:
        for base in bases:
            if "__init__.py" in self._names(base):
                return _Place(os.path.join(base, "__init__.py"), (base,))
            if os.path.isfile(f"{base}.py"):
                return _Place(f"{base}.py", ())
        portions = tuple(base for base in bases if os.path.isdir(base))
        return _Place(None, portions) if portions else None

    def _submodule(self, directories: tuple[str, ...], name: str) -> _Place | None:
        """As Python's path finder: packages before modules, and both before namespaces."""
        if not name.isidentifier():
            return None
        portions: list[str] = []
        for directory in directories:
            names = self._names(directory)
            if name in names:
                inside = os.path.join(directory, name)
                if "__init__.py" in self._names(inside):
                    return _Place(os.path.join(inside, "__init__.py"), (inside,))
                if os.path.isdir(inside) or self._texts.unsaved(inside):
                    portions.append(inside)
            if f"{name}.py" in names:
                return _Place(os.path.join(directory, f"{name}.py"), ())
        return _Place(None, tuple(portions)) if portions else None

    def _names(self, directory: str) -> frozenset[str]:
        """The entries of a directory and the open buffers in it; nothing if there is none."""
        names = self._now.get(directory)
        if names is None:
            names = self._now[directory] = self._names_now(directory)
        return names

    def _names_now(self, directory: str) -> frozenset[str]:
        unsaved = self._texts.unsaved(directory)
        try:
            changed = os.stat(directory).st_mtime_ns
            known = self._listed.get(directory)
            if known is None or known[0] != changed:
                if len(self._listed) >= _MAX_DIRECTORIES:
                    self._listed.clear()
                settled = time.time_ns() - changed > _TICK_NS
                known = changed if settled else None, frozenset(os.listdir(directory))
                self._listed[directory] = known
        except (OSError, ValueError):
            return unsaved
        return known[1] | unsaved if unsaved else known[1]

    def _search_from(self, directory: str) -> None:
        """Set the search path: what a script in `directory` sees, then the project's own roots."""
        self._now.clear()
        outside = directory
        while "__init__.py" in self._names(outside) and outside != os.path.dirname(outside):
            outside = os.path.dirname(outside)
        roots = (self.root, os.path.join(self.root, "src"))
        # A script sees its own directory first; a module of a package is imported from outside.
        own = (directory, *roots) if outside == directory else (outside, *roots, directory)
        self._search = tuple(dict.fromkeys((*own, *self.environment.directories)))
