"""What a tensor tells of itself, casts, and methods that leave the shape alone."""

from __future__ import annotations

import re
from typing import Any, Final

from conv_lsp.axes import joined, lost
from conv_lsp.dims import proves_unequal
from conv_lsp.findings import ALWAYS_RAISES
from conv_lsp.library.algebra import is_floating, numel
from conv_lsp.library.constants import Between, flat, rounded
from conv_lsp.library.creation import CLASSES, built
from conv_lsp.library.dtypes import (
    ALIASES,
    CPU,
    DTYPES,
    ITEM_SIZES,
    Device,
    DType,
    MemoryFormat,
    dtype_name,
)
from conv_lsp.library.indexing import fits
from conv_lsp.library.layout import rebuilt, strides_of
from conv_lsp.library.memory import formatted
from conv_lsp.library.registry import NAMES, AnyRank, Call, attribute, method, op
from conv_lsp.values import UNTYPED, List, Size, Tensor, Unknown, Value

# -- shape ------------------------------------------------------------------------------------


@attribute("shape")
def shape(self: Tensor) -> Value:
    return self.shape if isinstance(self.shape, Unknown) else Size(self.shape)


@method("size")
def size(call: Call, self: AnyRank, dim: int | None = None) -> Value:
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
    return self.shape if isinstance(self.shape, Unknown) else len(self.shape)


@method("dim", "ndimension")
def dim(call: Call, self: AnyRank) -> Value:
    return ndim(self)


@op("torch.numel")
@method("numel", "nelement")
def count(call: Call, input: AnyRank) -> Value:
    return input.shape if isinstance(input.shape, Unknown) else numel(input.shape)


@method("__len__")
def length(call: Call, self: AnyRank) -> Value:
    if isinstance(self.shape, Unknown):
        return self.shape
    if not self.shape:
        call.fail(ALWAYS_RAISES, error="TypeError: a tensor without dimensions has no length")
    return self.shape[0]


# -- memory and type --------------------------------------------------------------------------


@method("stride")
def stride(call: Call, self: AnyRank, dim: int | None = None) -> Value:
    strides = strides_of(self) if self.known else None
    if strides is None:
        return Unknown("the memory layout is not known")
    return strides if dim is None else strides[call.axis(self.rank, dim)]


@method("is_contiguous")
def is_contiguous(call: Call, self: AnyRank, *, memory_format: object = None) -> Value:
    row_major = memory_format is None or (
        isinstance(memory_format, MemoryFormat) and memory_format.name == "contiguous_format"
    )
    if not row_major or not self.known or (self.strides is not None and not self.strides):
        return Unknown("the memory layout is not known")
    return self.strides is None


@attribute("dtype")
def dtype(self: Tensor) -> Value:
    return DTYPES.get(self.dtype, Unknown("the dtype is not known"))


@attribute("device")
def device(self: Tensor) -> Value:
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
    return True


@attribute("itemsize")
def itemsize(self: Tensor) -> Value:
    return ITEM_SIZES.get(self.dtype, Unknown("the dtype is not known"))


@attribute("grad")
def grad(self: Tensor) -> Value:
    """What the last backward pass left; its kind says that there may have been none."""
    return Tensor(self.shape, dtype=self.dtype, kind="gradient")


@attribute("grad_fn")
def grad_fn(self: Tensor) -> Value:
    return None if self.kind == "parameter" else Unknown("whether a gradient is needed")


@attribute("_base")
def none(self: Tensor) -> Value:
    return None


@attribute("data")
def data(self: Tensor) -> Value:
    return alias(self)


@attribute("real")
def real_part(self: Tensor) -> Value:
    return self if "complex" not in self.dtype else part(self)


@attribute("imag")
def imaginary_part(self: Tensor) -> Value:
    return part(self)


@op("torch.real")
def real(call: Call, input: AnyRank) -> Tensor:
    return input if "complex" not in input.dtype else part(input)


@op("torch.imag")
def imag(call: Call, input: AnyRank) -> Tensor:
    return part(input)


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


