"""Constant tensors: the shape, dtype and numbers of nested lists."""

from __future__ import annotations

import itertools
import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from conv_lsp.dims import Expr
from conv_lsp.library.algebra import promote
from conv_lsp.values import List, Shape, Tensor, Unknown, Value

MAX_DATA: Final = 4096
"""Constants with more numbers than this are not kept."""


@dataclass(frozen=True, slots=True)
class Between:
    """A number of which only bounds are known: torch's own rounding is not told.

    Neither a number nor true or false, so that nothing takes it for one; but rounding to an
    integer, or a comparison, often gives the same at both ends.
    """

    low: float
    high: float

    def __bool__(self) -> bool:
        msg = "the truth of a number that is known by its bounds only"
        raise TypeError(msg)


def enclosed(function: Callable[..., Any], *args: Any) -> Any:
    """The value of a function that is monotone in each argument; at most its bounds are known."""
    ends = [(a.low, a.high) if isinstance(a, Between) else (a,) for a in args]
    values = [function(*corner) for corner in itertools.product(*ends)]
    parts = [v for v in values if isinstance(v, Between)]
    rest = [v for v in values if not isinstance(v, Between)]
    low = min([*rest, *(p.low for p in parts)])
    high = max([*rest, *(p.high for p in parts)])
    return low if low == high else Between(low, high)


def constant(data: Value, dtype: str = "") -> Tensor | Unknown:
    """The tensor of nested lists of numbers; Unknown where a shape is not told."""
    if isinstance(data, Tensor):
        return data
    shape = nested_shape(data, numbers=True)
    if isinstance(shape, Unknown):
        return shape
    kind = dtype or kind_of_numbers(data)
    few = all(isinstance(s, int) for s in shape) and numbers_in(shape) <= MAX_DATA
    plain = plain_numbers(data) if few else None
    if plain is None or not numbers_in(shape) or len(flat(plain)) != numbers_in(shape):
        return Tensor(shape, dtype=kind)
    return Tensor(shape, dtype=kind, data=rounded(plain, kind))


def numbers_in(shape: Shape) -> int:
    """How many numbers a shape of plain sizes holds."""
    return math.prod(s for s in shape if isinstance(s, int))


def nested_shape(data: Value, numbers: bool = False) -> Shape | Unknown:
    """The shape of nested lists; of tensors in them, the shape they have, or that of a number."""
    if isinstance(data, Unknown):
        return data
    if isinstance(data, Tensor):
        # torch makes one number of a tensor in a list; numpy takes arrays as they are.
        return () if numbers and type(data) is Tensor else data.shape
    if not isinstance(data, (list, tuple, range)):
        return (
            ()
            if isinstance(data, (bool, int, float, complex, Expr))
            else Unknown(f"{type(data).__name__} holds no numbers that are followed")
        )
    if isinstance(data, List) and data.vague:
        return Unknown(data.vague)
    if not len(data):
        return (0,)
    inner = nested_shape(data[0], numbers)
    if isinstance(inner, Unknown) and any(not isinstance(d, Unknown) for d in data):
        shapes = [nested_shape(d, numbers) for d in data]
        inner = next((s for s in shapes if not isinstance(s, Unknown)), inner)
    elif isinstance(inner, Unknown):
        return inner
    return inner if isinstance(inner, Unknown) else (len(data), *inner)


def ragged(data: Value) -> bool:
    """Whether lists that stand beside each other have different lengths, or stand beside numbers."""
    if not isinstance(data, (list, tuple)) or (isinstance(data, List) and data.vague):
        return False
    plain = {width(d) for d in data} - {None}
    return len(plain) > 1 or any(map(ragged, data))


def width(data: Value) -> int | None:
    """The length of a list, -1 for a number; None where it is not told."""
    if isinstance(data, (list, tuple, range)):
        return None if isinstance(data, List) and data.vague else len(data)
    return -1 if isinstance(data, (bool, int, float, complex, Expr)) else None


