"""Constant folding of what moves numbers, joins them, or runs along an axis."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from conv_lsp.library.algebra import is_floating
from conv_lsp.library.constants import Between, enclosed, flat, numbers_in, rounded_row
from conv_lsp.library.folding import (
    Compute,
    Row,
    Scalar,
    Work,
    declare,
    elementwise,
    stretched,
)
from conv_lsp.values import MISSING, Shape, Tensor

# -- other arrangements -----------------------------------------------------------------------


def kept(work: Work) -> Row:
    """The same numbers in the same order."""
    numbers = flat(work.given[0].data)
    same = work.given[0].dtype == work.result.dtype and len(numbers) == numbers_in(
        work.result.sizes
    )
    return numbers if same else None


def broadcast(work: Work) -> Row:
    return stretched(flat(work.given[0].data), work.given[0].sizes, work.result.sizes)


def flipped(work: Work) -> Row:
    """Axes in reverse order."""
    numbers = flat(work.given[0].data)
    dims = [
        d for part in work.given[1:] for d in (part if isinstance(part, (tuple, list)) else (part,))
    ]
    for dim in dims:
        if not isinstance(dim, int):
            return None
        numbers = unlined(
            [line[::-1] for line in lines(numbers, work.result.sizes, dim)], work.result, dim
        )
    return numbers


def joined(work: Work) -> Row:
    """`cat` and `stack`: the parts' runs of numbers from the axis on take turns."""
    parts = [t for t in work.given[0] if t.shape != (0,)]
    axis = work.given[1] % work.result.rank if work.result.rank else 0
    if any(t.data is None for t in parts):
        return None
    turns = numbers_in(work.result.sizes[:axis])
    rows = [flat(t.data) for t in parts]
    runs = [len(row) // turns for row in rows] if turns else []
    found = [
        n
        for turn in range(turns)
        for row, run in zip(rows, runs, strict=True)
        for n in row[turn * run : (turn + 1) * run]
    ]
    return rounded_row(found, work.result.dtype)


def lines(numbers: list[Any], shape: Shape, dim: int) -> list[list[Any]]:
    """The numbers along an axis, for each place on the others."""
    axis = dim % len(shape) if shape else 0
    inner = numbers_in(shape[axis + 1 :])
    size = numbers_in(shape[axis : axis + 1])
    return [
        numbers[start + i : start + size * inner : inner]
        for start in range(0, len(numbers), size * inner or 1)
        for i in range(inner)
    ]


def unlined(rows: list[list[Any]], result: Tensor, dim: int) -> list[Any]:
    """Lines along an axis back in row-major order."""
    axis = dim % result.rank if result.rank else 0
    inner = numbers_in(result.sizes[axis + 1 :])
    return [
        n
        for start in range(0, len(rows), inner or 1)
        for across in zip(*rows[start : start + inner], strict=True)
        for n in across
    ]


# -- reductions -------------------------------------------------------------------------------

Reduction: TypeAlias = Callable[[list[Any], str], Any]


def total(row: list[Any], dtype: str) -> Any:
    """The sum; where it depends on the order that torch adds in, its bounds."""
    if not is_floating(dtype):
        return sum(row)
    ends = [(n.low, n.high) if isinstance(n, Between) else (n, n) for n in row]
    size = math.fsum(max(abs(low), abs(high)) for low, high in ends)
    low, high = math.fsum(e[0] for e in ends), math.fsum(e[1] for e in ends)
    digits = 24 if dtype == "float32" else 53
    if low == high:
        # Multiples of one power of two that stay below 2**digits of it are added without error.
        grain = max((n.as_integer_ratio()[1] for n, _ in ends), default=1)
        if size * grain <= 1 << digits:
            return low
    error = size * len(row) * 2.0 ** (1 - digits)
    return Between(low - error, high + error)


def mean(row: list[Any], dtype: str) -> Any:
    return enclosed(operator.truediv, total(row, dtype), len(row))


def product(row: list[Any], dtype: str) -> Any:
    """Of integers, or of floats that are small ones: others depend on the order."""
    found = math.prod(row)
    if is_floating(dtype) and not (
        len(row) <= 2 or (all(n.is_integer() for n in row) and 0 < abs(found) <= 1 << 24)
    ):
        msg = "a product that is not followed"
        raise ValueError(msg)
    return found


def extreme(function: Callable[..., Any]) -> Reduction:
    """The largest or smallest."""

    def reduce(row: list[Any], dtype: str) -> Any:
        low = function(n.low if isinstance(n, Between) else n for n in row)
        high = function(n.high if isinstance(n, Between) else n for n in row)
        return low if low == high else Between(low, high)

    return reduce


def place(function: Callable[..., Any]) -> Reduction:
    """Where the extreme is. Of several, torch does not promise which."""

    def reduce(row: list[Any], dtype: str) -> int:
        found = function(row)
        if row.count(found) > 1:
            msg = "several extremes"
            raise ValueError(msg)
        return row.index(found)

    return reduce


def counted(row: list[Any], dtype: str) -> int:
    return sum(map(bool, row))


REDUCTIONS: Final[dict[str, Reduction]] = {
    "sum": total,
    "prod": product,
    "mean": mean,
    "max amax": extreme(max),
    "min amin": extreme(min),
    "any": lambda row, _: any(map(bool, row)),
    "all": lambda row, _: all(map(bool, row)),
    "argmax": place(max),
    "argmin": place(min),
    "count_nonzero": counted,
}


def reduction(function: Reduction) -> Compute:
    """The numbers of a reduction over all axes or one."""

    def compute(work: Work) -> Row:
        input, dim = work.given[0], work.given[1] if len(work.given) > 1 else None
        adds = function in (total, mean, product)
        kind = work.result.dtype if adds else input.dtype
        numbers = rounded_row(flat(input.data), kind)
        if isinstance(dim, (tuple, list)) and len(dim) == 1:
            dim = dim[0]
        if dim is MISSING:
            dim = None
        if numbers is None or not (dim is None or dim == () or type(dim) is int):
            return None
        rows = lines(numbers, input.sizes, dim) if type(dim) is int else [numbers]
        try:
            return rounded_row([function(row, kind) for row in rows], work.result.dtype)
        except (TypeError, ValueError, ArithmeticError):
            return None

    return compute


def largest_of_two(function: Callable[..., Any], of_all: Compute) -> Compute:
    """`max` and `min` of two tensors, or of all numbers of one."""

    def compute(work: Work) -> Row:
        tensors = [t for t in (*work.given[:2], work.named.get("other")) if isinstance(t, Tensor)]
        if len(tensors) == 1:
            return of_all(work)
        dtype = work.result.dtype
        return elementwise(Scalar(function), tensors, work.result.sizes, dtype, dtype)

    return compute


def running(function: Callable[[Any, Any], Any]) -> Compute:
    """Sums or products up to each place of an axis. torch adds up floats in float64."""

    def compute(work: Work) -> Row:
        numbers = rounded_row(flat(work.given[0].data), work.result.dtype)
        if numbers is None:
            return None
        rows = lines(numbers, work.result.sizes, work.given[1])
        try:
            sums = [list(itertools.accumulate(row, function)) for row in rows]
        except TypeError:
            return None
        return rounded_row(unlined(sums, work.result, work.given[1]), work.result.dtype)

    return compute


def differences(work: Work) -> Row:
    """From each number along an axis to the next."""
    input, count, dim, *more = work.given
    if count != 1 or input.dtype == "bool" or any(m is not None for m in more):
        return None
    rows = lines(flat(input.data), input.sizes, dim)
    try:
        steps = [list(map(operator.sub, row[1:], row)) for row in rows]
    except TypeError:
        return None
    return rounded_row(unlined(steps, work.result, dim), work.result.dtype)


# -- declaration ------------------------------------------------------------------------------

for _names, _reduction in REDUCTIONS.items():
    declare(_names, reduction(_reduction))
declare("max", largest_of_two(max, reduction(extreme(max))))
declare("min", largest_of_two(min, reduction(extreme(min))))
declare("reshape view view_as reshape_as flatten unflatten ravel unsqueeze squeeze", kept)
declare("expand expand_as broadcast_to", broadcast)
declare("flip", flipped)
declare("cat concat concatenate stack", joined)
declare("cumsum", running(operator.add))
declare("cumprod", running(operator.mul))
declare("diff", differences)