@op("torch.is_tensor")
def is_tensor(call: Call, obj: object) -> Value:
    return obj if isinstance(obj, Unknown) else isinstance(obj, Tensor)


@op("torch.is_floating_point")
@method("is_floating_point")
def is_floating_point(call: Call, input: AnyRank) -> Value:
    if input.dtype == UNTYPED:
        return Unknown("the dtype is not known")
    return is_floating(input.dtype) and not input.dtype.startswith("complex")


@op("torch.is_complex")
@method("is_complex")
def is_complex(call: Call, input: AnyRank) -> Value:
    if input.dtype == UNTYPED:
        return Unknown("the dtype is not known")
    return input.dtype.startswith("complex")


@method("element_size")
def element_size(call: Call, self: AnyRank) -> Value:
    return ITEM_SIZES.get(self.dtype, Unknown("the dtype is not known"))


@method("get_device")
def get_device(call: Call, self: AnyRank) -> Value:
    return -1


# -- numbers ----------------------------------------------------------------------------------


@method("item")
def item(call: Call, self: AnyRank) -> Value:
    if self.known and proves_unequal(numel(self.sizes), 1):
        error = f"RuntimeError: a tensor of {numel(self.sizes)} elements is no single number"
        call.fail(ALWAYS_RAISES, error=error)
    numbers = flat(self.data) if self.data is not None else []
    if len(numbers) != 1:
        return Unknown("the value of a tensor is not followed")
    return copied(call, numbers[0])


@method("tolist")
def tolist(call: Call, self: AnyRank) -> Value:
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


# -- casts ------------------------------------------------------------------------------------


def alias(self: Tensor) -> Tensor:
    """The same tensor, by itself: not a parameter any more."""
    if not self.kind:
        return self
    return rebuilt(self, self.sizes, self.axes, self.strides) if self.known else self.like()


def cast(self: Tensor, dtype: str) -> Tensor:
    """The same numbers in another type."""
    if dtype in {"", self.dtype}:
        return self
    result = self.like(dtype=dtype)
    if self.known and self.strides is not None:
        result = formatted(self, _PRESERVE).like(dtype=dtype)
    if self.data is not None:
        result.data = rounded(self.data, dtype)
    return result


def retyped(self: Tensor) -> Tensor:
    """The tensor after what may have changed its dtype; its numbers are still worth following."""
    result = cast(self, UNTYPED)
    result.data = self.data
    return result


_PRESERVE: Final = MemoryFormat("preserve_format")

CASTS: Final = {
    **ALIASES,
    "bool": "bool",
    "byte": "uint8",
    "char": "int8",
    "bfloat16": "bfloat16",
}


def declare_cast(name: str, dtype: str) -> None:
    """`x.float()` and its kin."""

    @method(name)
    def to_type(call: Call, self: AnyRank, memory_format: object = None) -> Tensor:
        return cast(self, dtype)


for _name, _dtype in CASTS.items():
    declare_cast(_name, _dtype)


@method("to")
def to(call: Call, self: AnyRank, *args: object, **kwargs: object) -> Tensor:
    """x.to(dtype), x.to(device, dtype), x.to(other), with keywords in any order."""
    result = self
    for given in (*args, *kwargs.values()):
        if isinstance(given, (DType, type)):
            result = cast(result, dtype_name(given, ""))
        elif isinstance(given, Tensor):
            result = cast(result, given.dtype)
        elif isinstance(given, Unknown):
            result = retyped(result)
        elif isinstance(given, MemoryFormat) and result.known:
            result = formatted(result, given)
    return result


@method("type")
def type_(call: Call, self: AnyRank, dtype: object = None, non_blocking: object = False) -> Value:
    if dtype is None:
        return next(
            (f"torch.{name}" for name, kind in CLASSES.items() if kind == self.dtype),
            Unknown("the dtype has no class of its own"),
        )
    if isinstance(dtype, DType):
        return cast(self, dtype.name)
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", "")
    return cast(self, CLASSES.get(name.rpartition(".")[2], "") if isinstance(name, str) else "")


