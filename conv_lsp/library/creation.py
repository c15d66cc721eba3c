"""Tensors out of sizes and numbers."""

from __future__ import annotations

from typing import Final

from conv_lsp.dims import Dim, proves_less, proves_unequal
from conv_lsp.findings import ALWAYS_RAISES
from conv_lsp.library.algebra import COMPLEX, FLOATS, numel, pointwise, show
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.constants import (
    constant,
    filled,
    flat,
    kind_of_numbers,
    nested_shape,
    ragged,
    rounded,
)
from conv_lsp.library.dtypes import DType, MemoryFormat, dtype_name
from conv_lsp.library.memory import check_format, formatted
from conv_lsp.library.raising import (
    NOT_FLOATING,
    certainly_raises,
    require_dtype,
    require_same_dtype,
)
from conv_lsp.library.registry import AnyRank, Call, method, op, says
from conv_lsp.library.sizes import listed, sizes
from conv_lsp.values import MISSING, UNTYPED, List, Tensor, Unknown, Value

# -- of given sizes ---------------------------------------------------------------------------


def made(call: Call, given: tuple[Value, ...], value: Value, dtype: str) -> Tensor:
    """A tensor of the sizes."""
    shape = sizes(call, given)
    if isinstance(shape, Unknown):
        return Tensor(shape, dtype=dtype)
    if any(proves_less(s, 0) for s in shape):
        error = f"RuntimeError: {show(shape)} has a negative size"
        call.fail(ALWAYS_RAISES, at="size", error=error)
    return filled(shape, value, dtype)


def differentiable(call: Call, requires_grad: object, dtype: str) -> None:
    """Only floating point numbers, complex ones too, have a gradient."""
    if requires_grad is True and dtype in NOT_FLOATING:
        error = f"RuntimeError: a tensor of {dtype} has no gradient"
        call.fail(ALWAYS_RAISES, at="requires_grad", error=error)


RANGES: Final = {"uint8": (-255, 255), "int8": (-128, 127)} | {
    f"int{bits}": (-(1 << bits - 1), (1 << bits - 1) - 1) for bits in (16, 32, 64)
}
"""The numbers that a type of integers takes; of unsigned ones torch takes negative ones, too."""


def representable(call: Call, value: Value, dtype: str, at: str) -> None:
    """Complains about a number that the type does not hold."""
    if isinstance(value, complex):
        wrong = dtype in (*FLOATS, *RANGES)
    else:
        low, high = RANGES.get(dtype, (0, 0))
        wrong = isinstance(value, (int, float)) and low < high and not low <= value <= high
    if wrong:
        certainly_raises(call, "RuntimeError", f"{value} is no number of {dtype}", at=at)


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
        **names: object,
    ) -> Tensor:
        """The sizes given; float32 if no other dtype is asked for."""
        return plain(call, listed(call, size, names, "size"), value, dtype, requires_grad)

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
    ) -> Tensor:
        """The shape and the dtype of the input, or a dtype that is asked for."""
        kind = dtype_name(dtype, input.dtype)
        differentiable(call, requires_grad, kind)
        return alike(call, input, kind, value, memory_format)


def plain(
    call: Call, size: tuple[Value, ...], value: Value, dtype: object, requires_grad: object
) -> Tensor:
    """A new tensor of float32, if no other type is asked for."""
    kind = dtype_name(dtype, "float32")
    differentiable(call, requires_grad, kind)
    return made(call, size, value, kind)


def alike(
    call: Call, input: Tensor, dtype: str, value: Value = None, memory_format: object = None
) -> Tensor:
    """New numbers of the same shape: no link to what the old ones came from."""
    if isinstance(input.shape, Unknown):
        return Tensor(input.shape, dtype=dtype)
    check_format(call, input, memory_format)
    result = filled(input.shape, value, dtype)
    wanted = MemoryFormat("preserve_format") if memory_format is None else memory_format
    result.strides = formatted(input, wanted).strides
    return result


for _name, _number in {"zeros": 0, "ones": 1}.items():
    declare_maker(_name, _number)