def plain_numbers(data: Value) -> Any:
    """The nested lists as lists, None if anything in them is no plain number or they are long."""
    if isinstance(data, Tensor):
        inner = flat(data.data)
        return inner[0] if len(inner) == 1 and type(data) is Tensor else data.data
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
    if not isinstance(data, list):
        row = rounded_row([data], dtype)
        return None if row is None else row[0]
    if not data or not isinstance(data[0], list):
        return rounded_row(data, dtype)
    found = [rounded(d, dtype) for d in data]
    return None if any(f is None for f in found) else found


def rounded_row(numbers: Sequence[Any], dtype: str) -> list[Any] | None:
    """As `rounded`, for a row of numbers."""
    convert = CONVERSIONS.get(dtype)
    if convert is None:
        return None
    try:
        return convert(numbers)
    except TypeError:
        if dtype == "bool" or not any(isinstance(n, Between) for n in numbers):
            return None
    except (ValueError, OverflowError):
        return None
    try:
        return [enclosed(lambda number: convert((number,))[0], n) for n in numbers]
    except (TypeError, ValueError, OverflowError):
        return None


def as_float32(numbers: Sequence[Any]) -> list[Any]:
    """The nearest numbers of 24 bits."""
    if any(type(n) is int and abs(n) > EXACT for n in numbers):
        msg = "an integer would be rounded twice"
        raise OverflowError(msg)
    return a_number(array("f", numbers).tolist())


def as_float64(numbers: Sequence[Any]) -> list[Any]:
    return a_number(array("d", numbers).tolist())


def a_number(numbers: list[float]) -> list[float]:
    """The row, if all in it are numbers."""
    if any(n != n for n in numbers):  # noqa: PLR0124 - nan alone differs from itself
        msg = "not a number"
        raise ValueError(msg)
    return numbers


EXACT: Final = 1 << 53
"""Up to here, every integer is a float of Python."""


def as_integers(first: int, last: int) -> Callable[[Sequence[Any]], list[Any]]:
    """Conversion to integers between two bounds; beyond them the result is not followed."""

    def convert(numbers: Sequence[Any]) -> list[Any]:
        whole = list(map(int, numbers))
        if whole and not (first <= min(whole) and max(whole) <= last):
            msg = "an integer out of range"
            raise OverflowError(msg)
        return whole

    return convert


CONVERSIONS: Final[dict[str, Callable[[Sequence[Any]], list[Any]]]] = {
    "float32": as_float32,
    "float64": as_float64,
    "bool": lambda numbers: [n != 0 for n in as_float64(numbers)],
    "uint8": as_integers(0, 255),
    **{
        f"int{bits}": as_integers(-(1 << bits - 1), (1 << bits - 1) - 1) for bits in (8, 16, 32, 64)
    },
}


def filled(shape: Shape, value: Value, dtype: str) -> Tensor:
    """A tensor of one number, kept if it is small."""
    data = None
    if isinstance(value, (bool, int, float)) and all(isinstance(s, int) for s in shape):
        number = rounded(value, dtype) if numbers_in(shape) <= MAX_DATA else None
        data = None if number is None else spread(number, shape)
    return Tensor(shape, dtype=dtype, data=data)


def spread(number: object, shape: Shape) -> object:
    """Nested lists of one number. Equal rows are one list: the lists of a tensor never change."""
    held = number
    for size in reversed(shape):
        held = [held] * size  # type: ignore[operator]
    return held


def nested(numbers: list[Any], shape: Shape) -> Any:
    """Numbers in row-major order as the nested lists of a shape of plain sizes."""
    if 0 in shape:
        return spread(0, shape)
    held: list[Any] = numbers
    for size in reversed(shape):
        step = numbers_in((size,))
        held = [held[i : i + step] for i in range(0, len(held), step)]
    return held[0]


def flat(data: object) -> list[Any]:
    """The numbers of nested lists in row-major order."""
    if not isinstance(data, (list, tuple)):
        return [data]
    if not data or not isinstance(data[0], (list, tuple)):
        return list(data)
    return list(itertools.chain.from_iterable(map(flat, data)))
