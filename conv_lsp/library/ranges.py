"""Evenly spaced numbers: arange, linspace, logspace."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from conv_lsp.dims import Dim, Expr, ceil_div, maximum, proves_less, unknown_size
from conv_lsp.findings import ALWAYS_RAISES, CALL_ARGUMENTS
from conv_lsp.library.algebra import COMPLEX, FLOATS, PARTS, is_floating
from conv_lsp.library.constants import MAX_DATA, Between, rounded, rounded_row
from conv_lsp.library.creation import made
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.folding import unit, widened
from conv_lsp.library.raising import NOT_FLOATING, refuse
from conv_lsp.library.registry import Call, op
from conv_lsp.library.sizes import called
from conv_lsp.library.tables import declare
from conv_lsp.values import Tensor, Unknown, Value

MOST: Final = 3
"""Numbers that a range is made of."""


def bounds_of(
    call: Call, args: tuple[Value, ...], more: Mapping[str, Value]
) -> tuple[Any, Any, Any]:
    """Start, end and step: an end is given; a start and an end; or a start, an end and a step."""
    for given in (*args, *more.values()):
        if given is None or isinstance(given, (str, list, tuple, dict, type, complex)):
            problem = f"takes numbers, not {given!r}"
            call.fail(CALL_ARGUMENTS, name=called(call), problem=problem)
    strange = next((word for word in more if word not in ("start", "end", "step")), None)
    if strange is not None or len(args) > MOST or not (args or "end" in more):
        problem = f"there is no argument '{strange}'" if strange else "takes 1 to 3 numbers"
        call.fail(CALL_ARGUMENTS, at=strange or "", name=called(call), problem=problem)
    bounds = [number_of(a) for a in args]
    start = number_of(more["start"]) if "start" in more else 0
    end = number_of(more.get("end", 0))
    step = number_of(more["step"]) if "step" in more else 1
    if len(bounds) == 1 and "end" not in more:
        return start, bounds[0], step
    start, end, step = [*bounds, *[start, end, step][len(bounds) :]][:3]
    return start, end, step


@op("torch.range")
def range_with_end(
    call: Call,
    *args: object,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
    **more: object,
) -> Tensor:
    """As arange, floating point and with the end; torch advises against it."""
    if len(args) + len(more) < 2:
        call.fail(CALL_ARGUMENTS, name="range", problem="argument 'end' is missing")
    start, end, step = bounds_of(call, args, more)
    kind = dtype_name(dtype, "float32")
    no_numbers(call, kind, ("bool", *COMPLEX.values()))
    if kind not in FLOATS:  # torch counts in the type
        start, end, step = (int(n) if isinstance(n, float) else n for n in (start, end, step))
    numbers = (start, end, step)
    if any(n is None or isinstance(n, Expr) for n in numbers):
        return Tensor((unknown_size(),), dtype=kind)
    if step == 0:
        call.fail(ALWAYS_RAISES, error="RuntimeError: the step is 0")
    if (end - start) * step < 0:
        error = f"RuntimeError: no number lies from {start} to {end} in steps of {step}"
        call.fail(ALWAYS_RAISES, error=error)
    return Tensor((math.floor((end - start) / step) + 1,), dtype=kind)


def no_numbers(call: Call, dtype: str, refused: Collection[str]) -> None:
    """Complains about a type whose numbers torch does not count in."""
    refuse(call, Tensor((), dtype=dtype), refused, at="dtype")


@op("torch.arange")
def arange(
    call: Call,
    *args: object,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
    **more: object,
) -> Tensor:
    """(⌈(end − start)/step⌉,): numbers from a start, before an end."""
    numbers = start, end, step = bounds_of(call, args, more)
    floating = any(isinstance(n, float) for n in numbers)
    kind = dtype_name(dtype, "float32" if floating else "int64")
    no_numbers(call, kind, ("bool", *COMPLEX.values()))
    if kind == "int64" and floating:  # torch counts in the type
        start, end, step = (int(n) if isinstance(n, float) else n for n in numbers)
        numbers = start, end, step
    if any(n is None for n in numbers):
        return Tensor((unknown_size(),), dtype=kind)
    if step == 0:
        call.fail(ALWAYS_RAISES, error="RuntimeError: the step is 0")
    count = range_length(call, start, end, step)
    few = isinstance(count, int) and count <= MAX_DATA
    return Tensor((count,), dtype=kind, data=stepped(start, step, count, kind) if few else None)


def stepped(start: Any, step: Any, count: Any, dtype: str) -> list[Any] | None:
    """`start + i * step`, as torch computes it: for several numbers at once, from the first of them.

    How many these are depends on the processor; where that shows, bounds are given.
    """
    if isinstance(start, Expr) or isinstance(step, Expr):
        return None
    if dtype not in ("float32", "float64"):
        whole = isinstance(start, int) and isinstance(step, int)
        return rounded_row([start + i * step for i in range(count)], dtype) if whole else None
    if dtype == "float64":
        return near_steps(start, step, count)
    rows = [
        rounded_row([base + i * step for base, i in blocks(start, step, count, lanes)], dtype)
        for lanes in LANES
    ]
    return together([row for row in rows if row is not None]) if None not in rows else None


def near_steps(start: float, step: float, count: int) -> list[Any]:
    """Exact numbers where all of them are, else to within some units of the last digit."""
    found = [float(start + i * step) for i in range(count)]
    first, unit_step = Fraction(start), Fraction(step)
    if all(
        unit_step * i == step * i and first + unit_step * i == number
        for i, number in enumerate(found)
    ):
        return found
    error = 4 * math.ulp(max(abs(start), abs(start + count * step)))
    return [Between(number - error, number + error) for number in found]


LANES: Final = (1, 4, 8, 16)
"""How many numbers the processor computes at once."""


def blocks(start: Any, step: Any, count: int, lanes: int) -> Iterator[tuple[float, int]]:
    """For each place the number at the beginning of its block, and its place in that."""
    for first in range(0, count, lanes):
        base = rounded(start + first * step, "float32")
        for i in range(min(lanes, count - first)):
            yield base, i


def together(rows: list[list[Any]]) -> list[Any]:
    """One row of several that torch may give: numbers where they agree, else their bounds."""
    found = []
    for numbers in zip(*rows, strict=True):
        low, high = min(numbers), max(numbers)
        found.append(low if low == high else Between(low, high))
    return found


OPTIONS = "dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False"
WINDOWS: Final = {
    "hann": "",
    "hamming": "alpha=0.54, beta=0.46, ",
    "blackman": "",
    "bartlett": "",
    "kaiser": "beta=12.0, ",
}
"""Rows of weights for a spectrum, with what shapes them."""


def window(
    call: Call, window_length: Dim, *shaped: Value, dtype: object = None, **options: Value
) -> Tensor:
    """`window_length` weights."""
    kind = dtype_name(dtype, "float32")
    no_numbers(call, kind, NOT_FLOATING)
    if proves_less(1, window_length):
        no_numbers(call, kind, tuple(COMPLEX.values()))
    return made(call, (window_length,), None, kind)


for _name, _words in WINDOWS.items():
    signature = f"window_length: Dim, periodic=True, {_words}*, {OPTIONS}"
    declare(window, signature, f"torch.{_name}_window")


def number_of(value: Value) -> Any:
    """A number, a symbolic one, or None where it is not known."""
    if isinstance(value, Tensor):
        return value.data if isinstance(value.data, (int, float)) else None
    if isinstance(value, Unknown):
        return value.size() if value.name else None
    return value if isinstance(value, (int, float, Expr)) else None


def range_length(call: Call, start: Any, end: Any, step: Any) -> Dim:
    """How many numbers `arange` gives."""
    if isinstance(start, Expr) or isinstance(end, Expr) or isinstance(step, Expr):
        whole = all(isinstance(n, (int, Expr)) for n in (start, end, step))
        if not whole or (isinstance(step, int) and step < 0):
            return unknown_size()
        return maximum(ceil_div(end - start, step), 0)
    count: int = math.ceil((end - start) / step)
    if count < 0 or (end - start) * step < 0:
        error = f"RuntimeError: no number lies from {start} to {end} in steps of {step}"
        call.fail(ALWAYS_RAISES, error=error)
    return count


@op("torch.linspace")
def linspace(
    call: Call,
    start: object,
    end: object,
    steps: Dim,
    *,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """(steps,)."""
    kind = spacing_dtype(call, start, end, steps, dtype)
    if proves_less(steps, 0):
        call.fail(ALWAYS_RAISES, at="steps", error="RuntimeError: the number of steps is negative")
    first, last = number_of(start), number_of(end)
    data = None
    if isinstance(steps, int) and steps <= MAX_DATA:
        data = spaced(first, last, steps, kind)
    return Tensor((steps,), dtype=kind, data=data)


def spacing_dtype(call: Call, start: object, end: object, steps: Dim, dtype: object) -> str:
    """The dtype of so many numbers between two; ALWAYS_RAISES where torch takes no such ends."""
    if steps is None:
        call.fail(CALL_ARGUMENTS, name=called(call), problem="argument 'steps' is missing")
    kind = dtype_name(dtype, number_type(start, end))
    if proves_less(1, steps):
        no_numbers(call, kind, ("bool",))
    single(call, start, "start")
    single(call, end, "end")
    return kind


def number_type(*ends: Value) -> str:
    """The type of numbers between two."""
    complex_ones = (
        isinstance(e, complex) or (isinstance(e, Tensor) and e.dtype in PARTS) for e in ends
    )
    return "complex64" if any(complex_ones) else "float32"


def single(call: Call, value: Value, at: str) -> None:
    """A tensor that stands for a number has no axes."""
    if isinstance(value, Tensor) and value.known and value.rank:
        error = f"RuntimeError: {at} has {value.rank} dimensions, a number is taken"
        call.fail(ALWAYS_RAISES, at=at, error=error)


def spaced(first: Any, last: Any, steps: int, dtype: str) -> list[Any] | None:
    """Evenly spaced numbers, computed from both ends as torch does."""
    ends = rounded_row([first, last], dtype)
    if ends is None or not all(isinstance(n, (int, float)) for n in ends):
        return None
    first, last = ends
    if not is_floating(dtype):
        return None if any(map(math.isinf, ends)) else between_integers(first, last, steps, dtype)
    span = rounded(last - first, dtype)
    step = rounded(span / (steps - 1), dtype) if steps > 1 else 0.0
    if any(map(math.isinf, (first, last, step))):
        return None
    way = fused if dtype == "float64" else fused_to_odd
    return rounded_row(from_both_ends(first, last, step, steps, way), dtype)


def from_both_ends(
    first: float, last: float, step: float, steps: int, way: Callable[..., float]
) -> list[float]:
    """The lower half counted from the first number, the upper one from the last."""
    half = steps // 2 if steps > 1 else 1
    return [
        way(first, step, i) if i < half else way(last, -step, steps - i - 1) for i in range(steps)
    ]


def fused(start: float, step: float, count: int) -> float:
    """`start + step * count`, rounded once: processors multiply and add in one instruction."""
    return float(Fraction(start) + Fraction(step) * count)


def fused_to_odd(start: float, step: float, count: int) -> float:
    """As `fused`, and what is not exact ends in an odd digit: rounding it again is then right."""
    exact = Fraction(start) + Fraction(step) * count
    number = float(exact)
    if exact == number or int(math.frexp(number)[0] * 2**53) % 2:
        return number
    return math.nextafter(number, math.inf if exact > number else -math.inf)


def between_integers(first: int, last: int, steps: int, dtype: str) -> list[Any] | None:
    """Evenly spaced numbers cut to integers, where all ways to compute them give the same."""
    step = (last - first) / (steps - 1) if steps > 1 else 0.0
    ways = (fused, lambda start, step, count: start + step * count)
    rows = [rounded_row(from_both_ends(first, last, step, steps, w), dtype) for w in ways]
    return together([row for row in rows if row is not None]) if None not in rows else None


@op("torch.logspace")
def logspace(
    call: Call,
    start: object,
    end: object,
    steps: Dim,
    base: object = 10.0,
    *,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """(steps,)."""
    kind = spacing_dtype(call, start, end, steps, dtype)
    result = made(call, (steps,), None, kind)
    first, last = number_of(start), number_of(end)
    if isinstance(steps, int) and steps <= MAX_DATA and is_floating(kind):
        exponents = spaced(first, last, steps, kind)
        if exponents is not None and isinstance(base, (int, float)) and base > 0:
            result.data = powers(float(base), exponents, kind)
    return result


def powers(base: float, exponents: list[Any], dtype: str) -> list[Any] | None:
    """Powers of a number, whose exponents and results torch rounds in its own way."""
    error = 4 * unit(max(map(abs, exponents), default=0.0), dtype)
    near = [Between(n - error, n + error) for n in exponents]
    try:
        return widened(base.__pow__, [near], dtype)
    except OverflowError:
        return None
