"""Constant tensors: the shape, dtype and numbers of nested lists."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any, Final

from conv_lsp.dims import Expr
from conv_lsp.library.algebra import promote
from conv_lsp.values import Shape, Tensor, Unknown, Value

MAX_DATA: Final = 1024
"""Constants with more numbers than this are not kept."""


def constant(data: Value, dtype: str = "") -> Tensor | Unknown:
    """The tensor of nested lists of numbers; Unknown where a shape is not told."""
    if isinstance(data, Tensor):
        return data
    shape = nested_shape(data)
    if isinstance(shape, Unknown):
        return shape
    kind = dtype or kind_of_numbers(data)
    plain = plain_numbers(data)
    few = plain is not None and all(isinstance(s, int) for s in shape)
    return Tensor(shape, dtype=kind, data=rounded(plain, kind) if few else None)


def nested_shape(data: Value) -> Shape | Unknown:
    """The shape of nested lists; of tensors in them, the shape they have."""
    if isinstance(data, Unknown):
        return data
    if isinstance(data, Tensor):
        return data.shape
    if not isinstance(data, (list, tuple, range)):
        return (
            ()
            if isinstance(data, (bool, int, float, complex, Expr))
            else Unknown(f"{type(data).__name__} holds no numbers that are followed")
        )
    if not len(data):
        return (0,)
    inner = nested_shape(data[0])
    if isinstance(inner, Unknown) and any(not isinstance(d, Unknown) for d in data):
        inner = next((s for s in map(nested_shape, data) if not isinstance(s, Unknown)), inner)
    elif isinstance(inner, Unknown):
        return inner
    return inner if isinstance(inner, Unknown) else (len(data), *inner)


def plain_numbers(data: Value) -> Any:
    """The nested lists as lists, None if anything in them is no plain number or they are long."""
    if isinstance(data, Tensor):
        return data.data
    if isinstance(data, (bool, int, float)):
        return data
    if not isinstance(data, (list, tuple, range)) or len(data) > MAX_DATA:
        return None
    found = [plain_numbers(d) for d in data]
    return None if any(f is None for f in found) else found


def kind_of_numbers(data: Value) -> str:
    """The dtype that torch infers."""
    if isinstance(data, Tensor):
        return data.dtype
    if isinstance(data, (list, tuple, range)):
        kinds = {kind_of_numbers(d) for d in data if not isinstance(d, Unknown)}
        return promote(*kinds) if kinds else "float32"
    if isinstance(data, bool):
        return "bool"
    if isinstance(data, complex):
        return "complex64"
    return "int64" if isinstance(data, (int, Expr)) else "float32"


def rounded(data: Any, dtype: str) -> Any:
    """Numbers as a tensor of the dtype holds them; None where that is not followed."""
    if isinstance(data, list):
        found = [rounded(d, dtype) for d in data]
        return None if any(f is None for f in found) else found
    if dtype == "float64":
        return float(data)
    if dtype == "float32":
        try:
            return struct.unpack("f", struct.pack("f", data))[0]
        except OverflowError:
            return None
    if dtype == "bool":
        return bool(data)
    if dtype.startswith("int") and isinstance(data, (int, float)) and math.isfinite(data):
        bits = int(dtype[3:])
        whole = int(data)
        return whole if -(1 << bits - 1) <= whole < 1 << bits - 1 else None
    return None


def filled(shape: Shape, value: Value, dtype: str) -> Tensor:
    """A tensor of one number, kept if it is small."""
    data = None
    if isinstance(value, (bool, int, float)) and all(isinstance(s, int) for s in shape):
        count = math.prod(s for s in shape if isinstance(s, int))
        number = rounded(value, dtype) if count <= MAX_DATA else None
        data = None if number is None else spread(number, shape)
    return Tensor(shape, dtype=dtype, data=data)


def spread(number: object, shape: Sequence[Any]) -> object:
    """Nested lists of one number."""
    if not shape:
        return number
    return [spread(number, shape[1:]) for _ in range(shape[0])]


def flat(data: object) -> list[object]:
    """The numbers of nested lists in row-major order."""
    return [n for part in data for n in flat(part)] if isinstance(data, list) else [data]
