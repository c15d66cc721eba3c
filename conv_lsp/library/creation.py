"""Tensors out of sizes and numbers."""

from __future__ import annotations

from typing import Final

from conv_lsp.dims import Dim, proves_less
from conv_lsp.findings import ALWAYS_RAISES
from conv_lsp.library.algebra import broadcast_shapes, pointwise, show
from conv_lsp.library.constants import constant, filled, kind_of_numbers, rounded
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.library.sizes import sizes
from conv_lsp.values import List, Tensor, Unknown, Value

# -- of given sizes ---------------------------------------------------------------------------

# What is known of the numbers in a new tensor: this one, or (None) nothing.
MAKERS: Final[dict[str, float | None]] = {
    "zeros": 0,
    "ones": 1,
    "empty": None,
    "rand": None,
    "randn": None,
}


def made(call: Call, given: tuple[Value, ...], value: Value, dtype: str) -> Tensor:
    """A tensor of the sizes."""
    shape = sizes(call, given)
    if isinstance(shape, Unknown):
        return Tensor(shape, dtype=dtype)
    if any(proves_less(s, 0) for s in shape):
        error = f"RuntimeError: {show(shape)} has a negative size"
        call.fail(ALWAYS_RAISES, at="size", error=error)
    return filled(shape, value, dtype)


def declare_maker(name: str, value: float | None) -> None:
    """`torch.zeros` and its kin."""

    @op(f"torch.{name}")
    def maker(
        call: Call,
        *size: object,
        out: object = None,
        dtype: object = None,
        layout: object = None,
        device: object = None,
        pin_memory: object = False,
        requires_grad: object = False,
        generator: object = None,
        names: object = None,
        memory_format: object = None,
        **more: object,
    ) -> Tensor:
        given = size or (more.get("size", ()),)
        return made(call, given, value, dtype_name(dtype, "float32"))

    @op(f"torch.{name}_like")
    def like(
        call: Call,
        input: AnyRank,
        *,
        dtype: object = None,
        layout: object = None,
        device: object = None,
        pin_memory: object = False,
        requires_grad: object = False,
        memory_format: object = None,
        generator: object = None,
    ) -> Tensor:
        return alike(input, dtype_name(dtype, input.dtype), value)


def alike(input: Tensor, dtype: str, value: Value = None) -> Tensor:
    """New numbers of the same shape: no link to what the old ones came from."""
    if isinstance(input.shape, Unknown):
        return Tensor(input.shape, dtype=dtype)
    result = filled(input.shape, value, dtype)
    result.strides = input.like().strides
    return result


for _name, _value in MAKERS.items():
    declare_maker(_name, _value)


