"""What a tensor tells of itself, casts, and methods that leave the shape alone."""

from __future__ import annotations

import re
from typing import Any

from conv_lsp.dims import proves_unequal
from conv_lsp.findings import ALWAYS_RAISES
from conv_lsp.library.algebra import COMPLEX, is_floating, numel
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.casts import alias
from conv_lsp.library.constants import Between, flat
from conv_lsp.library.creation import built, differentiable
from conv_lsp.library.dtypes import (
    CPU,
    DTYPES,
    ITEM_SIZES,
    Device,
    MemoryFormat,
)
from conv_lsp.library.layout import strides_of
from conv_lsp.library.raising import (
    require_dtype,
    require_same_dtype,
)
from conv_lsp.library.registry import NAMES, AnyRank, Call, attribute, checked_attribute, method, op
from conv_lsp.values import MISSING, UNTYPED, List, Size, Tensor, Unknown, Value, unknown_number

# -- shape ------------------------------------------------------------------------------------


@attribute("shape")
def shape(self: Tensor) -> Value:
    """The sizes."""
    return self.shape if isinstance(self.shape, Unknown) else Size(self.shape)


@method("size")
def size(call: Call, self: AnyRank, dim: int | None = None) -> Value:
    """The sizes, or the size of one axis."""
    if isinstance(self.shape, Unknown):
        return self.shape if dim is None else Unknown(f"size {dim} of a tensor: {self.shape.why}")
    if dim is None:
        return Size(self.shape)
    if not self.rank:
        call.fail(
            ALWAYS_RAISES, at="dim", error="IndexError: a tensor without dimensions has no sizes"
        )
    return self.shape[call.axis(self.rank, dim)]


@attribute("ndim")
def ndim(self: Tensor) -> Value:
    """The number of axes."""
    return self.shape if isinstance(self.shape, Unknown) else len(self.shape)


@method("dim", "ndimension")
def dim(call: Call, self: AnyRank) -> Value:
    """The number of axes."""
    return ndim(self)


@op("torch.numel")
@method("numel", "nelement")
def count(call: Call, input: AnyRank) -> Value:
    """The number of elements: the product of the sizes."""
    return input.shape if isinstance(input.shape, Unknown) else numel(input.shape)


@method("__len__")
def length(call: Call, self: AnyRank) -> Value:
    """The size of the first axis."""
    if isinstance(self.shape, Unknown):
        return self.shape
    if not self.shape:
        call.fail(ALWAYS_RAISES, error="TypeError: a tensor without dimensions has no length")
    return self.shape[0]


# -- memory and type --------------------------------------------------------------------------


@method("stride")
def stride(call: Call, self: AnyRank, dim: int | None = None) -> Value:
    """The steps in memory along the axes, or along one."""
    if dim is not None and self.known:
        if not self.rank:
            error = "IndexError: a tensor without dimensions has no strides"
            call.fail(ALWAYS_RAISES, at="dim", error=error)
        dim = call.axis(self.rank, dim)
    strides = strides_of(self) if self.known else None
    if strides is None:
        return Unknown("the memory layout is not known")
    return strides if dim is None else strides[dim]


@method("is_contiguous")
def is_contiguous(call: Call, self: AnyRank, *, memory_format: object = None) -> Value:
    """Whether the elements lie in memory in row-major order."""
    row_major = memory_format is None or (
        isinstance(memory_format, MemoryFormat) and memory_format.name == "contiguous_format"
    )
    if not row_major or not self.known or (self.strides is not None and not self.strides):
        return Unknown("the memory layout is not known")
    return self.strides is None


@attribute("dtype")
def dtype(self: Tensor) -> Value:
    """The dtype."""
    return DTYPES.get(self.dtype, Unknown("the dtype is not known"))


@attribute("device")
def device(self: Tensor) -> Value:
    """The CPU, wherever the tensor is."""
    return CPU


@attribute("requires_grad")
def requires_grad(self: Tensor) -> Value:
    """A parameter may be frozen, when it is made or later."""
    return Unknown("whether a gradient is needed")


