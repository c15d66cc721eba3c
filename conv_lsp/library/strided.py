"""Tensors with strides by hand, fills and copies that have a function of their own."""

from __future__ import annotations

from typing import Final

from conv_lsp.dims import Dim, proves_less, proves_unequal
from conv_lsp.findings import ALWAYS_RAISES, CALL_ARGUMENTS, EXPAND_SIZE
from conv_lsp.library.algebra import FLOATS, pointwise, reduce, show
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.creation import differentiable, made, plain, representable
from conv_lsp.library.dtypes import ITEM_SIZES, dtype_name
from conv_lsp.library.layout import layout, rebuilt
from conv_lsp.library.memory import as_strided, dense
from conv_lsp.library.picking import single_value
from conv_lsp.library.raising import (
    INTEGERS,
    certainly_raises,
    refuse,
    require_dtype,
    require_same_dtype,
    writable,
)
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.library.sizes import integers, listed, sizes
from conv_lsp.library.writing import in_range, scattered_part, with_source
from conv_lsp.values import SCATTERED, Tensor, Unknown, Value

# -- strides by hand --------------------------------------------------------------------------


def with_strides(call: Call, result: Tensor, stride: object) -> Tensor:
    """A new tensor with strides."""
    steps = integers(stride)
    if isinstance(steps, Unknown) or not result.known:
        return Tensor(result.shape, dtype=result.dtype, strides=())
    if len(steps) != result.rank:
        error = f"RuntimeError: {len(steps)} strides are given for {result.rank} sizes"
        call.fail(ALWAYS_RAISES, at="stride", error=error)
    if any(step < 0 for step in steps):
        call.fail(ALWAYS_RAISES, at="stride", error="RuntimeError: a stride is negative")
    return rebuilt(result, result.sizes, result.axes, layout(result.sizes, tuple(steps)))


