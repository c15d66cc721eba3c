"""Constant folding: the numbers of small constant tensors, as torch computes them.

Configurations are computed with tensors (widths, rates, schedules), so what is known stays known.
Each operation rounds as torch does; where torch's own rounding is not told (logarithms, powers,
sums in an order of its own) the result is known by its bounds. What is not followed has no numbers.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from conv_lsp.library.algebra import is_floating, promote_operands
from conv_lsp.library.arguments import coerce
from conv_lsp.library.constants import (
    MAX_DATA,
    Between,
    enclosed,
    flat,
    nested,
    numbers_in,
    rounded_row,
)
from conv_lsp.library.registry import FOLDS
from conv_lsp.values import Shape, Tensor, Value

Row: TypeAlias = "list[Any] | None"
"""Numbers in row-major order, None where they are not followed."""


@dataclass(frozen=True, slots=True)
class Work:
    """A rule's result, its arguments by position and by keyword, and the former as written."""

    result: Tensor
    given: Sequence[Value]
    named: Mapping[str, Value]
    written: Sequence[Value]


Compute: TypeAlias = Callable[[Work], Row]
"""The numbers of a result."""

# -- element by element -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scalar:
    """A function of numbers that is applied element by element.

    near: torch's result may differ in the last digits.
    monotone: in each argument, so that the values at their bounds are bounds of the result.
    compares: computed in the common type of the operands, not in the result's.
    """

    function: Callable[..., Any]
    near: bool = False
    monotone: bool = True
    compares: bool = False


def squared(x: Any) -> Any:
    return x * x


def sign(x: Any) -> int:
    return 0 if x == 0 else 1 if x > 0 else -1


def power(base: Any, exponent: Any) -> Any:
    """Of integers any but a negative exponent, of floats a positive base."""
    whole = isinstance(base, int) and isinstance(exponent, int)
    if (exponent < 0 or exponent > LARGEST_EXPONENT) if whole else base <= 0:
        msg = "a power that is not followed"
        raise ValueError(msg)
    return base**exponent


LARGEST_EXPONENT: Final = 64


def quotient(a: Any, b: Any) -> Any:
    """`a // b`; beyond so many units, torch's own rounding may show."""
    found = a // b
    if isinstance(found, float) and abs(found) >= FEW:
        msg = "a quotient that is not followed"
        raise ValueError(msg)
    return found


FEW: Final = 1 << 22

DIV: Final = "div divide true_divide truediv"
FUNCTIONS: Final[dict[str, Scalar]] = {
    "add": Scalar(operator.add),
    "sub subtract": Scalar(operator.sub),
    "mul multiply": Scalar(operator.mul),
    DIV: Scalar(operator.truediv),
    "floor_divide floordiv": Scalar(quotient, monotone=False),
    "remainder mod": Scalar(operator.mod, monotone=False),
    "fmod": Scalar(math.fmod, monotone=False),
    "pow": Scalar(power, near=True),
    "maximum": Scalar(max),
    "minimum": Scalar(min),
    "neg negative": Scalar(operator.neg),
    "pos positive": Scalar(operator.pos),
    "abs absolute": Scalar(abs, monotone=False),
    "sign sgn": Scalar(sign),
    "square": Scalar(squared, monotone=False),
    "floor": Scalar(math.floor),
    "ceil": Scalar(math.ceil),
    "trunc fix": Scalar(math.trunc),
    "round": Scalar(round),
    "exp": Scalar(math.exp, near=True),
    "exp2": Scalar(lambda x: 2.0**x, near=True),
    "log": Scalar(math.log, near=True),
    "log2": Scalar(math.log2, near=True),
    "log10": Scalar(math.log10, near=True),
    "log1p": Scalar(math.log1p, near=True),
    "expm1": Scalar(math.expm1, near=True),
    "sqrt": Scalar(math.sqrt, near=True),
    "eq": Scalar(operator.eq, monotone=False, compares=True),
    "ne not_equal": Scalar(operator.ne, monotone=False, compares=True),
    "lt less": Scalar(operator.lt, compares=True),
    "le less_equal": Scalar(operator.le, compares=True),
    "gt greater": Scalar(operator.gt, compares=True),
    "ge greater_equal": Scalar(operator.ge, compares=True),
    "logical_and": Scalar(lambda a, b: bool(a) and bool(b), monotone=False, compares=True),
    "logical_or": Scalar(lambda a, b: bool(a) or bool(b), monotone=False, compares=True),
    "logical_not": Scalar(operator.not_, monotone=False, compares=True),
    "bitwise_and and_": Scalar(operator.and_, monotone=False),
    "bitwise_or or_": Scalar(operator.or_, monotone=False),
    "bitwise_xor xor": Scalar(operator.xor, monotone=False),
}
# On truth values these do something else, or nothing at all.
NOT_OF_TRUTHS: Final = frozenset(["sub", "neg", "round", "pow", "sign"])


