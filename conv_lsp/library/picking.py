"""Parts of a tensor by name: select, narrow, diagonals, gather and scatter, masks."""

from __future__ import annotations

from conv_lsp.axes import joined, lost, slid
from conv_lsp.dims import (
    Dim,
    less_equal,
    maximum,
    minimum,
    product,
    proves_less,
    proves_unequal,
    unknown_size,
)
from conv_lsp.findings import ALWAYS_RAISES, CALL_ARGUMENTS, INDEX_RANGE
from conv_lsp.library.algebra import pointwise, promote_operands, replace
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.constants import flat
from conv_lsp.library.indexing import selected, sliced
from conv_lsp.library.layout import crop, layout, rebuilt, strides_of
from conv_lsp.library.raising import INDEX, LONG, MASK, require_dtype
from conv_lsp.library.registry import Call, method, op, size_of
from conv_lsp.library.shaping import view, with_shape
from conv_lsp.values import MISSING, SCATTERED, Tensor, Unknown, Value
from conv_lsp.windows import Window

# -- one unit, a run of units -----------------------------------------------------------------


@op("torch.select")
@method("select")
def select(call: Call, input: Tensor, dim: int, index: Dim) -> Tensor:
    """Without the axis."""
    if not input.rank:
        call.fail(ALWAYS_RAISES, at="dim", error="IndexError: the tensor has no dimensions")
    return selected(call, input, call.axis(input.rank, dim), index)


@op("torch.narrow")
@method("narrow")
def narrow(call: Call, input: Tensor, dim: int, start: Dim, length: Dim) -> Tensor:
    """The size of the axis becomes `length`."""
    if not input.rank:
        call.fail(ALWAYS_RAISES, at="dim", error="RuntimeError: the tensor has no dimensions")
    axis = call.axis(input.rank, dim)
    size = input.sizes[axis]
    if proves_less(start, 0):
        start = size + start
    end = start + length
    if proves_less(length, 0) or proves_less(start, 0) or call.below(INDEX_RANGE, size, end):
        call.fail(INDEX_RANGE, at="length", index=end, dim=axis, size=size)
    return crop(input, axis, start, length)


def slice_(
    call: Call,
    input: Tensor,
    dim: int = 0,
    start: object = None,
    end: object = None,
    step: object = 1,
) -> Tensor:
    """A slice of an axis by name."""
    if not input.rank:
        call.fail(ALWAYS_RAISES, at="dim", error="RuntimeError: the tensor has no dimensions")
    return sliced(call, input, call.axis(input.rank, dim), slice(start, end, step))


