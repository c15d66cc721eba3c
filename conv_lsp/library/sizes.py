"""Sizes and axes as torch's functions take them: one by one, or as a tuple."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from conv_lsp.dims import Dim
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.dtypes import DType
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
    if value is None or isinstance(value, NO_SIZES):
        kind = "the float " if isinstance(value, float) else ""
        problem = f"takes integers, not {kind}{value!r}"
        call.fail(CALL_ARGUMENTS, name=called(call), problem=problem)
    return size_of(value)


NO_SIZES: Final = (float, complex, str, list, tuple, dict, type, DType)


def listed(
    call: Call, given: tuple[Value, ...], names: Mapping[str, Value], word: str
) -> tuple[Value, ...]:
    """The arguments of `f(2, 3)`, `f((2, 3))` or `f(word=(2, 3))`; complains where there are none."""
    strange = next((name for name in names if name != word), None)
    problem = ""
    if strange is not None:
        problem = f"there is no argument '{strange}'"
    elif given and names:
        problem = f"argument '{word}' is given twice"
    elif not given and not names:
        problem = f"argument '{word}' is missing"
    if problem:
        call.fail(CALL_ARGUMENTS, at=strange or "", name=called(call), problem=problem)
    return given or tuple(names.values())


def sequence(call: Call, value: Value, word: str) -> Value:
    """An argument of which torch takes no single number."""
    if isinstance(value, (int, float, str)):
        problem = f"argument '{word}' takes a tuple of integers, not {value!r}"
        call.fail(CALL_ARGUMENTS, at=word, name=called(call), problem=problem)
    return value


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
