"""Writing into a tensor where an index says: scatter, index_add, put and their kin."""

from __future__ import annotations

from typing import Final

from conv_lsp.axes import Axis, joined, lost
from conv_lsp.dims import Dim, product, proves_less, proves_unequal
from conv_lsp.findings import ALWAYS_RAISES, CALL_ARGUMENTS
from conv_lsp.library.algebra import pointwise, show
from conv_lsp.library.constants import flat
from conv_lsp.library.indexing import getitem, sliced
from conv_lsp.library.indexing import put as place
from conv_lsp.library.picking import (
    diagonal,
    known_range,
    one_axis,
    same_rank,
    select,
    single_value,
    within,
)
from conv_lsp.library.raising import INDEX, LONG, MASK, refuse, require_dtype, require_same_dtype
from conv_lsp.library.registry import Call, method, op
from conv_lsp.library.repeating import expanded
from conv_lsp.values import Shape, Tensor, Value


def written(input: Tensor, *sources: Value) -> Tensor:
    """The tensor after parts of others have been put somewhere into it."""
    links: list[Axis | None] = []
    for source in sources:
        if isinstance(source, Tensor):
            links += [source.seen, *source.axes]
    result = input.like()
    result.seen = joined(input.seen, lost(*links))
    return result


def declare_scatter(name: str) -> None:
    """`scatter` and `scatter_add` read `src` where the index says."""

    @op(f"torch.{name}")
    @method(name, f"{name}_")
    def scatter(
        call: Call,
        input: Tensor,
        dim: int,
        index: Tensor,
        src: object = None,
        *,
        value: object = None,
        reduce: object = None,
        include_self: object = True,
        out: object = None,
    ) -> Tensor:
        """The shape of the input."""
        axis = call.axis(input.rank, dim)
        if src is None and (value is None or name == "scatter_add"):
            problem = "argument 'src' is missing"
            call.fail(CALL_ARGUMENTS, name=name, problem=problem)
        if isinstance(reduce, str) and reduce not in {"add", "multiply"}:
            error = f"RuntimeError: reduce is 'add' or 'multiply', not {reduce!r}"
            call.fail(ALWAYS_RAISES, at="reduce", error=error)
        source = src if isinstance(src, Tensor) and src.known else None
        if source is not None:
            require_same_dtype(call, source, input, at="src")
        if 0 not in index.sizes:
            require_dtype(call, index, INDEX, at="index")
            same_rank(call, "index", index, input)
            within(call, "input", index, input, axis)
            if source is not None and (source.rank or index.rank):
                same_rank(call, "src", source, input)
                within(call, "src", index, source)
        return written(input, src)


declare_scatter("scatter")
declare_scatter("scatter_add")


def reduction(call: Call, input: Tensor, reduce: object) -> None:
    """The word for what is done to several sources of one place, and what it is done to."""
    if isinstance(reduce, str) and reduce not in REDUCTIONS:
        error = f"RuntimeError: reduce is one of {', '.join(REDUCTIONS)}, not {reduce!r}"
        call.fail(ALWAYS_RAISES, at="reduce", error=error)
    if reduce == "mean":
        refuse(call, input, MASK)


REDUCTIONS: Final = ("sum", "prod", "mean", "amax", "amin", "max", "min")


@op("torch.scatter_reduce")
@method("scatter_reduce", "scatter_reduce_")
def scatter_reduce(
    call: Call,
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor,
    reduce: object,
    *,
    include_self: object = True,
    out: object = None,
) -> Tensor:
    """The shape of the input."""
    axis = call.axis(input.rank, dim)
    require_same_dtype(call, src, input, at="src")
    reduction(call, input, reduce)
    if 0 not in index.sizes:
        if reduce in REDUCTIONS[3:]:  # which asks which number is larger
            refuse(call, input, ("complex64", "complex128"))
        require_dtype(call, index, INDEX, at="index")
        same_rank(call, "index", index, input)
        within(call, "input", index, input, axis)
        same_rank(call, "src", src, input)
        within(call, "src", index, src)
    return written(input, src)