def elementwise(
    scalar: Scalar, tensors: Sequence[Tensor], shape: Shape, kind: str, dtype: str
) -> Row:
    """A function of operands that are cast to `kind` and broadcast to a shape."""
    columns = []
    for tensor in tensors:
        row = column(tensor, shape, kind)
        if row is None:
            return None
        columns.append(row)
    return applied(scalar, columns, dtype)


def column(tensor: Tensor, shape: Shape, kind: str) -> Row:
    """The numbers of an operand, cast, one for each element of the result."""
    if tensor.data is None or not tensor.known:
        return None
    numbers = rounded_row(flat(tensor.data), kind)
    if numbers is None or tensor.shape == shape:
        return numbers
    return stretched(numbers, tensor.sizes, shape)


def stretched(numbers: list[Any], old: Shape, shape: Shape) -> Row:
    """Numbers of one shape broadcast to another."""
    count = numbers_in(shape)
    if len(numbers) == 1:
        return numbers * count
    places = [0]
    step = len(numbers)
    padded = (*(1,) * (len(shape) - len(old)), *old)
    for size, wanted in zip(padded, shape, strict=True):
        if not isinstance(size, int) or not isinstance(wanted, int) or size not in {1, wanted}:
            return None
        step //= size or 1
        moves = [0] * wanted if size == 1 else [step * i for i in range(wanted)]
        places = [place + move for place in places for move in moves]
    return [numbers[place] for place in places]


def applied(scalar: Scalar, columns: Sequence[Sequence[Any]], dtype: str) -> Row:
    """A function along columns of numbers of one length, rounded to a dtype."""
    function = scalar.function
    try:
        if scalar.near and is_floating(dtype):
            return widened(function, columns, dtype)
        return rounded_row(list(map(function, *columns)), dtype)
    except TypeError:
        if not scalar.monotone:
            return None
    except (ValueError, ArithmeticError):
        return None
    if function is operator.truediv and not all(map(away_from_zero, columns[1])):
        return None
    try:
        found = [enclosed(function, *numbers) for numbers in zip(*columns, strict=True)]
    except (TypeError, ValueError, ArithmeticError):
        return None
    return rounded_row(found, dtype)


def away_from_zero(number: Any) -> bool:
    return not isinstance(number, Between) or not number.low <= 0 <= number.high


def widened(
    function: Callable[..., Any], columns: Sequence[Sequence[Any]], dtype: str, digits: int = 2
) -> Row:
    """As `applied`, for a function that torch computes to within so many units of the last digit."""
    found = []
    for numbers in zip(*columns, strict=True):
        value = enclosed(function, *numbers)
        low, high = (value.low, value.high) if isinstance(value, Between) else (value, value)
        found.append(Between(low - digits * unit(low, dtype), high + digits * unit(high, dtype)))
    return rounded_row(found, dtype)


def unit(number: float, dtype: str) -> float:
    """A unit of the last digit of a float of the dtype."""
    return max(math.ulp(number) * 2**29, 2**-149) if dtype == "float32" else 2 * math.ulp(number)