@op("torch.full")
def full(
    call: Call,
    size: object,
    fill_value: object,
    *,
    out: object = None,
    names: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    return made(call, (size,), fill_value, dtype_name(dtype, kind_of_numbers(fill_value)))


@op("torch.full_like")
def full_like(
    call: Call,
    input: AnyRank,
    fill_value: object,
    *,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
    memory_format: object = None,
) -> Tensor:
    return alike(input, dtype_name(dtype, input.dtype), fill_value)


@op("torch.randint")
def randint(call: Call, *args: object, dtype: object = None, **more: object) -> Tensor:
    """Called with a high bound and sizes; or a low and a high bound and sizes."""
    given = [a for a in args if isinstance(a, (tuple, list))]
    size = given[-1] if given else more.get("size", Unknown("the size is not known"))
    return made(call, (size,), None, dtype_name(dtype, "int64"))


@op("torch.randint_like")
def randint_like(
    call: Call,
    input: AnyRank,
    low: object = 0,
    high: object = None,
    *,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
    memory_format: object = None,
) -> Tensor:
    return alike(input, dtype_name(dtype, input.dtype))


@op("torch.randperm")
def randperm(call: Call, n: Dim, *, dtype: object = None, **more: object) -> Tensor:
    return made(call, (n,), None, dtype_name(dtype, "int64"))


@op("torch.eye")
def eye(
    call: Call, n: Dim, m: Dim | None = None, *, dtype: object = None, **more: object
) -> Tensor:
    return made(call, (n, n if m is None else m), None, dtype_name(dtype, "float32"))


# -- of data ----------------------------------------------------------------------------------


@op("torch.tensor", "torch.as_tensor", "torch.asarray", "torch.scalar_tensor")
def tensor(
    call: Call,
    data: object,
    dtype: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
    **more: object,
) -> Tensor:
    return of_data(data, dtype_name(dtype, ""))


@op("torch._shape_as_tensor")
def shape_as_tensor(call: Call, self: Tensor) -> Tensor:
    """The sizes as a tensor."""
    return of_data(List(self.sizes), "int64")


def of_data(data: Value, dtype: str) -> Tensor:
    """A tensor of nested lists, or the tensor itself under another dtype."""
    if isinstance(data, Tensor):
        result = data.like(dtype=dtype or None)
        result.data = data.data if not dtype or data.data is None else rounded(data.data, dtype)
        return result
    made_of = constant(data, dtype)
    return Tensor(made_of, dtype=dtype or "float32") if isinstance(made_of, Unknown) else made_of


@op("torch.from_numpy", "torch.from_dlpack", "torch.utils.dlpack.from_dlpack")
def from_numpy(call: Call, ndarray: object) -> Tensor:
    return of_data(ndarray, "")


# The classes that build a tensor of sizes, or of data, when called.
CLASSES: Final = {
    "FloatTensor": "float32",
    "DoubleTensor": "float64",
    "HalfTensor": "float16",
    "BFloat16Tensor": "bfloat16",
    "LongTensor": "int64",
    "IntTensor": "int32",
    "ShortTensor": "int16",
    "CharTensor": "int8",
    "ByteTensor": "uint8",
    "BoolTensor": "bool",
}


def declare_class(name: str, dtype: str) -> None:
    """`torch.FloatTensor(2, 3)` has sizes, `torch.FloatTensor([2, 3])` numbers."""

    @op(f"torch.{name}", f"torch.cuda.{name}")
    def build(call: Call, *args: object, device: object = None) -> Tensor:
        return built(call, args, dtype)


def built(call: Call, args: tuple[Value, ...], dtype: str) -> Tensor:
    """What a tensor class makes of its arguments."""
    if not args:
        return Tensor((0,), dtype=dtype)
    only = args[0] if len(args) == 1 else None
    if isinstance(only, (list, tuple, Tensor)) and type(only).__name__ != "Size":
        return of_data(only, dtype)
    return made(call, args, None, dtype)


for _class, _dtype in CLASSES.items():
    declare_class(_class, _dtype)


# -- methods that make new tensors ------------------------------------------------------------


def declare_new(name: str, value: float | None) -> None:
    """`x.new_zeros(2, 3)` and its kin keep the dtype of x."""

    @method(name)
    def new(
        call: Call,
        self: AnyRank,
        *size: object,
        dtype: object = None,
        device: object = None,
        requires_grad: object = False,
        layout: object = None,
        pin_memory: object = False,
        **more: object,
    ) -> Tensor:
        given = size or (more.get("size", ()),)
        return made(call, given, value, dtype_name(dtype, self.dtype))


for _name, _value in {"new_zeros": 0, "new_ones": 1, "new_empty": None}.items():
    declare_new(_name, _value)


@method("new_full")
def new_full(
    call: Call,
    self: AnyRank,
    size: object,
    fill_value: object,
    *,
    dtype: object = None,
    device: object = None,
    requires_grad: object = False,
    layout: object = None,
    pin_memory: object = False,
) -> Tensor:
    return made(call, (size,), fill_value, dtype_name(dtype, self.dtype))


@method("new_tensor")
def new_tensor(
    call: Call,
    self: AnyRank,
    data: object,
    *,
    dtype: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    return of_data(data, dtype_name(dtype, self.dtype))


@method("new")
def new(call: Call, self: AnyRank, *args: object, device: object = None) -> Tensor:
    return built(call, args, self.dtype)


# -- random and complex -----------------------------------------------------------------------


@op("torch.normal")
def normal(
    call: Call,
    mean: object,
    std: object = 1.0,
    size: object = None,
    *,
    generator: object = None,
    out: object = None,
    dtype: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    if size is not None:
        return made(call, (size,), None, dtype_name(dtype, "float32"))
    given = [t for t in (mean, std) if isinstance(t, Tensor)]
    if not given or not all(t.known for t in given):
        return Tensor(Unknown("the shape of normal() is not known"))
    return Tensor(broadcast_shapes(call, *(t.sizes for t in given)), dtype=given[0].dtype)


@op("torch.bernoulli")
@method("bernoulli")
def bernoulli(
    call: Call, input: AnyRank, p: object = None, *, generator: object = None, out: object = None
) -> Tensor:
    return alike(input, input.dtype)


@op("torch.poisson")
def poisson(call: Call, input: AnyRank, generator: object = None) -> Tensor:
    return alike(input, input.dtype)


@op("torch.multinomial")
@method("multinomial")
def multinomial(
    call: Call,
    input: Tensor,
    num_samples: Dim,
    replacement: object = False,
    *,
    generator: object = None,
    out: object = None,
) -> Tensor:
    if input.rank not in {1, 2}:
        error = f"RuntimeError: multinomial takes 1 or 2 dimensions, the input has {input.rank}"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    if proves_less(num_samples, 1):
        call.fail(ALWAYS_RAISES, at="num_samples", error="RuntimeError: no sample is asked for")
    if replacement is False and proves_less(input.sizes[-1], num_samples):
        error = f"RuntimeError: {num_samples} samples of {input.sizes[-1]} without replacement"
        call.fail(ALWAYS_RAISES, at="num_samples", error=error)
    return Tensor((*input.sizes[:-1], num_samples), dtype="int64")


@op("torch.complex")
def complex_(call: Call, real: Tensor, imag: Tensor, *, out: object = None) -> Tensor:
    return whole_complex(call, real, imag)


@op("torch.polar")
def polar(call: Call, abs: Tensor, angle: Tensor, *, out: object = None) -> Tensor:
    return whole_complex(call, abs, angle)


def whole_complex(call: Call, first: Tensor, second: Tensor) -> Tensor:
    """Complex numbers of two real parts."""
    kind = "complex128" if first.dtype == "float64" else "complex64"
    return pointwise(call, first, second, dtype=kind)