def with_source(call: Call, input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """The rule of `index_add` and `index_copy`: a slice of the source for each index."""
    axis = call.axis(input.rank, dim)
    size = one_axis(call, index)
    require_same_dtype(call, source, input, at="source")
    same_rank(call, "source", source, input)
    pairs = zip(source.sizes or (1,), input.sizes or (1,), strict=True)
    for i, (got, want) in enumerate(pairs):
        if proves_unequal(got, size if i == axis else want):
            error = f"RuntimeError: source is {show(source.shape)}, the tensor {show(input.shape)}"
            call.fail(ALWAYS_RAISES, at="source", error=error)
    return written(input, source)


def in_range(call: Call, input: Tensor, dim: int, index: Tensor) -> None:
    """The numbers of an index that are known must be units of the axis."""
    size = input.sizes[call.axis(input.rank, dim)] if input.rank else 1
    known_range(call, flat(index.data), call.axis(input.rank, dim), size)


@op("torch.index_add")
@method("index_add", "index_add_")
def index_add(
    call: Call,
    input: Tensor,
    dim: int,
    index: Tensor,
    source: Tensor,
    *,
    alpha: object = 1,
    out: object = None,
) -> Tensor:
    """The shape of the input."""
    if not input.rank or not source.rank:
        got, want = show(source.shape), show(input.shape)
        if input.rank or source.rank:
            error = f"RuntimeError: source is {got}, the tensor {want}"
            call.fail(ALWAYS_RAISES, at="source", error=error)
    require_dtype(call, index, INDEX, at="index")
    result = with_source(call, input, dim, index, source)
    if input.rank < 2 or 0 not in (*input.sizes, *source.sizes):
        in_range(call, input, dim, index)
    return result


@op("torch.index_copy")
@method("index_copy", "index_copy_")
def index_copy(
    call: Call, input: Tensor, dim: int, index: Tensor, source: Tensor, *, out: object = None
) -> Tensor:
    """The shape of the input."""
    require_dtype(call, index, LONG, at="index")
    result = with_source(call, input, dim, index, source)
    if 0 not in source.sizes:
        in_range(call, input, dim, index)
    return result


@op("torch.index_fill")
@method("index_fill", "index_fill_")
def index_fill(call: Call, input: Tensor, dim: int, index: Tensor, value: object) -> Tensor:
    """The shape of the input."""
    axis = call.axis(input.rank, dim)
    one_axis(call, index)
    require_dtype(call, index, LONG, at="index")
    single_value(call, value)
    size = input.sizes[axis] if input.rank else 1
    if 0 not in (*input.sizes[:axis], *input.sizes[axis + 1 :]):
        known_range(call, flat(index.data), axis, size, -size)
    return written(input, value)


@op("torch.index_put", "torch.index_put_")
@method("index_put", "index_put_")
def index_put(
    call: Call, input: Tensor, indices: object, values: object, accumulate: object = False
) -> Tensor:
    """The shape of the input."""
    if indices is None or isinstance(indices, (bool, int, float, str, dict, type)):
        problem = f"argument 'indices' takes a tuple of tensors, not {indices!r}"
        call.fail(CALL_ARGUMENTS, at="indices", name="index_put", problem=problem)
    if isinstance(indices, (tuple, list)) and isinstance(values, Tensor):
        if not indices:
            call.fail(ALWAYS_RAISES, at="indices", error="IndexError: there are no indices")
        parts = [slice(None) if part is None else part for part in indices]
        place(call, input, parts, getitem(call, input, tuple(parts)), values, at="values")
    return written(input, values)


@op("torch.put")
@method("put", "put_")
def put(
    call: Call, input: Tensor, index: Tensor, source: Tensor, accumulate: object = False
) -> Tensor:
    """The shape of the input."""
    require_dtype(call, index, LONG, at="index")
    require_same_dtype(call, source, input, at="source")
    got, want = product(source.sizes), product(index.sizes)
    if proves_unequal(got, want):
        error = f"RuntimeError: {want} places for {got} elements of source"
        call.fail(ALWAYS_RAISES, at="source", error=error)
    return written(input, source)


def scattered_part(call: Call, input: Tensor, src: Tensor, place: Tensor) -> Tensor:
    """`src` has the shape of the part that it replaces."""
    if src.rank != place.rank or any(map(proves_unequal, src.sizes, place.sizes)):
        error = f"RuntimeError: src is {show(src.shape)}, its place {show(place.shape)}"
        call.fail(ALWAYS_RAISES, at="src", error=error)
    return written(input, src)


@op("torch.select_scatter")
@method("select_scatter")
def select_scatter(call: Call, input: Tensor, src: Tensor, dim: int, index: Dim) -> Tensor:
    """The shape of the input."""
    return scattered_part(call, input, src, select(call, input, dim, index))


@op("torch.slice_scatter")
@method("slice_scatter")
def slice_scatter(
    call: Call,
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: object = None,
    end: object = None,
    step: object = 1,
) -> Tensor:
    """The shape of the input."""
    place = sliced(call, input, call.axis(input.rank, dim), slice(start, end, step))
    return scattered_part(call, input, src, place)


@method("fill_diagonal_")
def fill_diagonal_(call: Call, self: Tensor, fill_value: object, wrap: object = False) -> Tensor:
    """The tensor itself, written to."""
    sides = set(self.sizes)
    if self.rank < 2 or (self.rank > 2 and any(proves_unequal(s, t) for s in sides for t in sides)):
        error = f"RuntimeError: {show(self.shape)} is no matrix, and its sides are not equal"
        call.fail(ALWAYS_RAISES, at="self", error=error)
    single_value(call, fill_value, "fill_value")
    self.data = None
    return self


@op("torch.diagonal_scatter")
@method("diagonal_scatter")
def diagonal_scatter(
    call: Call, input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Tensor:
    """The shape of the input."""
    return scattered_part(call, input, src, diagonal(call, input, offset, dim1, dim2))


# -- under a mask -----------------------------------------------------------------------------


@method("masked_fill_")
def masked_fill_(call: Call, self: Tensor, mask: Tensor, value: object) -> Tensor:
    """The tensor itself, written to."""
    single_value(call, value)
    require_dtype(call, mask, MASK, at="mask")
    expanded(call, mask, (self.sizes,), at="mask")
    return written(self, mask)


@method("masked_scatter_")
def masked_scatter_(call: Call, self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The tensor itself, written to."""
    require_dtype(call, mask, MASK, at="mask")
    require_same_dtype(call, source, self, at="source")
    expanded(call, mask, (self.sizes,), at="mask")
    enough(call, mask, self.sizes, source)
    return written(self, source)


def enough(call: Call, mask: Tensor, shape: Shape, source: Tensor) -> None:
    """There must be an element for each place of a mask, as far as that is known."""
    flags = flat(mask.data)
    count = sum(flag is True for flag in flags)
    wanted = product(shape) // max(len(flags), 1) * count
    if count and mask.data is not None and proves_less(product(source.sizes), wanted):
        error = f"RuntimeError: source has {product(source.sizes)} elements for {wanted} places"
        call.fail(ALWAYS_RAISES, at="source", error=error)


@op("torch.masked_scatter")
@method("masked_scatter")
def masked_scatter(call: Call, input: Tensor, mask: Tensor, source: object) -> Tensor:
    """The shape of the input and the mask, broadcast."""
    require_dtype(call, mask, MASK, at="mask")
    result = pointwise(call, input, mask, dtype=input.dtype)
    if isinstance(source, Tensor) and source.known:
        require_same_dtype(call, source, input, at="source")
        enough(call, mask, result.sizes, source)
    return written(result, source)