@op("torch.empty")
def empty(
    call: Call,
    *size: object,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
    memory_format: object = None,
    names: object = None,
    **words: object,
) -> Tensor:
    """A tensor of the sizes, of any numbers."""
    result = plain(call, listed(call, size, words, "size"), None, dtype, requires_grad)
    check_format(call, result, memory_format)
    return result if memory_format is None else formatted(result, memory_format)


@op("torch.empty_like")
def empty_like(
    call: Call,
    input: AnyRank,
    *,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
    memory_format: object = None,
) -> Tensor:
    """As torch.zeros_like, of any numbers."""
    kind = dtype_name(dtype, input.dtype)
    differentiable(call, requires_grad, kind)
    return alike(call, input, kind, None, memory_format)


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
    """The sizes given; the dtype is that of the number, if none is asked for."""
    kind = dtype_name(dtype, kind_of_numbers(fill_value))
    result = made(call, (size,), fill_value, kind)
    representable(call, fill_value, kind, "fill_value")
    differentiable(call, requires_grad, kind)
    return result


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
    """The shape and the dtype of the input, or a dtype that is asked for."""
    kind = dtype_name(dtype, input.dtype)
    representable(call, fill_value, kind, "fill_value")
    differentiable(call, requires_grad, kind)
    return alike(call, input, kind, fill_value, memory_format)