@attribute("is_cuda", "is_sparse", "is_quantized", "is_meta", "is_nested", "is_mkldnn", "is_mps")
def never(self: Tensor) -> Value:
    """True of tensors on other devices, or of other sorts, than are followed."""
    return False


@attribute("is_cpu")
def is_cpu(self: Tensor) -> Value:
    """True."""
    return True


@attribute("itemsize")
def itemsize(self: Tensor) -> Value:
    """The bytes of an element."""
    return ITEM_SIZES.get(self.dtype, Unknown("the dtype is not known"))


@attribute("grad")
def grad(self: Tensor) -> Value:
    """What the last backward pass left; its kind says that there may have been none."""
    return Tensor(self.shape, dtype=self.dtype, kind="gradient")


@attribute("grad_fn")
def grad_fn(self: Tensor) -> Value:
    """None for a parameter; otherwise not known."""
    return None if self.kind == "parameter" else Unknown("whether a gradient is needed")


@attribute("_base")
def none(self: Tensor) -> Value:
    """None."""
    return None


@attribute("data")
def data(self: Tensor) -> Value:
    """The shape of the tensor, whose memory it shares."""
    return alias(self)


@attribute("real")
def real_part(self: Tensor) -> Value:
    """The real numbers of complex ones, of the same shape; of others the tensor itself."""
    return self if "complex" not in self.dtype else part(self)


@checked_attribute("imag")
@op("torch.imag")
def imag(call: Call, input: AnyRank) -> Tensor:
    """The imaginary numbers of complex ones."""
    require_dtype(call, input, tuple(COMPLEX.values()), at="input")
    return part(input)


@op("torch.real")
def real(call: Call, input: AnyRank) -> Tensor:
    """The real numbers of complex ones; of others the tensor itself."""
    return input if "complex" not in input.dtype else part(input)


def part(self: Tensor) -> Tensor:
    """The real or the imaginary numbers of complex ones: every other number in memory."""
    kind = {"complex128": "float64", "complex32": "float16"}.get(
        self.dtype, UNTYPED if self.dtype == UNTYPED else "float32"
    )
    if not self.known:
        return Tensor(self.shape, dtype=kind)
    strides = strides_of(self)
    result = self.like(dtype=kind)
    result.strides = () if strides is None else tuple(2 * s for s in strides)
    return result


@attribute("nbytes")
def nbytes(self: Tensor) -> Value:
    """The bytes of all elements."""
    size = ITEM_SIZES.get(self.dtype)
    known = size is not None and self.known
    return numel(self.sizes) * size if known and size else Unknown("the bytes of a tensor")


@attribute("output_nr", "name", "grad_dtype", "is_leaf", "retains_grad", "volatile")
def of_gradients(self: Tensor) -> Value:
    """Gradients are not followed."""
    return Unknown("a thing of gradients")


@attribute("layout")
def layout(self: Tensor) -> Value:
    """torch.strided."""
    return "strided"


@op("torch.is_tensor")
def is_tensor(call: Call, obj: object) -> Value:
    """Whether it is a tensor."""
    return obj if isinstance(obj, Unknown) else isinstance(obj, Tensor)


@op("torch.is_floating_point")
@method("is_floating_point")
def is_floating_point(call: Call, input: AnyRank) -> Value:
    """Whether the dtype is one of floating point numbers."""
    if input.dtype == UNTYPED:
        return Unknown("the dtype is not known")
    return is_floating(input.dtype) and not input.dtype.startswith("complex")


@op("torch.is_complex")
@method("is_complex")
def is_complex(call: Call, input: AnyRank) -> Value:
    """Whether the dtype is one of complex numbers."""
    if input.dtype == UNTYPED:
        return Unknown("the dtype is not known")
    return input.dtype.startswith("complex")


@method("element_size")
def element_size(call: Call, self: AnyRank) -> Value:
    """The bytes of an element."""
    return ITEM_SIZES.get(self.dtype, Unknown("the dtype is not known"))


@method("get_device")
def get_device(call: Call, self: AnyRank) -> Value:
    """-1, as on the CPU."""
    return -1