@method("unfold")
def unfold(call: Call, self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Windows of an axis, as a view: their units stand along a new last axis."""
    axis = call.axis(self.rank, dimension, at="dimension")
    whole = self.sizes[axis] if self.rank else 1
    if step < 1 or size < 0:
        error = f"RuntimeError: windows of {size} in steps of {step}"
        call.fail(ALWAYS_RAISES, at="step", error=error)
    if call.below(ALWAYS_RAISES, whole, size):
        error = f"RuntimeError: a window of {size} is larger than the dimension, {whole}"
        call.fail(ALWAYS_RAISES, at="size", error=error)
    if not self.rank:
        return Tensor((size,), seen=self.seen, dtype=self.dtype)
    count = (whole - size) // step + 1
    shape = (*self.sizes[:axis], count, *self.sizes[axis + 1 :], size)
    link = slid(Window(size, step), self.axes[axis], whole) if size else None
    axes = (*self.axes[:axis], link, *self.axes[axis + 1 :], None)
    old = strides_of(self)
    new = old and (*old[:axis], old[axis] * step, *old[axis + 1 :], old[axis])
    return rebuilt(self, shape, axes, layout(shape, new))


# -- diagonals and triangles ------------------------------------------------------------------


@op("torch.linalg.diagonal")
def linalg_diagonal(
    call: Call, A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1
) -> Tensor:
    """The diagonal of the last two axes, as a last axis."""
    return diagonal(call, A, offset, dim1, dim2)


@op("torch.diagonal")
@method("diagonal")
def diagonal(call: Call, input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """Without the two axes, and the length of their diagonal as last axis."""
    first = call.axis(input.rank, dim1, at="dim1")
    second = call.axis(input.rank, dim2, at="dim2")
    if first == second:
        call.fail(ALWAYS_RAISES, at="dim2", error="RuntimeError: a diagonal of one dimension")
    rows, columns = input.sizes[first], input.sizes[second]
    below, right = (-offset, 0) if offset < 0 else (0, offset)
    size = maximum(minimum(rows - below, columns - right), 0)
    kept = [i for i in range(input.rank) if i not in {first, second}]
    shape = (*(input.sizes[i] for i in kept), size)
    link = lost(input.axes[first], input.axes[second])
    old = strides_of(input)
    new = old and (*(old[i] for i in kept), old[first] + old[second])
    return rebuilt(input, shape, (*(input.axes[i] for i in kept), link), layout(shape, new))


@op("torch.diag")
@method("diag")
def diag(call: Call, input: Tensor, diagonal: int = 0, *, out: object = None) -> Tensor:
    """(n,) gives (n + |diagonal|, n + |diagonal|); a matrix its diagonal, of one axis."""
    if input.rank == 1:
        return diag_embed(call, input, diagonal, 0, 1)
    if input.rank != 2:
        error = f"RuntimeError: diag takes 1 or 2 dimensions, the tensor has {input.rank}"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    found = globals()["diagonal"](call, input, diagonal)
    return rebuilt(found, found.sizes, found.axes, None)


@op("torch.diag_embed")
@method("diag_embed")
def diag_embed(
    call: Call, input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1
) -> Tensor:
    """(*, n) gives (*, n + |offset|, n + |offset|), the two axes where they are asked for."""
    rank = input.rank + 1
    first, second = call.axis(rank, dim1, at="dim1"), call.axis(rank, dim2, at="dim2")
    if first == second or not input.rank:
        call.fail(ALWAYS_RAISES, at="dim2", error="RuntimeError: a matrix needs two dimensions")
    size = input.sizes[-1] + abs(offset)
    batch = iter(zip(input.sizes[:-1], input.axes[:-1], strict=True))
    pairs = [(size, input.axes[-1]) if i in {first, second} else next(batch) for i in range(rank)]
    return Tensor(
        tuple(s for s, _ in pairs), tuple(a for _, a in pairs), seen=input.seen, dtype=input.dtype
    )


@op("torch.diagflat")
@method("diagflat")
def diagflat(call: Call, input: Tensor, offset: int = 0) -> Tensor:
    """N elements give (N + |offset|, N + |offset|)."""
    return diag_embed(call, with_shape(input, (product(input.sizes),)), offset)


@method("tril_", "triu_")
def tril_(call: Call, self: Tensor, diagonal: object = 0) -> Tensor:
    """The tensor itself, written to."""
    tril(call, self, diagonal)
    self.data = None
    return self


@op("torch.tril", "torch.triu")
@method("tril", "triu")
def tril(call: Call, input: Tensor, diagonal: object = 0, *, out: object = None) -> Tensor:
    """The shape of the input."""
    if input.rank < 2:
        error = f"RuntimeError: a triangle needs 2 dimensions, the tensor has {input.rank}"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    return rebuilt(input, input.sizes, input.axes, None)


@op("torch.tril_indices", "torch.triu_indices")
def tril_indices(call: Call, row: Dim, col: Dim, offset: object = 0, **more: object) -> Tensor:
    """(2, n) for the n places of the triangle; int64."""
    if proves_less(row, 0) or proves_less(col, 0):
        error = f"RuntimeError: a triangle of {row} rows and {col} columns"
        call.fail(ALWAYS_RAISES, at="row", error=error)
    return Tensor((2, unknown_size()), dtype="int64")


# -- by index tensors -------------------------------------------------------------------------


def one_axis(call: Call, index: Tensor, at: str = "index") -> Dim:
    """The length of an index, which has one axis at most."""
    if index.rank > 1:
        error = f"RuntimeError: the index has {index.rank} dimensions, 1 is taken"
        call.fail(ALWAYS_RAISES, at=at, error=error)
    return index.sizes[0] if index.rank else 1


@op("torch.index_select")
@method("index_select")
def index_select(
    call: Call, input: Tensor, dim: int, index: Tensor, *, out: object = None
) -> Tensor:
    """The size of the axis becomes the length of the index."""
    axis = call.axis(input.rank, dim)
    size = one_axis(call, index)
    require_dtype(call, index, INDEX, at="index")
    if not input.rank:
        known_range(call, flat(index.data), 0, 1)
        if proves_unequal(size, 1):
            error = f"RuntimeError: {size} of a tensor without dimensions are selected"
            call.fail(ALWAYS_RAISES, at="index", error=error)
        return input.like()
    known_range(call, flat(index.data), axis, input.sizes[axis])
    result = replace(input, axis, size, lost(input.axes[axis], *index.axes))
    result.strides = None
    return result


def known_range(call: Call, data: object, axis: int, size: Dim, lowest: Dim = 0) -> None:
    """Numbers of an index that are known must be units of the axis."""
    for value in data if isinstance(data, list) else ():
        if isinstance(value, int) and (proves_less(value, lowest) or proves_less(size, value + 1)):
            call.fail(INDEX_RANGE, at="index", index=value, dim=axis, size=size)


def same_rank(call: Call, name: str, got: Tensor, want: Tensor) -> None:
    """An index or a source has as many axes as the tensor; none counts as one."""
    if max(got.rank, 1) != max(want.rank, 1):
        error = f"RuntimeError: {name} has {got.rank} dimensions, the tensor has {want.rank}"
        call.fail(ALWAYS_RAISES, at=name, error=error)


def within(call: Call, name: str, small: Tensor, large: Tensor, but: int = -1) -> None:
    """No axis of one tensor is longer than that of another, apart from one axis."""
    pairs = zip(small.sizes or (1,), large.sizes or (1,), strict=False)
    for i, (a, b) in enumerate(pairs):
        if i != but and less_equal(a, b) is False:
            error = f"RuntimeError: the index has size {a} at dimension {i}, {name} has {b}"
            call.fail(ALWAYS_RAISES, at="index", error=error)


@op("torch.gather")
@method("gather")
def gather(
    call: Call,
    input: Tensor,
    dim: int,
    index: Tensor,
    *,
    sparse_grad: object = False,
    out: object = None,
) -> Tensor:
    """The shape of the index."""
    axis = call.axis(input.rank, dim)
    if 0 in index.sizes:
        return input.like(index.sizes)
    require_dtype(call, index, INDEX, at="index")
    same_rank(call, "index", index, input)
    within(call, "input", index, input, axis)
    if input.rank == index.rank:
        pairs = zip(input.axes, index.axes, strict=True)
        axes = [lost(a, b) if i == axis else joined(a, b) for i, (a, b) in enumerate(pairs)]
    else:
        axes = list(index.axes)
    return Tensor(
        index.sizes,
        tuple(axes),
        seen=joined(input.seen, index.seen),
        dtype=input.dtype,
        strides=None if index.strides is None else SCATTERED,
    )


@op("torch.take")
@method("take")
def take(call: Call, input: Tensor, index: Tensor) -> Tensor:
    """The shape of the index."""
    require_dtype(call, index, LONG, at="index")
    link = lost(*input.axes, *index.axes)
    return index.like(
        index.sizes, tuple(link for _ in index.axes), seen=input.seen, dtype=input.dtype
    )


@op("torch.take_along_dim")
@method("take_along_dim")
def take_along_dim(
    call: Call, input: Tensor, indices: Tensor, dim: int | None = None, *, out: object = None
) -> Tensor:
    """The shape of the index, broadcast but for the axis; without dim (N,), N its elements."""
    if dim is not None or 0 not in indices.sizes:
        require_dtype(call, indices, LONG if dim is not None else INDEX, at="indices")
    if dim is None:
        rows = [view(call, t, -1) for t in (input, indices)]
        return gather(call, rows[0], 0, rows[1])
    if input.rank != indices.rank:
        error = f"RuntimeError: indices have {indices.rank} dimensions, the input has {input.rank}"
        call.fail(ALWAYS_RAISES, at="indices", error=error)
    axis = call.axis(input.rank, dim)
    if not input.rank:
        call.fail(ALWAYS_RAISES, at="dim", error="IndexError: the tensor has no dimensions")
    one = replace(input, axis, 1, lost(input.axes[axis]))
    rest = replace(indices, axis, 1, None)
    common = pointwise(call, one, rest, dtype=input.dtype)
    return replace(common, axis, indices.sizes[axis], lost(input.axes[axis]))


# -- masks ------------------------------------------------------------------------------------


@op("torch.masked_fill")
@method("masked_fill")
def masked_fill(call: Call, input: Tensor, mask: Tensor, value: object) -> Tensor:
    """The shape of the input and the mask, broadcast."""
    single_value(call, value)
    require_dtype(call, mask, MASK, at="mask")
    result = pointwise(call, input, mask, dtype=input.dtype)
    result.strides = None
    return result


def single_value(call: Call, value: Value, at: str = "value") -> None:
    """What fills a mask is one number."""
    if isinstance(value, Tensor) and value.known and value.rank:
        error = f"RuntimeError: {at} has {value.rank} dimensions, a single number is taken"
        call.fail(ALWAYS_RAISES, at=at, error=error)


@op("torch.masked_select")
@method("masked_select")
def masked_select(call: Call, input: Tensor, mask: Tensor, *, out: object = None) -> Tensor:
    """(n,), n not known: as many as are true in the mask."""
    require_dtype(call, mask, MASK, at="mask")
    both = pointwise(call, input, mask, dtype=input.dtype)
    return Tensor((unknown_size(),), (lost(*both.axes),), seen=both.seen, dtype=input.dtype)


@op("torch.where")
def where(call: Call, condition: Tensor, input: object = MISSING, other: object = MISSING) -> Value:
    """The shape of all three, broadcast; of a condition alone the places, as nonzero."""
    if input is MISSING and other is MISSING:
        return nonzero(call, condition, as_tuple=True)
    if input is MISSING or other is MISSING:
        problem = "takes one argument or three, two are given"
        call.fail(CALL_ARGUMENTS, name="where", problem=problem)
    return chosen(call, condition, input, other)


@method("where")
def where_method(call: Call, self: object, condition: Tensor, other: object) -> Value:
    """The shape of all three, broadcast."""
    return chosen(call, condition, self, other)


def chosen(call: Call, condition: Tensor, left: Value, right: Value) -> Tensor:
    """Element by element from one of two."""
    require_dtype(call, condition, ("bool", "uint8"), at="condition")
    unknown = next((v for v in (left, right) if isinstance(v, Unknown)), None)
    parts = [v if isinstance(v, Tensor) else Tensor((), dtype=_kind(v)) for v in (left, right)]
    unknown = unknown or next((p.shape for p in parts if isinstance(p.shape, Unknown)), None)
    if unknown is not None:
        return Tensor(unknown)
    return pointwise(call, condition, *parts, dtype=promote_operands(parts))


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "bool"
    return "int64" if isinstance(value, int) else "float32"


OTHER_TYPES["torch.nonzero"] = OTHER_TYPES["torch.Tensor.nonzero"] = "as_tuple:b"


@op("torch.nonzero")
@method("nonzero")
def nonzero(call: Call, input: Tensor, *, out: object = None, as_tuple: object = False) -> Value:
    """(n, rank), n not known; with as_tuple a tensor (n,) for each axis; int64."""
    hits = unknown_size()
    seen = joined(input.seen, lost(*input.axes))
    if as_tuple is True:
        count = max(input.rank, 1)
        return tuple(Tensor((hits,), seen=seen, dtype="int64") for _ in range(count))
    return Tensor((hits, input.rank), seen=seen, dtype="int64")


@op("torch.argwhere")
@method("argwhere")
def argwhere(call: Call, input: Tensor) -> Tensor:
    """(n, rank), n not known; int64."""
    seen = joined(input.seen, lost(*input.axes))
    return Tensor((unknown_size(), input.rank), seen=seen, dtype="int64")


@op("torch.nn.functional.one_hot")
def one_hot(call: Call, tensor: Tensor, num_classes: object = -1) -> Tensor:
    """(*) gives (*, num_classes), int64; without num_classes it is the largest number + 1."""
    require_dtype(call, tensor, LONG, at="tensor")
    size = size_of(num_classes)
    if size in {0, -1} and 0 in tensor.sizes:
        error = "RuntimeError: of no numbers the number of classes is not told"
        call.fail(ALWAYS_RAISES, at="num_classes", error=error)
    known = [n for n in flat(tensor.data) if isinstance(n, int)]
    if (size is not None and proves_less(size, -1)) or any(n < 0 for n in known):
        error = "RuntimeError: a class has a negative number"
        call.fail(ALWAYS_RAISES, at="num_classes", error=error)
    if isinstance(size, int) and size != -1 and any(n >= size for n in known):
        error = f"RuntimeError: class {max(known)} is not one of {size}"
        call.fail(ALWAYS_RAISES, at="num_classes", error=error)
    if size is None or size == -1:
        size = unknown_size()
    return Tensor((*tensor.sizes, size), (*tensor.axes, None), seen=tensor.seen, dtype="int64")
