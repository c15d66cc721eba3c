"""Families of rules are loaded when one of their names is asked for.

`index` says which family declares a name; it is made by `python -m tests.generate`. Only the
families in `CORE` are loaded at start: what every file needs.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Final, TypeVar, overload

from conv_lsp.library.index import ROWS

T = TypeVar("T")
D = TypeVar("D")

CORE: Final = (
    "arithmetic",
    "attributes",
    "builtins",
    "dtypes",
    "environment",
    "folding",
    "folding_axes",
    "iterators",
    "kinds",
    "limits",
    "memory",
    "module",
    "pointwise",
    "standard_collections",
    "standard_iteration",
    "standard_math",
    "standard_system",
    "standard_text",
    "standard_typing",
)
"""The interpreter applies their rules itself, or they complete what another family declares."""


@cache
def families() -> dict[str, str]:
    """The family of each name. Methods are `Tensor.name`, those of arrays `array.name`."""
    return {name: family for family, names in ROWS.items() for name in names.split()}


def load(family: str) -> None:
    """Declare the rules of a family."""
    importlib.import_module(f"conv_lsp.library.{family}")


def load_all() -> None:
    """Declare everything, for what goes through the tables."""
    for family in (*CORE, *ROWS):
        load(family)


class Table(dict[str, T]):
    """Declarations by name, in which a name that is missing loads its family."""

    __slots__ = ("prefix",)

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self.prefix = prefix

    def __missing__(self, name: str) -> T:
        family = families().get(self.prefix + name)
        if family is not None:
            load(family)
            if dict.__contains__(self, name):
                return dict.__getitem__(self, name)
        raise KeyError(name)

    @overload
    def get(self, name: str, default: None = None, /) -> T | None: ...

    @overload
    def get(self, name: str, default: D, /) -> T | D: ...

    def get(self, name: str, default: object = None, /) -> object:
        try:
            return self[name]
        except KeyError:
            return default
