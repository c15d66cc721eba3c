"""Sizes and axes as torch's functions take them: one by one, or as a tuple."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from conv_lsp.dims import Dim
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.registry import Call, size_of
from conv_lsp.values import Shape, Tensor, Unknown, Value

# A parameter of such a name holds several sizes, any other one where a size is taken.
SEVERAL: Final = ("shape", "size", "sizes", "shapes", "dims")


def sizes(call: Call, given: Sequence[Value]) -> Shape | Unknown:
    """`f(2, 3)` or `f((2, 3))` as a shape; Unknown if not even the number of sizes is known."""
    if len(given) == 1:
        only = given[0]
        if isinstance(only, (tuple, list)):
            given = only
        elif isinstance(only, Unknown) and (not only.name or only.name.endswith(SEVERAL)):
            return only
    found: list[Dim] = []
    for value in given:
        size = value if type(value) is int else integer(call, value)
        if size is None:
            return Unknown(f"{value!r} is no size")
        found.append(size)
    return tuple(found)


def integer(call: Call, value: Value) -> Dim | None:
    """A value as a size; complains about a number that is no integer."""
    if isinstance(value, float):
        call.fail(
            CALL_ARGUMENTS, name=called(call), problem=f"takes integers, not the float {value}"
        )
    return size_of(value)


def called(call: Call) -> str:
    """What a message calls the function."""
    return call.name.rpartition(".")[2] or "this"


def integers(value: Value) -> list[int] | Unknown:
    """An int or a sequence of ints, all known, as a list."""
    parts = list(value) if isinstance(value, (tuple, list)) else [value]
    for i, part in enumerate(parts):
        if isinstance(part, Tensor) and isinstance(part.data, int):
            parts[i] = part.data
        elif isinstance(part, Unknown):
            return part
        elif not isinstance(part, int):
            return Unknown(f"{part!r} is no integer that is known")
    return parts


def several(given: Sequence[Value]) -> list[int] | Unknown:
    """`f(0, 1)` or `f((0, 1))` as a list of known ints."""
    return integers(given[0] if len(given) == 1 else given)
