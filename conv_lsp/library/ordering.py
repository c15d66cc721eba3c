"""Extremes with their indices, orderings, cumulative operations, statistics."""

from __future__ import annotations

from collections import Counter, namedtuple
from typing import Any, Final

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, maximum, proves_less, unknown_size
from conv_lsp.findings import INDEX_RANGE, INPUT_RANK
from conv_lsp.library.algebra import pointwise, replace
from conv_lsp.library.constants import Between, flat
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.reduction import DIM, reduced, summed_type
from conv_lsp.library.registry import Call, method, op
from conv_lsp.library.softmax import mixed
from conv_lsp.library.tables import Body, declare
from conv_lsp.values import Tensor, Unknown, Value

# -- values and indices -----------------------------------------------------------------------


def pair_type(name: str, fields: str = "values indices") -> Any:
    """torch.return_types.x."""
    return namedtuple(name, fields)  # noqa: PYI024 - typed by use


_PAIRS: Final = {
    name: pair_type(name)
    for name in "max min median nanmedian mode kthvalue topk sort cummax cummin".split()
}
_Aminmax: Final = pair_type("aminmax", "min max")


def paired(name: str, values: Tensor) -> Any:
    """Values with their indices, which are made of the same elements."""
    return _PAIRS[name](values, values.like(dtype="int64"))


def _max(name: str) -> Body:
    def rule(
        call: Call,
        input: Tensor,
        dim: object,
        keepdim: object,
        *,
        other: object = None,
    ) -> Value:
        if isinstance(dim, Tensor) and not isinstance(dim.data, int):
            other = dim
        if isinstance(other, Tensor):
            return pointwise(call, input, other)
        if dim is None:
            return reduced(call, input, None, False)
        if isinstance(dim, Unknown):
            return dim
        return paired(name, reduced(call, input, dim, keepdim))

    return rule


for _name in ("max", "min", "median", "nanmedian"):
    _more = ", *, other=None" if _name in ("max", "min") else ""
    declare(_max(_name), f"{DIM}{_more}", f"torch.{_name}", methods=[_name], returns="")


@op("torch.mode")
@method("mode")
def mode(
    call: Call, input: Tensor, dim: object = -1, keepdim: object = False, *, out: object = None
) -> Any:
    return paired("mode", reduced(call, input, dim, keepdim))


@op("torch.kthvalue")
@method("kthvalue")
def kthvalue(
    call: Call,
    input: Tensor,
    k: Dim,
    dim: int = -1,
    keepdim: object = False,
    *,
    out: object = None,
) -> Any:
    axis = call.axis(input.rank, dim)
    size: Dim = input.sizes[axis] if input.rank else 1
    if proves_less(size, k) or proves_less(k, 1):
        call.report(INDEX_RANGE, at="k", index=k, dim=axis, size=size)
    return paired("kthvalue", reduced(call, input, dim, keepdim))


@op("torch.topk")
@method("topk")
def topk(
    call: Call,
    input: Tensor,
    k: Dim,
    dim: int = -1,
    largest: object = True,
    sorted: object = True,
    *,
    out: object = None,
) -> Any:
    axis = call.axis(input.rank, dim)
    size: Dim = input.sizes[axis] if input.rank else 1
    if proves_less(size, k) or proves_less(k, 0):
        call.report(INDEX_RANGE, at="k", index=k, dim=axis, size=size)
    if input.rank == 0:
        return paired("topk", input.like())
    return paired("topk", replace(input, axis, k, whole(input.axes[axis])))


@op("torch.aminmax")
@method("aminmax")
def aminmax(
    call: Call,
    input: Tensor,
    *,
    dim: int | None = None,
    keepdim: object = False,
    out: object = None,
) -> Any:
    return _Aminmax(*(reduced(call, input, dim, keepdim) for _ in range(2)))


# -- along an axis ----------------------------------------------------------------------------


def along(call: Call, input: Tensor, dim: int, dtype: str = "") -> Tensor:
    """The same shape, each element made of the whole axis."""
    axis = call.axis(input.rank, dim)
    return mixed(input, [axis] if input.rank else [], dtype)


def _cumulated(call: Call, input: Tensor, dim: int, *, dtype: object = None) -> Tensor:
    return along(call, input, dim, dtype_name(dtype, summed_type(input.dtype)))


def _cumulated_in_place(call: Call, self: Tensor, dim: int, *, dtype: object = None) -> Tensor:
    return along(call, self, dim)