# -- numbers ----------------------------------------------------------------------------------


@method("item")
def item(call: Call, self: AnyRank) -> Value:
    """The number of a tensor of one element, where it is followed."""
    if self.known and proves_unequal(numel(self.sizes), 1):
        error = f"RuntimeError: a tensor of {numel(self.sizes)} elements is no single number"
        call.fail(ALWAYS_RAISES, error=error)
    numbers = flat(self.data) if self.data is not None else []
    if len(numbers) != 1:
        return unknown_number("the value of a tensor is not followed")
    return copied(call, numbers[0])


@method("tolist")
def tolist(call: Call, self: AnyRank) -> Value:
    """The numbers in nested lists, where they are followed."""
    if self.data is None:
        return Unknown("the values of a tensor are not followed")
    return copied(call, self.data)


def copied(call: Call, numbers: Any) -> Value:
    """Nested lists that the caller may change."""
    if isinstance(numbers, list):
        return call.host.new(List([copied(call, n) for n in numbers]))
    if isinstance(numbers, Between):
        return Unknown(f"a number from {numbers.low} to {numbers.high}, as torch rounds it")
    return numbers


# -- classes ----------------------------------------------------------------------------------


@op("builtins.Tensor")
def tensor_class(call: Call, *args: object, device: object = None) -> Tensor:
    """torch.Tensor(2, 3), or of data; the class itself stands under its name for isinstance."""
    return built(call, args, "float32")


NAMES["torch.Tensor"] = Tensor


for _name in ("torch.nn", "torch.nn.parameter"):
    OTHER_TYPES[f"{_name}.Parameter"] = "data:Tn requires_grad:b"
    OTHER_TYPES[f"{_name}.Buffer"] = "data:Tn persistent:b"
OTHER_TYPES["torch.Tensor.set_"] = "source:T storage_offset:i"


@op("torch.nn.Parameter", "torch.nn.parameter.Parameter")
def parameter(call: Call, data: object = None, requires_grad: object = True) -> Tensor:
    """The shape of the data, as a parameter; without data (0,)."""
    if isinstance(data, Tensor):
        differentiable(call, requires_grad, data.dtype)
    return owned(data, "parameter")


@op("torch.nn.Buffer", "torch.nn.parameter.Buffer")
def buffer(call: Call, data: object = None, *, persistent: object = True) -> Tensor:
    """The shape of the data, as a buffer; without data (0,)."""
    return owned(data, "buffer")


@op("torch.nn.UninitializedParameter", "torch.nn.parameter.UninitializedParameter")
def uninitialized(
    call: Call, requires_grad: object = True, device: object = None, dtype: object = None
) -> Tensor:
    """A parameter of unknown shape."""
    return owned(Unknown("a parameter that is not initialised"), "parameter")


def owned(data: Value, kind: Any) -> Tensor:
    """A tensor that belongs to a module; it has its own numbers, which training changes."""
    if isinstance(data, Tensor):
        made = data.like()
    else:
        made = Tensor(
            (0,) if data is None else data if isinstance(data, Unknown) else Unknown("data")
        )
    made.kind = kind
    return made


@op("torch.device")
def device_class(call: Call, device: object = None, index: object = None) -> Value:
    """A device of a type, with an index."""
    if isinstance(device, Device):
        return device
    found = re.fullmatch(r"([a-z]+)(?::(\d+))?", device) if isinstance(device, str) else None
    if found is None:
        return Unknown("a device that is not known")
    number = found[2] if found[2] is not None else index
    return Device(found[1], int(number) if isinstance(number, (str, int)) else None)


@method("set_")
def set_(
    call: Call,
    self: AnyRank,
    source: object = MISSING,
    storage_offset: object = 0,
    size: object = None,
    stride: object = None,
) -> Tensor:
    """The memory, and so the sizes, of another tensor; without one it is empty."""
    if source is MISSING:
        return self.like((0,))
    if isinstance(source, Tensor):
        require_same_dtype(call, source, self, at="source")
    return source if isinstance(source, Tensor) and size is None else Tensor(Unknown("its storage"))
