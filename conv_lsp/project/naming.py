"""The names that files have as modules."""

from __future__ import annotations

from pathlib import Path


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