@op("torch.eye")
def eye(
    call: Call,
    n: Dim,
    m: object = MISSING,
    *,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """(n, m), or (n, n); float32 if no other dtype is asked for."""
    return plain(call, (n, n if m is MISSING else m), None, dtype, requires_grad)


# -- of data ----------------------------------------------------------------------------------


@op("torch.tensor")
def tensor(
    call: Call,
    data: object,
    *,
    dtype: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
    names: object = None,
) -> Tensor:
    """The lengths of nested lists; of a tensor its shape. The dtype is that of the numbers."""
    result = checked(call, data, dtype_name(dtype, ""))
    differentiable(call, requires_grad, result.dtype)
    return result


@op("torch.as_tensor")
def as_tensor(call: Call, data: object, *, dtype: object = None, device: object = None) -> Tensor:
    """The lengths of nested lists; of a tensor its shape. The dtype is that of the numbers."""
    return checked(call, data, dtype_name(dtype, ""))


@op("torch.asarray")
def asarray(
    call: Call,
    obj: object,
    *,
    dtype: object = None,
    device: object = None,
    copy: object = None,
    requires_grad: object = False,
) -> Tensor:
    """The lengths of nested lists; of a tensor its shape. The dtype is that of the numbers."""
    return checked(call, obj, dtype_name(dtype, ""))


@op("torch.scalar_tensor")
def scalar_tensor(
    call: Call,
    s: object,
    *,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """A number as a tensor, of float32 if no other type is asked for."""
    kind = dtype_name(dtype, "float32")
    representable(call, s, kind, "s")
    return of_data(s, kind)


def checked(call: Call, data: Value, dtype: str, at: str = "data") -> Tensor:
    """A tensor of data; complains about what holds no numbers, or numbers in no shape."""
    if data is None or isinstance(data, (str, dict, set, type, DType)):
        certainly_raises(call, "RuntimeError", f"{data!r} holds no numbers", at=at)
    if isinstance(data, (list, tuple)):
        check_rows(call, data, at)
    result = of_data(data, dtype)
    for number in () if isinstance(data, Tensor) else flat(data):
        representable(call, number, dtype or "int64" if type(number) is int else dtype, at)
    return result


def check_rows(call: Call, data: list[Value] | tuple[Value, ...], at: str) -> None:
    """Nested lists have one length in each depth, and hold numbers, or tensors of one element."""
    shape = nested_shape(data)
    if ragged(data) and not (isinstance(shape, tuple) and 0 in shape):
        certainly_raises(call, "ValueError", "lists of different lengths hold no tensor", at=at)
    for value in flat(data):
        if value is None or isinstance(value, (str, dict)):
            certainly_raises(call, "RuntimeError", f"{value!r} is no number", at=at)
        if type(value) is Tensor and value.known and proves_unequal(numel(value.sizes), 1):
            why = f"a tensor of {numel(value.sizes)} elements is no number; torch.stack joins them"
            certainly_raises(call, "ValueError", why, at=at)


OTHER_TYPES["torch._shape_as_tensor"] = "self:T"


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


@op("torch.from_numpy")
def from_numpy(call: Call, ndarray: object) -> Tensor:
    """The shape and the dtype of the array."""
    plain_one = ndarray is None or isinstance(ndarray, (list, tuple, int, float, str, dict, type))
    if plain_one or type(ndarray) is Tensor:
        kind = type(ndarray).__name__.lower()
        certainly_raises(call, "TypeError", f"an array is taken, no {kind}", at="ndarray")
    return of_data(ndarray, "")


@op("torch.from_dlpack", "torch.utils.dlpack.from_dlpack")
def from_dlpack(call: Call, ext_tensor: object) -> Tensor:
    """The shape and the dtype of what is given."""
    if isinstance(ext_tensor, (list, tuple, int, float, str, dict, type)) or ext_tensor is None:
        kind = type(ext_tensor).__name__.lower()
        certainly_raises(call, "AttributeError", f"{kind} holds no tensor", at="ext_tensor")
    return of_data(ext_tensor, "")


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
    @says(f"The sizes given, or the shape of the data, as {dtype}")
    def build(call: Call, *args: object, device: object = None) -> Tensor:
        return built(call, args, dtype)


def built(call: Call, args: tuple[Value, ...], dtype: str) -> Tensor:
    """What a tensor class makes of its arguments."""
    if not args:
        return Tensor((0,), dtype=dtype)
    only = args[0] if len(args) == 1 else None
    wrong = [a for a in args if a is None or isinstance(a, (float, str, dict))]
    wrong += [args[0]] if isinstance(args[0], bool) else []
    if wrong or (len(args) > 1 and any(isinstance(a, (list, tuple)) for a in args)):
        certainly_raises(call, "TypeError", f"{(wrong or args)[0]!r} is no size, and no numbers")
    if type(only) is Tensor:  # numpy's arrays are converted
        require_dtype(call, only, (dtype,), at="data")
    if isinstance(only, (list, tuple, Tensor)) and type(only).__name__ != "Size":
        return checked(call, only, dtype)
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
        **names: object,
    ) -> Tensor:
        """The sizes given; the dtype of the tensor, or one that is asked for."""
        kind = dtype_name(dtype, self.dtype)
        differentiable(call, requires_grad, kind)
        return made(call, listed(call, size, names, "size"), value, kind)


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
    """The sizes given; the dtype of the tensor, or one that is asked for."""
    kind = dtype_name(dtype, self.dtype)
    result = made(call, (size,), fill_value, kind)
    representable(call, fill_value, kind, "fill_value")
    return result


@method("new_tensor")
def new_tensor(
    call: Call,
    self: AnyRank,
    data: object,
    *,
    dtype: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """The lengths of nested lists; the dtype of the tensor, or one that is asked for."""
    return checked(call, data, dtype_name(dtype, self.dtype))


@method("new")
def new(call: Call, self: AnyRank, *args: object, device: object = None) -> Tensor:
    """The sizes, or the data, given; the dtype of the tensor."""
    return built(call, args, self.dtype)


# -- complex ----------------------------------------------------------------------------------


@op("torch.complex")
def complex_(call: Call, real: Tensor, imag: Tensor, *, out: object = None) -> Tensor:
    """The shape of both parts, broadcast; complex numbers."""
    return whole_complex(call, real, imag, ("float16", "float32", "float64"))


@op("torch.polar")
def polar(call: Call, abs: Tensor, angle: Tensor, *, out: object = None) -> Tensor:
    """The shape of both operands, broadcast; complex numbers."""
    return whole_complex(call, abs, angle, ("float32", "float64"))


def whole_complex(call: Call, first: Tensor, second: Tensor, kinds: tuple[str, ...]) -> Tensor:
    """Complex numbers of two real parts."""
    names = list(call.arguments)[:2] or ["real", "imag"]
    require_dtype(call, first, kinds, at=names[0])
    require_same_dtype(call, second, first, at=names[-1])
    return pointwise(call, first, second, dtype=COMPLEX.get(first.dtype, UNTYPED))
