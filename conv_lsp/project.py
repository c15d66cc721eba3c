"""Files of a project: open buffers, files on disk, and where imports lead.

Nothing is imported and no interpreter is run. One thread at a time uses a `Project`.
"""

from __future__ import annotations

import io
import os
import re
import stat
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from conv_lsp.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conv_lsp.config import Settings

MAX_BYTES = 5_000_000
"""Size of a file that is still read."""

MAX_FILES = 1_000
"""Files whose parsed text is kept."""

_MAX_DIRECTORIES = 4_000

# Modification time in ns and size of a file, or the text of a buffer.
_Stamp: TypeAlias = "tuple[int, int] | str"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that has no text for us, and why."""

    path: str
    why: str


class _Place(NamedTuple):
    """Where a module is: its file, and for a package the directories of its submodules."""

    file: str | None
    directories: tuple[str, ...]


class Project:
    """The files below `root`, and the packages installed in the project's environment.

    `problems` says what is wrong with the environment that the settings name.
    """

    def __init__(self, root: Path | str, settings: Settings) -> None:
        self.root = os.path.abspath(root)
        self.settings = settings
        self.site_packages, self.problems = site_packages(self.root, settings.python)
        self._open: dict[str, str] = {}
        self._unsaved: dict[str, frozenset[str]] = {}  # names of open buffers by directory
        self._latest: dict[str, tuple[_Stamp, Source | Unreadable]] = {}
        self._listed: dict[str, tuple[int, frozenset[str]]] = {}
        self._search: tuple[str, ...] = ()
        self._search_from(self.root)

    # ---- Files

    def open(self, path: str | Path, text: str) -> None:
        """A buffer that is open in an editor wins over the file on disk."""
        self._open[self._key(path)] = text
        self._note_unsaved()

    def change(self, path: str | Path, text: str) -> None:
        """The next text of an open buffer."""
        key = self._key(path)
        if key in self._open:
            self._open[key] = text
        else:
            self.open(path, text)

    def close(self, path: str | Path) -> None:
        """From now on the file on disk counts."""
        self._open.pop(self._key(path), None)
        self._note_unsaved()

    def load(self, path: str | Path) -> Source | Unreadable:
        """The newest source of a file, taking over from the last one what has not changed."""
        key = self._key(path)
        stamp, kept = self._latest.get(key, ("", None))
        now: _Stamp | Unreadable = self._open[key] if key in self._open else _status(key)
        if isinstance(now, Unreadable):
            self._latest.pop(key, None)
            return now
        if kept is not None and stamp == now:
            return kept
        text = now if isinstance(now, str) else _text(key)
        if isinstance(text, str):
            previous = kept if isinstance(kept, Source) else None
            found: Source | Unreadable = Source.parse(key, text, previous)
        else:
            found = text
        self._latest.pop(key, None)
        self._latest[key] = (now, found)
        if len(self._latest) > MAX_FILES:
            del self._latest[next(iter(self._latest))]
        return found

    def read(self, path: str | Path) -> Source | None:
        """The source of a file; None if it cannot be read."""
        found = self.load(path)
        return found if isinstance(found, Source) else None

    def source(self, path: str | Path) -> Source:
        """A file to analyse. From now on imports are looked for as they are when it is run.

        A file that cannot be read is an empty source whose one error says why.
        """
        self._search_from(os.path.dirname(self._key(path)))
        found = self.load(path)
        return found if isinstance(found, Source) else Source.unreadable(found.path, found.why)

    # ---- Modules

    def find(self, module: str) -> Source | None:
        """The source of an absolute dotted module name; of a package, its `__init__`."""
        place = self._locate(module)
        return self.read(place.file) if place is not None and place.file is not None else None

    def is_package(self, module: str) -> bool:
        """Whether the name is a package, with an `__init__` or without."""
        place = self._locate(module)
        return place is not None and bool(place.directories)

    def _locate(self, module: str) -> _Place | None:
        place: _Place | None = None
        directories = self._search
        for part in module.split("."):
            place = self._submodule(directories, part)
            if place is None:
                return None
            directories = place.directories
        return place

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
                if os.path.isdir(inside):
                    portions.append(inside)
            if f"{name}.py" in names:
                return _Place(os.path.join(directory, f"{name}.py"), ())
        return _Place(None, tuple(portions)) if portions else None

    def _names(self, directory: str) -> frozenset[str]:
        """The entries of a directory and the open buffers in it; nothing if there is none."""
        unsaved = self._unsaved.get(directory, frozenset())
        try:
            changed = os.stat(directory).st_mtime_ns
            known = self._listed.get(directory)
            if known is None or known[0] != changed:
                if len(self._listed) >= _MAX_DIRECTORIES:
                    self._listed.clear()
                known = changed, frozenset(os.listdir(directory))
                self._listed[directory] = known
        except (OSError, ValueError):
            return unsaved
        return known[1] | unsaved if unsaved else known[1]

    def _search_from(self, directory: str) -> None:
        """Set the search path: what a script in `directory` sees, then the project's own roots."""
        outside = directory
        while "__init__.py" in self._names(outside) and outside != os.path.dirname(outside):
            outside = os.path.dirname(outside)
        roots = (self.root, os.path.join(self.root, "src"))
        # A script sees its own directory first; a module of a package is imported from outside.
        own = (directory, *roots) if outside == directory else (outside, *roots, directory)
        self._search = tuple(dict.fromkeys((*own, *self.site_packages)))

    # ---- Buffers

    def _note_unsaved(self) -> None:
        names: dict[str, set[str]] = {}
        for path in self._open:
            directory, name = os.path.split(path)
            names.setdefault(directory, set()).add(name)
        self._unsaved = {directory: frozenset(found) for directory, found in names.items()}

    def _key(self, path: str | Path) -> str:
        text = os.fspath(path)
        if text in self._open or re.match(r"[A-Za-z][\w+.-]+:", text):
            return text  # an untitled buffer has a name with a scheme
        return os.path.normpath(text) if os.path.isabs(text) else os.path.abspath(text)


