"""The packages installed in a project's environment, found by reading its files."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_MAX_LINK_FILES = 200
_MAX_LINK_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Environment:
    """Where installed packages are.

    `directories` are searched like the end of `sys.path`. `mapping` has what editable installs
    place by name: a module -> its directory, or its file without the suffix; of a namespace all.
    `python` is the interpreter that they are installed for, as it was named; nothing here runs it.
    """

    directories: tuple[str, ...] = ()
    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    python: str = field(default="", compare=False)


def environment(
    root: str, python: str | None, chosen: str | None = None
) -> tuple[Environment, list[str]]:
    """The environment of the project at `root`, and what is wrong with `python`.

    `python` is the path of an interpreter or of an environment, from `root` if relative, or a
    command. Without it what the editor has `chosen` counts, then the project's `.venv`, or that of
    a directory around it up to the repository's; then the environment that is active.
    """
    if python:
        given = _given(root, python)
        found = _sites_of(given)
        problems = [] if found else [f"python: {_why_none(given, python)}"]
        return _linked(found, given), problems + _closed(found)
    own = (os.path.join(place, name) for place in _around(root) for name in (".venv", "venv"))
    active = (os.environ.get(name) for name in ("VIRTUAL_ENV", "CONDA_PREFIX"))
    for candidate in (chosen, *own, *active):
        if candidate and (found := _sites_of(_given(root, candidate))):
            return _linked(found, _given(root, candidate)), _closed(found)
    return Environment(), []


def _given(root: str, python: str) -> Path:
    path = Path(root, os.path.expanduser(python))
    if os.path.basename(python) == python and not os.path.lexists(path):
        from shutil import which

        return Path(which(python) or path)
    return path


def _around(root: str) -> Iterator[str]:
    """The project's directory, and those around it in the same repository."""
    places = [Path(root), *Path(root).parents]
    last = next((at for at, place in enumerate(places) if (place / ".git").exists()), 0)
    return map(str, places[: last + 1])


def _why_none(given: Path, python: str) -> str:
    if "\0" not in python and not os.path.lexists(given):
        return f"there is no {python}"
    if given.is_file() and not _is_python(given):
        return f"{python} is no Python interpreter"
    return f"no installed packages are found for {python}"


def _closed(sites: list[Path]) -> list[str]:
    """What is wrong with directories that are there and cannot be read."""
    problems: list[str] = []
    for site in sites:
        try:
            os.listdir(site)
        except OSError as error:
            problems.append(f"python: the packages in {site} cannot be read: {error.strerror}")
    return problems


def _is_python(file: Path) -> bool:
    """Whether it is called like one, or leads to what is."""
    return any("py" in name.lower() for name in (file.name, file.resolve().name))


def _sites_of(given: Path) -> list[Path]:
    try:
        if not given.is_dir() and not (os.path.lexists(given) and _is_python(given)):
            return []
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


def _executable(given: Path) -> str:
    """The interpreter that a path names, itself or by its environment; empty if there is none."""
    try:
        if not given.is_dir():
            return os.path.abspath(given)
        places = (given / "bin" / "python", given / "Scripts" / "python.exe", given / "python.exe")
        return next((os.path.abspath(place) for place in places if place.is_file()), "")
    except OSError:
        return ""


def _linked(sites: list[Path], given: Path) -> Environment:
    """The directories, and what their links name: lines of .pth files, and the tables of editable
    installs.
    """
    found: dict[str, None] = {}
    mapping: dict[str, tuple[str, ...]] = {}
    for site in sites:
        found[str(site)] = None
        for file in sorted(site.glob("*.pth"))[:_MAX_LINK_FILES]:
            linked = (os.path.normpath(os.path.join(site, line)) for line in _lines(file))
            found |= dict.fromkeys(filter(os.path.isdir, linked))
        for file in sorted(site.glob("__editable__*_finder.py"))[:_MAX_LINK_FILES]:
            mapping.update(_tables(_text(file)))
    return Environment(tuple(found), mapping, _executable(given) if sites else "")


def _lines(file: Path) -> Iterator[str]:
    """The directories that a .pth file names. Lines that are code are not run."""
    for line in map(str.rstrip, _text(file).splitlines()):
        if line and "\0" not in line and not line.startswith(("#", "import ", "import\t")):
            yield line


def _tables(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The places that setuptools writes into the module that finds an editable install."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Dict() as table):
                pass
            case ast.AnnAssign(target=ast.Name(name), value=ast.Dict() as table):
                pass
            case _:
                continue
        if name in ("MAPPING", "NAMESPACES"):
            yield from _places(table)


def _places(table: ast.Dict) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        known: dict[object, object] = ast.literal_eval(table)
    except (ValueError, TypeError, RecursionError, MemoryError):
        return
    for name, given in known.items():
        places = given if isinstance(given, list) else [given]
        paths = tuple(
            os.path.normpath(place.removesuffix(".py"))
            for place in places
            if isinstance(place, str) and os.path.isabs(place) and "\0" not in place
        )
        if isinstance(name, str) and paths:
            yield name, paths


def _text(file: Path) -> str:
    """The beginning of a file; nothing if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(_MAX_LINK_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
