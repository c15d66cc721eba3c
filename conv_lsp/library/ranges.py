"""Evenly spaced numbers: arange, linspace, logspace."""

from __future__ import annotations

import math
from typing import Any, Final

from conv_lsp.dims import Dim, Expr, ceil_div, maximum, proves_less, unknown_size
from conv_lsp.findings import ALWAYS_RAISES
from conv_lsp.library.constants import MAX_DATA, rounded
from conv_lsp.library.creation import made
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.registry import Call, op
from conv_lsp.values import Tensor, Unknown, Value


@op("torch.arange", "torch.range")
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
    """Called with an end; a start and an end; or a start, an end and a step."""
    bounds = [number_of(a) for a in args]
    start = number_of(more["start"]) if "start" in more else 0
    end = number_of(more.get("end", 0))
    step = number_of(more["step"]) if "step" in more else 1
    if len(bounds) == 1 and "end" not in more:
        end = bounds[0]
    elif bounds:
        start, end, step = [*bounds, *[start, end, step][len(bounds) :]][:3]
    numbers = (start, end, step)
    floating = any(isinstance(n, float) for n in numbers)
    kind = dtype_name(dtype, "float32" if floating else "int64")
    if any(n is None for n in numbers):
        return Tensor((unknown_size(),), dtype=kind)
    if step == 0:
        call.fail(ALWAYS_RAISES, error="RuntimeError: the step is 0")
    count = range_length(call, start, end, step)
    data = None
    if isinstance(count, int) and count <= MAX_DATA and not isinstance(start, Expr):
        data = [rounded(start + i * step, kind) for i in range(count)]
    return Tensor((count,), dtype=kind, data=None if data and None in data else data)


WINDOWS: Final = ("hann", "hamming", "blackman", "bartlett", "kaiser")


def declare_window(name: str) -> None:
    """`torch.hann_window` and its kin: a row of weights for a spectrum."""

    @op(f"torch.{name}_window")
    def window(
        call: Call,
        window_length: Dim,
        *args: object,
        dtype: object = None,
        **more: object,
    ) -> Tensor:
        return made(call, (window_length,), None, dtype_name(dtype, "float32"))


for _window in WINDOWS:
    declare_window(_window)


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
    kind = dtype_name(dtype, "float32")
    if proves_less(steps, 0):
        call.fail(ALWAYS_RAISES, at="steps", error="RuntimeError: the number of steps is negative")
    first, last = number_of(start), number_of(end)
    data = None
    if isinstance(steps, int) and steps <= MAX_DATA:
        data = spaced(first, last, steps, kind)
    return Tensor((steps,), dtype=kind, data=data)


def spaced(first: Any, last: Any, steps: int, dtype: str) -> list[object] | None:
    """Evenly spaced numbers, computed from both ends as torch does."""
    if not all(isinstance(n, (int, float)) for n in (first, last)):
        return None
    step = (last - first) / (steps - 1) if steps > 1 else 0
    half = steps / 2
    exact = [first + step * i if i < half else last - step * (steps - i - 1) for i in range(steps)]
    numbers = [rounded(first if steps == 1 else n, dtype) for n in exact]
    return None if None in numbers else numbers


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
    return made(call, (steps,), None, dtype_name(dtype, "float32"))