# ---- Names of modules


def module_name_of(path: str | Path) -> str:
    """The dotted name of a file, counted from the outermost directory with an `__init__.py`."""
    file = Path(path)
    parts = [] if file.stem == "__init__" else [file.stem]
    for directory in file.parents:
        if not (directory / "__init__.py").is_file():
            break
        parts.insert(0, directory.name)
    return ".".join(parts) or file.parent.name


def package_of(path: str | Path) -> str:
    """The dotted name of the package that the relative imports of a file start from."""
    name = module_name_of(path)
    return name if Path(path).stem == "__init__" else name.rpartition(".")[0]


def resolve_relative(module: str | None, level: int, package: str) -> str | None:
    """The absolute name of `from <level dots><module> import` inside `package`.

    None where the dots lead out of the outermost package.
    """
    if level == 0:
        return module
    parts = package.split(".") if package else []
    if level > len(parts):
        return None
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, module] if module else base)


# ---- Text of a file


def _status(path: str) -> tuple[int, int] | Unreadable:
    try:
        status = os.stat(path)
    except OSError as error:
        return Unreadable(path, f"the file cannot be read: {error.strerror}")
    except ValueError as error:
        return Unreadable(path, f"this is no path: {error}")
    if not stat.S_ISREG(status.st_mode):
        return Unreadable(path, "the file cannot be read: it is no regular file")
    if status.st_size > MAX_BYTES:
        return Unreadable(path, f"the file is larger than {MAX_BYTES // 1_000_000} MB")
    return status.st_mtime_ns, status.st_size


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
        return Unreadable(path, f"the file cannot be read: {error.msg}")
    except (ValueError, LookupError):
        return Unreadable(path, f"the file is not {encoding} text")


# ---- Installed packages


def site_packages(root: str, python: str | None) -> tuple[tuple[str, ...], list[str]]:
    """Directories of installed packages, and what is wrong with `python`.

    `python` is the path of an interpreter or of an environment, from `root` if relative. Without it
    the project's `.venv` counts, or the environment that is active.
    """
    if python:
        given = Path(root, os.path.expanduser(python))
        found = _sites_of(given)
        problem = f"python: no installed packages are found for {python}"
        return _with_links(found), [] if found else [problem]
    active = (os.environ.get(name) for name in ("VIRTUAL_ENV", "CONDA_PREFIX"))
    for candidate in (os.path.join(root, ".venv"), os.path.join(root, "venv"), *active):
        if candidate and (found := _sites_of(Path(candidate))):
            return _with_links(found), []
    return (), []


def _sites_of(given: Path) -> list[Path]:
    try:
        prefix = given if given.is_dir() else _prefix(given)
        if (prefix / "pyvenv.cfg").is_file():
            return _virtual(prefix)
        # The interpreter may be a link into an environment, or into the system.
        real = given.resolve()
        prefix = real if real.is_dir() else _prefix(real)
        if (prefix / "pyvenv.cfg").is_file():
            return _virtual(prefix)
        match = re.search(r"(\d\.\d+)", real.name)
        return _installed(prefix, match[1] if match else None)
    except (OSError, ValueError, RuntimeError):
        return []


def _prefix(python: Path) -> Path:
    folder = python.parent
    return folder.parent if folder.name in ("bin", "Scripts") else folder


def _virtual(prefix: Path) -> list[Path]:
    text = (prefix / "pyvenv.cfg").read_text("utf-8", errors="replace")
    pairs = (line.partition("=") for line in text.splitlines()[:100])
    config = {key.strip().lower(): value.strip() for key, _, value in pairs}
    version = re.match(r"\d+\.\d+", config.get("version_info") or config.get("version") or "")
    found = _installed(prefix, version[0] if version else None)
    if config.get("include-system-site-packages", "").lower() == "true" and "home" in config:
        home = Path(config["home"])
        outer = home.parent if home.name in ("bin", "Scripts") else home
        found += _installed(outer, version[0] if version else None)
    return found


def _installed(prefix: Path, version: str | None) -> list[Path]:
    """The directories of packages below a prefix, on any system."""
    libraries = [p for p in (prefix / "lib").glob("py*3*") if (p / "site-packages").is_dir()]
    if version and (prefix / "lib" / f"python{version}").is_dir():
        name = f"python{version}"
    elif libraries:
        name = max(libraries, key=_version_key).name
    else:
        name = f"python{version or 3}"
    places = [
        prefix / "lib" / name / "site-packages",
        prefix / "Lib" / "site-packages",
        prefix / "local" / "lib" / name / "dist-packages",
        prefix / "lib" / "python3" / "dist-packages",
    ]
    return [place for place in places if place.is_dir()]


def _version_key(library: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d{1,6}", library.name))


def _with_links(sites: list[Path]) -> tuple[str, ...]:
    """The directories, and those that their .pth files name; lines that are code are not run."""
    found: dict[str, None] = {}
    for site in sites:
        found[str(site)] = None
        for file in sorted(site.glob("*.pth"))[:200]:
            for line in _lines(file):
                linked = os.path.normpath(os.path.join(site, line))
                if not line.startswith(("#", "import ", "import\t")) and os.path.isdir(linked):
                    found[linked] = None
    return tuple(found)


def _lines(file: Path) -> Iterator[str]:
    try:
        with file.open("rb") as stream:
            text = stream.read(100_000).decode("utf-8-sig", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        if line.strip() and "\0" not in line:
            yield line.rstrip()
