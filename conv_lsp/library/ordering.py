"""Extremes with their indices, orderings, cumulative operations, statistics."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, maximum, proves_less, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, CAT_SIZES, INDEX_RANGE, INPUT_RANK
from conv_lsp.library.algebra import pointwise, promote, replace
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.pointwise import alone
from conv_lsp.library.reduction import NAMED_DIM, reduced
from conv_lsp.library.registry import Call, method, op
from conv_lsp.library.softmax import mixed
from conv_lsp.library.tables import Body, declare, return_type
from conv_lsp.library.taking import FLOATING, NUMBERS, REAL, at_least, fits, sums, takes, wholes
from conv_lsp.values import MISSING, UNTYPED, Tensor, Unknown, Value

# -- values and indices -----------------------------------------------------------------------


_PAIRS: Final = {
    name: return_type(name)
    for name in "max min median nanmedian mode kthvalue topk sort cummax cummin".split()
}
_Aminmax: Final = return_type("aminmax", "min max")


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
        extreme = name in ("max", "min")
        if isinstance(dim, Tensor):
            other = dim
        if isinstance(other, Tensor):
            takes(call, name, REAL, input.dtype, other.dtype)
            return pointwise(call, input, other)
        if extreme or dim is not MISSING or 0 not in input.sizes:
            takes(call, name, REAL if extreme else "ihf", input.dtype)
        if dim is MISSING:
            if keepdim is not MISSING:
                call.fail(CALL_ARGUMENTS, at="keepdim", name=name, problem="keepdim needs a dim")
            return reduced(call, input, None, False, name=name, chooses=extreme)
        if isinstance(dim, Unknown):
            return dim
        keepdim = False if keepdim is MISSING else keepdim
        return paired(name, reduced(call, input, dim, keepdim, name=name, chooses=True))

    return rule


for _name in ("max", "min", "median", "nanmedian"):
    _more = ", *, other=None" if _name in ("max", "min") else ""
    _said = "One number; with dim values without the axis, and indices (int64)"
    _said += "; of two tensors all, broadcast" if _more else ""
    _signature = f"{NAMED_DIM}{_more}"
    declare(_max(_name), _signature, f"torch.{_name}", methods=[_name], returns="", said=_said)


@op("torch.mode")
@method("mode")
def mode(
    call: Call, input: Tensor, dim: object = -1, keepdim: object = False, *, out: object = None
) -> Any:
    """Without the axis, or with size 1 for keepdim: values, and indices (int64)."""
    if input.rank:
        takes(call, "mode", REAL, input.dtype)
    return paired("mode", reduced(call, input, dim, keepdim, name="mode", chooses=True))


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
    """Without the axis, or with size 1 for keepdim: values, and indices (int64)."""
    takes(call, "kthvalue", "ihf", input.dtype)
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
    """The size of the axis becomes k: values, and indices (int64)."""
    takes(call, "topk", "ihf", input.dtype)
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
    """Two numbers; or two tensors without the axis, or with size 1 for keepdim."""
    takes(call, "aminmax", REAL, input.dtype)
    found = reduced(call, input, dim, keepdim, name="aminmax", chooses=True)
    return _Aminmax(found, found.like())


# -- along an axis ----------------------------------------------------------------------------


def along(call: Call, input: Tensor, dim: int, dtype: str = "") -> Tensor:
    """The same shape, each element made of the whole axis."""
    axis = call.axis(input.rank, dim)
    return mixed(input, [axis] if input.rank else [], dtype)


def _cumulated(name: str, call: Call, input: Tensor, dim: int, *, dtype: object = None) -> Tensor:
    """The shape of the input; integers give int64."""
    kind = dtype_name(dtype, sums(input.dtype))
    if input.rank and 0 not in input.sizes:
        takes(call, name, NUMBERS, kind, at="dtype")
    return along(call, input, dim, kind)


def _cumulated_in_place(
    name: str, call: Call, self: Tensor, dim: int, *, dtype: object = None
) -> Tensor:
    """The tensor itself, written to."""
    kind = dtype_name(dtype, self.dtype)
    if self.rank and 0 not in self.sizes:
        fits(call, name, wholes(self.dtype), self.dtype)
    if kind != self.dtype and UNTYPED not in (kind, self.dtype):
        problem = f"takes no dtype {kind} for a tensor of {self.dtype}"
        call.fail(CALL_ARGUMENTS, at="dtype", name=name, problem=problem)
    alone(call, name, self)
    return along(call, self, dim)


for _name in ("cumsum", "cumprod"):
    _signature = "input: Tensor, dim: int, *, dtype=None"
    declare(partial(_cumulated, _name), _signature, f"torch.{_name}", methods=[_name])
    declare(partial(_cumulated_in_place, f"{_name}_"), _signature, methods=[f"{_name}_"])


@op("torch.logcumsumexp")
@method("logcumsumexp")
def logcumsumexp(call: Call, input: Tensor, dim: int, *, out: object = None) -> Tensor:
    """The shape of the input."""
    takes(call, "logcumsumexp", FLOATING, input.dtype)
    return along(call, input, dim)


def _running(name: str) -> Body:
    def rule(call: Call, input: Tensor, dim: int) -> Any:
        """The shape of the input: values, and indices (int64)."""
        if 0 in input.sizes:  # torch does not look at `dim` then
            return paired(name, input.like())
        if input.rank:
            takes(call, name, REAL, input.dtype)
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
    """The shape of the input: values, and indices (int64)."""
    takes(call, "sort", REAL, input.dtype)
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
    """The shape of the input, int64."""
    takes(call, "argsort", REAL, input.dtype)
    return along(call, input, dim, "int64")


@op("torch.msort")
@method("msort")
def msort(call: Call, input: Tensor, *, out: object = None) -> Tensor:
    """The shape of the input."""
    takes(call, "msort", REAL, input.dtype)
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
    """The size of the axis, with what is prepended and appended, becomes n less."""
    if input.rank == 0:
        call.fail(INPUT_RANK, at="input", name="diff()", got=0, want="at least 1")
    at_least(call, "diff", "n", n, 0)
    if n == 0 and prepend is None and append is None:
        return input.like()
    axis = call.axis(input.rank, dim)
    size = input.sizes[axis]
    for at, more in (("prepend", prepend), ("append", append)):
        if more is not None:
            lengthened(call, input, more, axis, at)
            size = size + more.sizes[axis]
    if n == 0:
        return input.like()
    kind = promote(*(t.dtype for t in (input, prepend, append) if t is not None))
    result = replace(input, axis, maximum(size - n, 0), whole(input.axes[axis]))
    return result.like(dtype=kind)


def lengthened(call: Call, input: Tensor, more: Tensor, axis: int, at: str) -> None:
    """What is joined along an axis has the same sizes otherwise."""
    if more.rank != input.rank:
        call.fail(INPUT_RANK, at=at, name=f"diff() with {at}", got=more.rank, want=input.rank)
    for dim, (got, want) in enumerate(zip(more.sizes, input.sizes, strict=True)):
        if dim != axis and proves_unequal(got, want):
            call.fail(CAT_SIZES, at=at, index=1, got=got, dim=dim, want=want)


@op("torch.renorm")
@method("renorm")
def renorm(
    call: Call, input: Tensor, p: object, dim: int, maxnorm: object, *, out: object = None
) -> Tensor:
    """The shape of the input."""
    takes(call, "renorm", FLOATING, input.dtype)
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", name="renorm()", got=input.rank, want="at least 2")
    for at, value, least in (("p", p, "more than"), ("maxnorm", maxnorm, "at least")):
        if isinstance(value, (int, float)) and (value < 0 or (value == 0 and at == "p")):
            problem = f"{at} is {least} 0, not {value}"
            call.fail(CALL_ARGUMENTS, at=at, name="renorm", problem=problem)
    kept = call.axis(input.rank, dim)
    return mixed(input, (i for i in range(input.rank) if i != kept))


@method("renorm_")
def renorm_(call: Call, self: Tensor, p: object, dim: int, maxnorm: object) -> Tensor:
    """The tensor itself, written to."""
    result = renorm(call, self, p, dim, maxnorm)
    alone(call, "renorm_", self)
    result.strides = self.strides
    return result
