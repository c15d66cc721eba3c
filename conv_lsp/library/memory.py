"""The order of elements in memory: contiguous, clone, memory formats, strides by hand."""

from __future__ import annotations

from conv_lsp.dims import proves_less, proves_unequal
from conv_lsp.findings import ALWAYS_RAISES
from conv_lsp.library.algebra import laid_out, show
from conv_lsp.library.dtypes import MemoryFormat, last_axes
from conv_lsp.library.layout import insert, layout, permute, rebuilt, strides_of
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.library.shaping import flatten
from conv_lsp.library.sizes import integers, listed, sizes
from conv_lsp.values import SCATTERED, Tensor, Unknown


@method("resize_")
def resize_(
    call: Call, self: AnyRank, *size: object, memory_format: object = None, **names: object
) -> Tensor:
    """The tensor with other sizes; what it then holds is partly new."""
    shape = sizes(call, listed(call, size, names, "size"))
    if not isinstance(shape, Unknown) and any(proves_less(n, 0) for n in shape):
        error = f"RuntimeError: {show(shape)} has a negative size"
        call.fail(ALWAYS_RAISES, at="size", error=error)
    return self if shape == self.shape else Tensor(shape, dtype=self.dtype)


@method("resize_as_")
def resize_as_(
    call: Call, self: AnyRank, the_template: AnyRank, *, memory_format: object = None
) -> Tensor:
    """The tensor with the sizes of another."""
    if the_template.shape == self.shape:
        return self
    return Tensor(the_template.shape, dtype=self.dtype)


@method("contiguous")
def contiguous(call: Call, self: AnyRank, *, memory_format: object = None) -> Tensor:
    """The same shape, in row-major order or another format."""
    if isinstance(memory_format, MemoryFormat) and memory_format.name == "preserve_format":
        if not self.strides:
            return self
        error = "RuntimeError: contiguous() does not take torch.preserve_format"
        call.fail(ALWAYS_RAISES, at="memory_format", error=error)
    check_format(call, self, memory_format)
    return formatted(self, memory_format)


def check_format(call: Call, input: Tensor, memory_format: object) -> None:
    """A channels-last format is of one rank."""
    rank = last_axes(memory_format) if isinstance(memory_format, MemoryFormat) else 0
    if rank and input.known and input.rank != rank:
        error = (
            f"RuntimeError: {memory_format} is of {rank} dimensions, the tensor has {input.rank}"
        )
        call.fail(ALWAYS_RAISES, at="memory_format", error=error)


@op("torch.clone")
@method("clone")
def clone(call: Call, input: AnyRank, *, memory_format: object = None) -> Tensor:
    """The shape of the input."""
    check_format(call, input, memory_format)
    copy = formatted(input, memory_format) if memory_format is not None else dense(input)
    copy = copy if copy is not input else input.like()
    copy.data = input.data
    return copy


def dense(input: Tensor) -> Tensor:
    """A copy in the order that the elements have in memory."""
    return laid_out(input.like(), (input,))


def formatted(input: Tensor, memory_format: object) -> Tensor:
    """The same tensor in a memory format; row-major where none is given."""
    if not input.known or isinstance(memory_format, Unknown):
        return input if not input.known else scattered(input)
    if isinstance(memory_format, MemoryFormat):
        if memory_format.name == "preserve_format":
            return dense(input)
        if input.rank and input.rank == last_axes(memory_format):
            return channels_last(input)
    if input.strides is None:
        return input
    return rebuilt(input, input.sizes, input.axes, None)


def scattered(input: Tensor) -> Tensor:
    """In a layout that is not known."""
    return rebuilt(input, input.sizes, input.axes, SCATTERED)


def channels_last(input: Tensor) -> Tensor:
    """The channels, axis 1, lie together in memory."""
    rank = input.rank
    inner = rebuilt(input, input.sizes, input.axes, None)
    order = [0, *range(2, rank), 1]
    moved = permute(inner, order)
    moved.strides = None
    return permute(moved, [order.index(i) for i in range(rank)])


@op("torch.as_strided")
@method("as_strided")
def as_strided(
    call: Call, input: Tensor, size: object, stride: object, storage_offset: object = None
) -> Tensor:
    """The sizes given."""
    shape, steps = sizes(call, (size,)), integers(stride)
    if isinstance(shape, Unknown):
        return Tensor(shape, dtype=input.dtype)
    strides = None if isinstance(steps, Unknown) else tuple(steps)
    if strides is not None and len(strides) != len(shape):
        error = f"RuntimeError: {len(strides)} strides are given for {len(shape)} sizes"
        call.fail(ALWAYS_RAISES, at="stride", error=error)
    offset = storage_offset if isinstance(storage_offset, int) else 0
    if any(proves_less(n, 0) for n in (*shape, *(strides or ()), offset)):
        call.fail(ALWAYS_RAISES, at="stride", error="RuntimeError: a size or stride is negative")
    return Tensor(shape, dtype=input.dtype, strides=layout(shape, strides))


@op("torch.view_as_real")
def view_as_real(call: Call, input: Tensor) -> Tensor:
    """(*) complex numbers give (*, 2) real ones."""
    if not input.dtype.startswith("complex"):
        error = f"RuntimeError: view_as_real() takes complex numbers, not {input.dtype}"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    kept = insert(input, input.rank)
    return kept.like((*input.sizes, 2), kept.axes, dtype=_PARTS.get(input.dtype, "float32"))


@op("torch.view_as_complex")
def view_as_complex(call: Call, input: Tensor) -> Tensor:
    """(*, 2) real numbers give (*) complex ones."""
    if input.dtype not in _PARTS.values():
        error = f"RuntimeError: view_as_complex() takes floating point numbers, not {input.dtype}"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    if not input.rank or proves_unequal(input.sizes[-1], 2):
        error = "RuntimeError: the last dimension must have size 2"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    steps = strides_of(input)
    if (steps is not None and steps[-1] != 1) or any(s % 2 for s in (steps or ())[:-1]):
        error = "RuntimeError: real and imaginary numbers do not lie side by side in memory"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    whole = {part: kind for kind, part in _PARTS.items()}.get(input.dtype, "complex64")
    return input.like(input.sizes[:-1], input.axes[:-1], dtype=whole)


_PARTS = {"complex64": "float32", "complex128": "float64", "complex32": "float16"}


@op("torch.ravel")
@method("ravel")
def ravel(call: Call, input: Tensor) -> Tensor:
    """(N,), N the number of elements."""
    return formatted(flatten(call, input), None)