for _name in ("cumsum", "cumprod"):
    _signature = "input: Tensor, dim: int, *, dtype=None"
    declare(_cumulated, _signature, f"torch.{_name}", methods=[_name])
    declare(_cumulated_in_place, _signature, methods=[f"{_name}_"])
declare(along, "input: Tensor, dim: int", "torch.logcumsumexp", methods=["logcumsumexp"])


def _running(name: str) -> Body:
    def rule(call: Call, input: Tensor, dim: int) -> Any:
        return paired(name, along(call, input, dim))

    return rule


for _name in ("cummax", "cummin"):
    declare(
        _running(_name), "input: Tensor, dim: int", f"torch.{_name}", methods=[_name], returns=""
    )


@op("torch.sort")
@method("sort")
def sort(
    call: Call,
    input: Tensor,
    dim: int = -1,
    descending: object = False,
    *,
    stable: object = False,
    out: object = None,
) -> Any:
    return paired("sort", along(call, input, dim))


@op("torch.argsort")
@method("argsort")
def argsort(
    call: Call,
    input: Tensor,
    dim: int = -1,
    descending: object = False,
    *,
    stable: object = False,
) -> Tensor:
    return along(call, input, dim, "int64")


@op("torch.msort")
@method("msort")
def msort(call: Call, input: Tensor, *, out: object = None) -> Tensor:
    return along(call, input, 0)


@op("torch.diff")
@method("diff")
def diff(
    call: Call,
    input: Tensor,
    n: Dim = 1,
    dim: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    out: object = None,
) -> Tensor:
    if input.rank == 0:
        call.fail(INPUT_RANK, at="input", name="diff()", got=0, want="at least 1")
    if n == 0:
        return input.like()
    axis = call.axis(input.rank, dim)
    size = input.sizes[axis]
    for more in (prepend, append):
        if more is not None:
            size = size + (more.sizes[axis] if more.rank == input.rank else unknown_size())
    return replace(input, axis, maximum(size - n, 0), whole(input.axes[axis]))


@op("torch.renorm")
@method("renorm")
def renorm(
    call: Call, input: Tensor, p: object, dim: int, maxnorm: object, *, out: object = None
) -> Tensor:
    kept = call.axis(input.rank, dim)
    return mixed(input, (i for i in range(input.rank) if i != kept))


# -- statistics -------------------------------------------------------------------------------


def _quantile(
    call: Call,
    input: Tensor,
    q: Tensor,
    dim: object,
    keepdim: object,
    *,
    interpolation: object = "linear",
) -> Tensor:
    result = reduced(call, input, dim, keepdim)
    if q.rank == 0 or not result.known:
        return result
    if q.rank > 1:
        call.fail(INPUT_RANK, at="q", name="quantile()", got=q.rank, want="0 or 1")
    return result.like((q.sizes[0], *result.sizes), (None, *result.axes))


for _name in ("quantile", "nanquantile"):
    declare(
        _quantile,
        "input: Tensor, q: Tensor, dim=None, keepdim=False, *, interpolation=linear",
        f"torch.{_name}",
        methods=[_name],
    )


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
    return Tensor((bins,), seen=whole(input.seen, *input.axes), dtype=input.dtype)


@op("torch.bincount")
@method("bincount")
def bincount(call: Call, input: Tensor, weights: object = None, minlength: object = 0) -> Tensor:
    if input.rank != 1:
        call.fail(INPUT_RANK, at="input", name="bincount()", got=input.rank, want=1)
    seen = whole(input.seen, *input.axes)
    return Tensor((unknown_size(),), seen=seen, dtype="int64" if weights is None else "float64")


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
        if isinstance(flag, Unknown):
            return flag
    count = unknown_size() if count is None else count
    seen = whole(input.seen, *input.axes)
    if isinstance(dim, int):
        axis = call.axis(input.rank, dim)
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
@method("unique_consecutive")
def unique_consecutive(
    call: Call,
    input: Tensor,
    return_inverse: object = False,
    return_counts: object = False,
    dim: object = None,
) -> Value:
    found = _unique(call, input, return_inverse, return_counts, dim)
    if isinstance(found, tuple) and return_inverse and dim is None:
        # torch 2.13 leaves the inverse empty for some inputs.
        return (found[0], Tensor(Unknown("the inverse of unique_consecutive")), *found[2:])
    return found


@op("torch.trace")
@method("trace")
def trace(call: Call, input: Tensor) -> Tensor:
    if input.rank != 2:
        call.fail(INPUT_RANK, at="input", name="trace()", got=input.rank, want=2)
    return reduced(call, input, None, False, summed_type(input.dtype))