@op("torch.empty_strided")
def empty_strided(
    call: Call,
    size: object,
    stride: object,
    *,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """A tensor of the sizes, with the strides."""
    return with_strides(call, plain(call, (size,), None, dtype, requires_grad), stride)


@method("new_empty_strided")
def new_empty_strided(
    call: Call,
    self: AnyRank,
    size: object,
    stride: object,
    *,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """A tensor of the sizes, with the strides and the dtype of this one."""
    kind = dtype_name(dtype, self.dtype)
    differentiable(call, requires_grad, kind)
    return with_strides(call, made(call, (size,), None, kind), stride)


@op("torch.empty_permuted")
def empty_permuted(
    call: Call,
    size: object,
    physical_layout: object,
    *,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """A tensor of the sizes, whose axes lie in memory in an order."""
    result = plain(call, (size,), None, dtype, requires_grad)
    order = integers(physical_layout)
    if isinstance(order, Unknown) or not result.known:
        return Tensor(result.shape, dtype=result.dtype, strides=())
    if sorted(order) != list(range(result.rank)):
        error = f"RuntimeError: {order} is no order of {result.rank} dimensions"
        call.fail(ALWAYS_RAISES, at="physical_layout", error=error)
    steps, step = [0] * result.rank, 1
    for axis in reversed(order):
        size_here = result.sizes[axis]
        if not isinstance(size_here, int):
            return Tensor(result.shape, dtype=result.dtype, strides=())
        steps[axis] = step
        step *= max(size_here, 1)
    return with_strides(call, result, tuple(steps))


@op("torch.as_strided_")
@method("as_strided_")
def as_strided_(
    call: Call, input: Tensor, size: object, stride: object, storage_offset: object = None
) -> Tensor:
    """The tensor with other sizes and strides."""
    return as_strided(call, input, size, stride, storage_offset)


@op("torch.as_strided_scatter")
@method("as_strided_scatter")
def as_strided_scatter(
    call: Call,
    input: Tensor,
    src: Tensor,
    size: object,
    stride: object,
    storage_offset: object = None,
) -> Tensor:
    """The tensor with a part replaced: `src` has the size of the part."""
    place = as_strided(call, input, size, stride, storage_offset)
    if not place.known:
        return input.like()
    return dense(scattered_part(call, input, src, place))


# -- fills ------------------------------------------------------------------------------------


@op("torch.fill")
def fill(call: Call, input: AnyRank, value: object) -> Tensor:
    """A tensor like this one, full of one number."""
    single_value(call, value)
    representable(call, value, input.dtype, "value")
    return dense(input.like()) if input.known else input.like()


@op("torch.fill_")
def fill_(call: Call, input: AnyRank, value: object) -> Tensor:
    """The tensor itself, full of one number."""
    single_value(call, value)
    representable(call, value, input.dtype, "value")
    writable(call, input)
    input.data = None
    return input


@op("torch.zero_")
def zero_(call: Call, input: AnyRank) -> Tensor:
    """The tensor itself, full of zeros."""
    writable(call, input)
    input.data = None
    return input


@op("torch.detach_", "torch.conj", "torch.resolve_conj", "torch.resolve_neg")
def same(call: Call, input: AnyRank) -> Tensor:
    """The tensor itself."""
    return input


@op("torch.resize_as_")
def resize_as_(
    call: Call, input: AnyRank, the_template: AnyRank, *, memory_format: object = None
) -> Tensor:
    """The tensor with the sizes of another."""
    if the_template.shape == input.shape:
        return input
    return Tensor(the_template.shape, dtype=input.dtype)


@op("torch.frombuffer")
def frombuffer(
    call: Call,
    buffer: object,
    *,
    dtype: object,
    count: object = -1,
    offset: object = 0,
    requires_grad: object = False,
) -> Tensor:
    """A row of as many numbers as the bytes hold, or as are asked for."""
    if buffer is None or isinstance(buffer, (bool, int, float, str, list, tuple, dict, type)):
        certainly_raises(call, "TypeError", f"{buffer!r} is no buffer of bytes", at="buffer")
    kind = dtype_name(dtype, "")
    size = ITEM_SIZES.get(kind)
    if isinstance(count, int) and count > 0:
        return Tensor((count,), dtype=kind)
    if not isinstance(buffer, (bytes, bytearray)) or size is None or not isinstance(offset, int):
        return Tensor(Unknown("the length of a buffer"), dtype=kind)
    rest = len(buffer) - offset
    if rest <= 0 or rest % size:
        certainly_raises(call, "ValueError", f"{rest} bytes hold no numbers of {kind}")
    return Tensor((rest // size,), dtype=kind)


# -- places -----------------------------------------------------------------------------------


OTHER_TYPES["torch.nonzero_static"] = "input:T size:i fill_value:i"
OTHER_TYPES["torch.Tensor.nonzero_static"] = "size:i fill_value:i"


@op("torch.nonzero_static")
@method("nonzero_static")
def nonzero_static(call: Call, input: Tensor, *, size: Dim, fill_value: object = -1) -> Tensor:
    """`size` rows of places."""
    if proves_less(size, 0):
        call.fail(ALWAYS_RAISES, at="size", error=f"RuntimeError: {size} places are asked for")
    return Tensor((size, input.rank), dtype="int64")


WAYS: Final = ("prod", "mean", "amax", "amin")


@op("torch.index_reduce")
@method("index_reduce", "index_reduce_")
def index_reduce(
    call: Call,
    input: Tensor,
    dim: int,
    index: Tensor,
    source: Tensor,
    reduce: object,
    *,
    include_self: object = True,
    out: object = None,
) -> Tensor:
    """The tensor after a slice of the source for each number of the index."""
    if isinstance(reduce, str) and reduce not in WAYS:
        error = f"RuntimeError: reduce is one of {', '.join(WAYS)}, not {reduce!r}"
        call.fail(ALWAYS_RAISES, at="reduce", error=error)
    require_dtype(call, index, ("int32", "int64"), at="index")
    refuse(call, input, ("bool",))
    result = with_source(call, input, dim, index, source)
    in_range(call, input, dim, index)
    return result


@method("sum_to_size")
def sum_to_size(call: Call, self: Tensor, *size: object, **names: object) -> Tensor:
    """The sum over the axes that broadcasting to this shape would have made."""
    shape = sizes(call, listed(call, size, names, "size"))
    if isinstance(shape, Unknown):
        return Tensor(shape, dtype=self.dtype)
    if len(shape) > self.rank:
        error = f"RuntimeError: {show(shape)} does not broadcast to {show(self.shape)}"
        call.fail(ALWAYS_RAISES, at="size", error=error)
    more = self.rank - len(shape)
    for axis, want in enumerate(shape, more):
        got = self.sizes[axis]
        if proves_unequal(got, want) and proves_unequal(want, 1):
            call.fail(EXPAND_SIZE, at="size", got=want, want=got, dim=axis)
    gone = [i for i in range(self.rank) if i < more or shape[i - more] == 1 != self.sizes[i]]
    if not gone:
        return self
    summed = reduce_to(call, self, gone, more)
    return summed.like(shape, summed.axes)


def reduce_to(call: Call, input: Tensor, gone: list[int], more: int) -> Tensor:
    """Axes summed up; the first ones are dropped, of the others one unit stays."""
    kept = reduce(call, input, tuple(gone), True) if gone else input
    return reduce(call, kept, tuple(range(more))) if more else kept


@op("torch.binomial")
def binomial(call: Call, count: Tensor, prob: Tensor, generator: object = None) -> Tensor:
    """A number for each count and chance, which broadcast."""
    require_dtype(call, count, FLOATS, at="count")
    require_same_dtype(call, prob, count, at="prob")
    if isinstance(generator, (bool, int, float, str, list, tuple, dict, type)):
        problem = f"argument 'generator' takes a generator, not {generator!r}"
        call.fail(CALL_ARGUMENTS, at="generator", name="binomial", problem=problem)
    result = pointwise(call, count, prob, dtype=count.dtype)
    if result.strides is not None:
        result.strides = SCATTERED
    return result


@op("torch.unravel_index", "torch.functional.unravel_index")
def unravel_index(call: Call, indices: Tensor, shape: object) -> Value:
    """The place on each axis of a shape."""
    require_dtype(call, indices, tuple(INTEGERS), at="indices")
    if shape is None or isinstance(shape, (float, str, dict)):
        certainly_raises(call, "TypeError", f"{shape!r} is no shape", at="shape")
    found = sizes(call, (shape,))
    if isinstance(found, Unknown):
        return found
    if any(proves_less(n, 0) for n in found):
        certainly_raises(call, "ValueError", f"{show(found)} has a negative size", at="shape")
    one = Tensor(indices.sizes, indices.axes, dtype="int64", strides=SCATTERED)
    return (one,) * len(found)


OTHER_TYPES["torch.unravel_index"] = OTHER_TYPES["torch.functional.unravel_index"] = "indices:T"
