"""Which family of the library declares which names."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import conv_lsp.library
from conv_lsp.library import registry
from conv_lsp.library.loading import CORE

TARGET = Path(conv_lsp.library.__file__).with_name("index.py")
HEAD = '''\
"""Which family declares which names. Made by `python -m tests.generate`."""

from typing import Final

ROWS: Final[dict[str, str]] = {
'''
PACKAGE = "conv_lsp.library"


def text() -> str:
    """The module. Made in a fresh process: what is loaded here says nothing of who declared it."""
    command = [
        sys.executable,
        "-c",
        "from tests.generate import index; print(index.rows(), end='')",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return f"{HEAD}{done.stdout}}}\n"


def rows() -> str:
    """One row a family, without those that are always loaded."""
    owner: dict[tuple[str, str], str] = dict.fromkeys(declared(), "")
    for family in order():
        before = declared()
        importlib.import_module(f"{PACKAGE}.{family}")
        # What a family declares again is its own: it completes the one that it imports.
        owner |= {n: family for n, value in declared().items() if before.get(n) is not value}
    found: dict[str, set[str]] = {}
    for (_, name), family in owner.items():
        if family and family not in CORE:
            found.setdefault(family, set()).add(name)
    return "".join(row(family, sorted(names)) for family, names in sorted(found.items()))


def row(family: str, made: list[str]) -> str:
    lines = textwrap.wrap(" ".join(made), 100, break_long_words=False, break_on_hyphens=False)
    return f'    "{family}": """\n' + "\n".join(lines) + '\n""",\n'


def declared() -> dict[tuple[str, str], object]:
    """What is declared so far, by table and name."""
    tables = (registry.OPS, registry.NAMES, registry.METHODS, registry.ARRAY_ATTRIBUTES)
    return {
        (str(at), table.prefix + name): value
        for at, table in enumerate(tables)
        for name, value in dict.items(table)
    }


def order() -> Iterator[str]:
    """The families, each after those that it imports, so that each declares its own."""
    everything = [module.name for module in pkgutil.iter_modules(conv_lsp.library.__path__)]
    done: set[str] = set()

    def visit(family: str) -> Iterator[str]:
        if family in done:
            return
        done.add(family)
        for other in imported(family):
            if other in everything:
                yield from visit(other)
        yield family

    for family in everything:
        yield from visit(family)


def imported(family: str) -> list[str]:
    """The modules of the library that a family imports."""
    tree = ast.parse(TARGET.with_name(f"{family}.py").read_text("utf-8"))
    found = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [m.removeprefix(f"{PACKAGE}.") for m in found if m and m.startswith(f"{PACKAGE}.")]