def scalar_fold(name: str, scalar: Scalar) -> Compute:
    """The numbers of an element-wise operation of one or two operands."""
    count = 2 if name in TWO else 1

    def compute(work: Work) -> Row:
        operands = [coerce("AnyRank", v) for v in work.given[:count]]
        tensors = [t for t in operands if isinstance(t, Tensor) and t.known]
        if len(tensors) < count or unusual(work.named, work.given[count:]):
            return None
        kind = promote_operands(tensors) if scalar.compares else work.result.dtype
        if kind == "bool" and name in NOT_OF_TRUTHS:
            return None
        if name in ("pow", "div"):
            return by_numbers(name, work, tensors)
        return elementwise(scalar, tensors, work.result.sizes, kind, work.result.dtype)

    return compute


def by_numbers(name: str, work: Work, tensors: list[Tensor]) -> Row:
    """Powers and quotients, for which torch has other ways where one operand is a plain number."""
    if len(work.written) < len(tensors):
        return None
    first, second = (not isinstance(value, Tensor) for value in work.written[:2])
    shape, dtype = work.result.sizes, work.result.dtype
    if name == "pow" and second and tensors[1].data == SQUARE:
        return elementwise(Scalar(squared, monotone=False), tensors[:1], shape, dtype, dtype)
    rows = [column(tensor, shape, dtype) for tensor in tensors]
    columns = [row for row in rows if row is not None]
    if len(columns) < len(rows):
        return None
    if name == "div" and first:
        inverse = applied(FUNCTIONS[DIV], ([1.0] * len(columns[1]), columns[1]), dtype)
        return (
            None if inverse is None else applied(Scalar(operator.mul), (columns[0], inverse), dtype)
        )
    if name == "pow" and is_floating(dtype):
        # The plain number is rounded first, or it is not.
        columns = [
            [between(n, t.data) for n in row] if plain else row
            for row, t, plain in zip(columns, tensors, (first, second), strict=True)
        ]
    return applied(FUNCTIONS[DIV if name == "div" else name], columns, dtype)


SQUARE: Final = 2


def between(a: Any, b: Any) -> Any:
    return a if a == b else Between(min(a, b), max(a, b))


TWO: Final = frozenset(
    "add sub mul div floor_divide remainder fmod pow maximum minimum eq ne lt le gt ge logical_and "
    "logical_or bitwise_and bitwise_or bitwise_xor".split()
)
USUAL: Final = {"alpha": 1, "rounding_mode": None, "decimals": 0, "out": None}


def unusual(named: Mapping[str, Value], rest: Sequence[Value]) -> bool:
    """Whether an argument changes what is computed."""
    return bool(rest) or any(USUAL.get(name, value) != value for name, value in named.items())


def clamped(work: Work) -> Row:
    """Between plain limits, or tensors of them."""
    numbers: Row = column(work.given[0], work.result.sizes, work.result.dtype)
    for limit, function in zip(work.given[1:], (max, min), strict=False):
        if limit is None or numbers is None:
            continue
        given = limit if isinstance(limit, Tensor) else Tensor((), data=limit)
        row = column(given, work.result.sizes, work.result.dtype)
        numbers = (
            None if row is None else applied(Scalar(function), (numbers, row), work.result.dtype)
        )
    return numbers


# -- declaration ------------------------------------------------------------------------------


def declare(names: str, compute: Compute) -> None:
    """What the functions and methods of these names do with numbers."""

    def fold(
        result: Value, given: Sequence[Value], named: Mapping[str, Value], written: Sequence[Value]
    ) -> None:
        if not isinstance(result, Tensor) or result.data is not None or not result.known:
            return
        first = given[0]
        small = all(type(s) is int for s in result.sizes) and numbers_in(result.sizes) <= MAX_DATA
        if result is first or not small or (isinstance(first, Tensor) and first.data is None):
            return
        numbers = compute(Work(result, given, named, written))
        if numbers is not None and len(numbers) == numbers_in(result.sizes):
            result.data = nested(numbers, result.sizes)

    for name in names.split():
        FOLDS.update(
            dict.fromkeys((f"torch.{name}", f"torch.Tensor.{name}", f"operator.{name}"), fold)
        )


for _names, _scalar in FUNCTIONS.items():
    declare(_names, scalar_fold(_names.split()[0], _scalar))
declare("clamp clip", clamped)
