"""Quantiles, histograms and distinct elements."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any, cast

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, Expr, proves_unequal, unknown_size
from conv_lsp.findings import BROADCAST, CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import replace, show
from conv_lsp.library.constants import Between, flat
from conv_lsp.library.reduction import reduced
from conv_lsp.library.registry import Call, method, op
from conv_lsp.library.tables import declare
from conv_lsp.library.taking import NUMBERS, REAL, alike, at_least, sums, takes
from conv_lsp.values import Tensor, Unknown, Value

INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _quantile(
    name: str,
    call: Call,
    input: Tensor,
    q: Tensor,
    dim: object,
    keepdim: object,
    *,
    interpolation: object = "linear",
) -> Tensor:
    """Over an axis, or over all; several quantiles get an axis of their own in front."""
    takes(call, name, "f", input.dtype)
    if q.kind != "number":
        alike(call, name, input, q, at="q")
    if isinstance(interpolation, str) and interpolation not in INTERPOLATIONS:
        problem = f"interpolation is one of {', '.join(INTERPOLATIONS)}, not {interpolation!r}"
        call.fail(CALL_ARGUMENTS, at="interpolation", name=name, problem=problem)
    if isinstance(q.data, (int, float)) and not 0 <= q.data <= 1:
        problem = f"q is from 0 to 1, not {q.data}"
        call.fail(CALL_ARGUMENTS, at="q", name=name, problem=problem)
    if q.rank > 1:
        call.fail(INPUT_RANK, at="q", name=f"{name}()", got=q.rank, want="0 or 1")
    if input.known and 0 in input.sizes:
        problem = f"{show(input.shape)} has no elements to choose from"
        call.fail(CALL_ARGUMENTS, at="input", name=name, problem=problem)
    result = reduced(call, input, dim, keepdim, name=name)
    if q.rank == 0 or not result.known:
        return result
    return result.like((q.sizes[0], *result.sizes), (None, *result.axes))


_QUANTILE = "input: Tensor, q: Tensor, dim=None, keepdim=False, *, interpolation=linear"
for _name in ("quantile", "nanquantile"):
    declare(partial(_quantile, _name), _QUANTILE, f"torch.{_name}", methods=[_name])


@op("torch.histc")
@method("histc")
def histc(
    call: Call,
    input: Tensor,
    bins: Dim = 100,
    min: object = 0,
    max: object = 0,
    *,
    out: object = None,
) -> Tensor:
    """(bins,): how many of all elements fall into each."""
    takes(call, "histc", "hf", input.dtype)
    at_least(call, "histc", "bins", bins, 1)
    if all(isinstance(n, (int, float)) for n in (min, max)) and max < min:  # type: ignore[operator]
        problem = f"takes a max that is not below min, not {max} and {min}"
        call.fail(CALL_ARGUMENTS, at="max", name="histc", problem=problem)
    return Tensor((bins,), seen=whole(input.seen, *input.axes), dtype=input.dtype)


@op("torch.bincount")
@method("bincount")
def bincount(
    call: Call, input: Tensor, weights: Tensor | None = None, minlength: object = 0
) -> Tensor:
    """One count for each integer up to the largest, which is not known."""
    takes(call, "bincount", "i", input.dtype)
    at_least(call, "bincount", "minlength", minlength, 0)
    if input.rank != 1:
        call.fail(INPUT_RANK, at="input", name="bincount()", got=input.rank, want=1)
    empty = input.sizes == (0,)
    if weights is not None and not empty:
        if weights.rank != 1:
            call.fail(INPUT_RANK, at="weights", name="bincount()", got=weights.rank, want=1)
        if proves_unequal(weights.sizes[0], input.sizes[0]):
            shapes = f"{show(input.shape)} and {show(weights.shape)}"
            a, b = input.sizes[0], weights.sizes[0]
            call.report(BROADCAST, at="weights", a=a, b=b, dim=0, shapes=shapes)
    kind = "int64" if weights is None or empty else "float64"
    if weights is not None and weights.dtype == "float32" and not empty:
        kind = "float32"
    count: Dim = unknown_size()
    if empty and isinstance(minlength, int):
        count = minlength
    return Tensor((count,), seen=whole(input.seen, *input.axes), dtype=kind)


def unnumbered(call: Call, input: Tensor, axis: int) -> None:
    """Complain about parts that cannot be told apart: those without elements, or of no axis."""
    if input.rank == 0:
        call.fail(INPUT_RANK, at="input", name="unique() of a dim", got=0, want="at least 1")
    if 0 in input.sizes and (input.sizes[axis] != 0 or input.sizes.count(0) > 1):
        problem = f"the parts of {show(input.shape)} along dimension {axis} have no elements"
        call.fail(CALL_ARGUMENTS, at="input", name="unique", problem=problem)


def _unique(
    call: Call,
    input: Tensor,
    inverse: object,
    counts: object,
    dim: object,
    count: Dim | None = None,
) -> Value:
    """Values, and on request their places and counts; how many there are is seldom known."""
    for flag in (inverse, counts, dim):
        if isinstance(flag, (Unknown, Expr)):
            return Unknown("an argument of unique is not known")
    takes(call, "unique", REAL, input.dtype)
    count = unknown_size() if count is None else count
    seen = whole(input.seen, *input.axes)
    if isinstance(dim, int):
        axis = call.axis(input.rank, dim)
        unnumbered(call, input, axis)
        values = replace(input, axis, count, whole(input.axes[axis]))
        where = input.sizes[axis : axis + 1]
    else:
        values = Tensor((count,), seen=seen, dtype=input.dtype)
        where = input.sizes
    result = [values]
    if inverse:
        result.append(Tensor(where, seen=seen, dtype="int64"))
    if counts:
        result.append(Tensor((count,), seen=seen, dtype="int64"))
    return tuple(result) if len(result) > 1 else values


@op("torch.unique")
@method("unique")
def unique(
    call: Call,
    input: Tensor,
    sorted: object = True,
    return_inverse: object = False,
    return_counts: object = False,
    dim: object = None,
) -> Value:
    """(n,), or n along `dim`, n not known; places of all there were and counts (n,), both int64."""
    numbers = None if input.data is None or dim is not None else flat(input.data)
    if numbers is None or any(isinstance(n, Between) for n in numbers):
        return _unique(call, input, return_inverse, return_counts, dim)
    held = Counter(numbers)
    found = _unique(call, input, return_inverse, return_counts, dim, len(held))
    parts = found if isinstance(found, tuple) else (found,)
    if sorted is True and isinstance(parts[0], Tensor):
        order = list(held)
        order.sort()
        parts[0].data = order
        if return_counts is True:
            parts[-1].data = [held[n] for n in order]
    return found


@op("torch.unique_consecutive")
def unique_consecutive(
    call: Call,
    input: Tensor,
    *flags: object,
    return_inverse: object = False,
    return_counts: object = False,
    dim: object = None,
) -> Value:
    """Without repetitions of neighbours.

    Of flags without their names torch computes what they ask for, and returns what their neighbour
    asks for: an empty tensor stands for what was not computed.
    """
    if not flags:
        return _unique(call, input, return_inverse, return_counts, dim)
    inverse, counts, dim = (*flags, *(False, False, dim)[len(flags) :])[:3]
    if not isinstance(inverse, bool) or not isinstance(counts, bool):
        problem = "takes True or False for return_inverse and return_counts"
        call.fail(CALL_ARGUMENTS, name="unique_consecutive", problem=problem)
    values, places, numbers = cast("Any", _unique(call, input, True, True, dim))
    empty = Tensor((0,), dtype="int64")
    if dim is None:
        places, numbers = places if inverse else empty, numbers if counts else empty
    asked = (*((places,) if counts else ()), *((numbers,) if inverse else ()))
    return (values, *asked) if asked else values


@method("unique_consecutive")
def unique_consecutive_of(
    call: Call,
    input: Tensor,
    return_inverse: object = False,
    return_counts: object = False,
    dim: object = None,
) -> Value:
    """Without repetitions of neighbours."""
    return _unique(call, input, return_inverse, return_counts, dim)


@op("torch.trace")
@method("trace")
def trace(call: Call, input: Tensor) -> Tensor:
    """(m, n) gives one number; integers give int64."""
    if input.rank != 2:
        call.fail(INPUT_RANK, at="input", name="trace()", got=input.rank, want=2)
    takes(call, "trace", NUMBERS, input.dtype)
    return reduced(call, input, None, False, sums(input.dtype))