@method("type_as")
def type_as(call: Call, self: AnyRank, other: AnyRank) -> Tensor:
    return cast(self, other.dtype)


# The tensor itself, or one like it, as far as sizes are concerned.
SAME: Final = """cuda cpu detach detach_ numpy requires_grad_ pin_memory share_memory_ xpu
resolve_conj resolve_neg conj coalesce to_dense __array__ __deepcopy__"""


def declare_same(name: str) -> None:
    """`x.detach()` and its kin."""

    @method(name)
    def same(call: Call, self: AnyRank, *args: object, **kwargs: object) -> Tensor:
        return alias(self)


for _name in SAME.split():
    declare_same(_name)


@op("torch.detach", "torch.autograd.Variable", "torch.autograd.variable.Variable")
def detach(call: Call, input: AnyRank, *args: object, **kwargs: object) -> Tensor:
    return alias(input)


def detach_alone(call: Call, input: AnyRank) -> Tensor:
    """The tensor itself."""
    return alias(input)


@method("backward", "retain_grad")
def backward(call: Call, self: AnyRank, *args: object, **kwargs: object) -> None:
    return None


@method("register_hook", "register_post_accumulate_grad_hook")
def register_hook(call: Call, self: AnyRank, hook: object) -> Value:
    """The hook runs here, on a gradient, instead of in the backward pass."""
    call.invoke(hook, Tensor(self.shape, dtype=self.dtype))
    return Unknown("a hook's handle")


# -- in place ---------------------------------------------------------------------------------

# They put other numbers into a tensor.
REFILLED: Final = """fill_ zero_ normal_ uniform_ random_ bernoulli_ exponential_ geometric_ cauchy_
log_normal_"""


def declare_refilled(name: str) -> None:
    """`x.zero_()` and its kin."""

    @method(name)
    def refilled(call: Call, self: AnyRank, *args: object, **kwargs: object) -> Tensor:
        self.data = None
        return self


for _name in REFILLED.split():
    declare_refilled(_name)


@method("copy_")
def copy_(call: Call, self: AnyRank, src: AnyRank, non_blocking: object = False) -> Tensor:
    """Complains where the source does not broadcast to the tensor."""
    overwritten(self, src)
    if self.known and src.known:
        fits(call, self.sizes, src.sizes, at="src")
        if src.rank > self.rank and 1 in src.sizes[: src.rank - self.rank]:
            error = f"RuntimeError: a tensor of {src.rank} dimensions is copied to {self.rank}"
            call.report(ALWAYS_RAISES, at="src", error=error)
    return self


def overwritten(self: Tensor, source: Tensor) -> None:
    """Other numbers are in the tensor from here on, of sources that can no longer be told."""
    self.data = None
    links = (source.seen, *source.axes)
    if any(links):
        self.seen = joined(self.seen, lost(*links))


# -- classes ----------------------------------------------------------------------------------


@op("builtins.Tensor")
def tensor_class(call: Call, *args: object, device: object = None) -> Tensor:
    """torch.Tensor(2, 3), or of data; the class itself stands under its name for isinstance."""
    return built(call, args, "float32")


NAMES["torch.Tensor"] = Tensor


@op("torch.nn.Parameter", "torch.nn.parameter.Parameter")
def parameter(call: Call, data: object = None, requires_grad: object = True) -> Tensor:
    return owned(data, "parameter")


@op("torch.nn.Buffer", "torch.nn.parameter.Buffer")
def buffer(call: Call, data: object = None, *, persistent: object = True) -> Tensor:
    return owned(data, "buffer")


@op("torch.nn.UninitializedParameter", "torch.nn.parameter.UninitializedParameter")
def uninitialized(
    call: Call, requires_grad: object = True, device: object = None, dtype: object = None
) -> Tensor:
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
    source: object = None,
    storage_offset: object = 0,
    size: object = None,
    stride: object = None,
) -> Tensor:
    """The memory, and so the sizes, of another tensor; without one it is empty."""
    if source is None:
        return self.like((0,))
    return source if isinstance(source, Tensor) and size is None else Tensor(Unknown("its storage"))
