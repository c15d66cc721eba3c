"""Methods of what is not interpreted code, and attributes of Python's own objects."""

from __future__ import annotations

import inspect
import types
from typing import Any

from conv_lsp.interp.frames import Function
from conv_lsp.values import MISSING, Class, Instance, Value

REAL = (
    str,
    bytes,
    int,
    float,
    bool,
    complex,
    list,
    tuple,
    dict,
    set,
    frozenset,
    range,
    slice,
    type(None),
    property,
    types.SimpleNamespace,
    inspect.Parameter,
    inspect.BoundArguments,
)
"""Types whose methods are called for real."""


class BoundOp:
    """A method of a tensor, or of a library object."""

    __slots__ = ("function", "self")

    def __init__(self, function: Any, self_value: Value) -> None:
        self.function = function
        self.self = self_value


class RealMethod:
    """A method of a known Python object."""

    __slots__ = ("name", "self")

    def __init__(self, self_value: Value, name: str) -> None:
        self.self = self_value
        self.name = name


def describe(value: Value) -> str:
    """What kind of thing it is, in words."""
    if isinstance(value, Instance):
        kind = value.kind
        return kind.name if isinstance(kind, Class) else kind.__name__
    return repr(value) if isinstance(value, (Class, Function)) else type(value).__name__


def real_attribute(value: Value, name: str) -> Value:
    """An attribute of a known Python object: its methods stay unbound from the real one."""
    if name.startswith("__") and name not in (
        "__len__",
        "__contains__",
        "__getitem__",
        "__class__",
    ):
        return MISSING
    if name == "__class__":
        return type(value)
    if isinstance(value, types.SimpleNamespace):
        return value.__dict__.get(name, MISSING)
    try:
        found = getattr(value, name)
    except AttributeError:
        return MISSING
    return RealMethod(value, name) if callable(found) and not _is_field(value, name) else found


def _is_field(value: Value, name: str) -> bool:
    """Whether an attribute is a part of the value, and not a method."""
    if isinstance(value, inspect.Parameter):
        return name != "replace"
    return name in getattr(value, "_fields", ())
