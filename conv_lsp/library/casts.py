"""Other types for the same numbers, and methods that leave the shape alone."""

from __future__ import annotations

from typing import Final

from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.arguments import OTHER_TYPES, misfits, said, wanted
from conv_lsp.library.constants import rounded
from conv_lsp.library.creation import CLASSES, differentiable
from conv_lsp.library.dtypes import (
    ALIASES,
    PYTHON,
    Device,
    DType,
    MemoryFormat,
    dtype_name,
    last_axes,
)
from conv_lsp.library.layout import rebuilt
from conv_lsp.library.memory import check_format, formatted
from conv_lsp.library.raising import certainly_raises, known_device
from conv_lsp.library.registry import AnyRank, Call, method, op, says
from conv_lsp.library.tables import declare
from conv_lsp.values import SCATTERED, UNTYPED, Tensor, Unknown, Value


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
        result = formatted(self, PRESERVE).like(dtype=dtype)
    if self.data is not None:
        result.data = rounded(self.data, dtype)
    return result


def retyped(self: Tensor) -> Tensor:
    """The tensor after what may have changed its dtype; its numbers are still worth following."""
    result = cast(self, UNTYPED)
    result.data = self.data
    return result


PRESERVE: Final = MemoryFormat("preserve_format")

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
    @says(f"The shape of the tensor, as {dtype}")
    def to_type(call: Call, self: AnyRank, *, memory_format: object = None) -> Tensor:
        result = placed(call, cast(self, dtype), memory_format)
        row_major = isinstance(memory_format, MemoryFormat) and not last_axes(memory_format)
        if row_major and result is not self and self.dtype in {dtype, UNTYPED}:
            # One that torch takes to be in this order already stays as it is.
            result.strides = self.strides if result.rank not in (4, 5) else SCATTERED
        return result


for _name, _dtype in CASTS.items():
    declare_cast(_name, _dtype)


def placed(call: Call, result: Tensor, memory_format: object) -> Tensor:
    """A tensor in a memory format, if one is asked for."""
    if memory_format is PRESERVE or memory_format is None:
        return result
    check_format(call, result, memory_format)
    return formatted(result, memory_format)


@method("to")
def to(call: Call, self: AnyRank, *args: object, **kwargs: object) -> Tensor:
    """x.to(dtype), x.to(device, dtype), x.to(other), with keywords in any order."""
    for word, given in kwargs.items():
        letters = WORDS.get(word, "")
        if misfits(given, letters) or word not in WORDS:
            problem = f"argument '{word}' takes {wanted(letters)}, not {said(given)}"
            if word not in WORDS:
                problem = f"there is no argument '{word}'"
            call.fail(CALL_ARGUMENTS, at=word, name="to", problem=problem)
    result = self
    known_device(call, kwargs.get("device"), "to")
    for given in args[:1]:
        check_target(call, given)
        known_device(call, given, "to")
        if isinstance(given, (bool, float, complex)):  # taken for its type
            result = cast(result, PYTHON[type(given)])
    check_rest(call, args)
    twice = "dtype" in kwargs and args and isinstance(args[0], (DType, Tensor, bool, float, type))
    if ("device" in kwargs and args) or twice:
        problem = "a dtype or device is given twice"
        call.fail(CALL_ARGUMENTS, name="to", problem=problem)
    for given in (*args, *kwargs.values()):
        if isinstance(given, (DType, type)):
            result = cast(result, dtype_name(given, ""))
        elif isinstance(given, Tensor):
            result = cast(result, given.dtype)
        elif isinstance(given, Unknown):
            result = retyped(result)
        elif isinstance(given, MemoryFormat) and result.known:
            result = placed(call, result, given)
    return result


def check_rest(call: Call, args: tuple[Value, ...]) -> None:
    """After a device there is a dtype, or None; after that, and after a tensor, True or False."""
    if not args or isinstance(args[0], Unknown):
        return
    problem, flags = "", args[1:]
    if flags and (args[0] is None or type(args[0]) is int or isinstance(args[0], (Device, str))):
        if isinstance(args[1], NO_TYPES) or (isinstance(args[1], type) and args[1] not in PYTHON):
            problem = f"takes a dtype after a device, not {args[1]!r}"
        flags = args[2:]
    if len(flags) > 2:
        problem = f"takes two of True or False at most, not {len(flags)}"
    for given in flags:
        if given is None or isinstance(given, NO_FLAGS) or type(given) is int:
            problem = f"takes True or False after a dtype or a tensor, not {given!r}"
    if problem:
        call.fail(CALL_ARGUMENTS, name="to", problem=problem)


NO_FLAGS: Final = (float, complex, list, tuple, dict, str, type, DType, Device)
NO_TYPES: Final = (bool, int, float, complex, list, tuple, dict, str)
WORDS: Final = {
    "device": "sin",
    "dtype": "dn",
    "other": "T",
    "non_blocking": "b",
    "copy": "b",
    "memory_format": "mn",
}
"""The keywords that `to` takes, and what they take."""
OTHER_TYPES["torch.Tensor.type"] = "dtype:tsn"


def check_target(call: Call, given: Value) -> None:
    """Complains about what is no dtype, no device and no tensor."""
    wrong = isinstance(given, (list, tuple, dict)) or (type(given) is int and given < 0)
    if wrong or (isinstance(given, type) and given not in PYTHON):
        problem = f"takes a dtype, a device or a tensor, not {given}"
        call.fail(CALL_ARGUMENTS, name="to", problem=problem)


KINDS: Final = {
    **CLASSES,
    "ComplexHalfTensor": "complex32",
    "ComplexFloatTensor": "complex64",
    "ComplexDoubleTensor": "complex128",
}
"""The names that types have besides their own."""


@method("type")
def type_(call: Call, self: AnyRank, dtype: object = None, non_blocking: object = False) -> Value:
    """The shape of the tensor, in another dtype; without one the name of its own."""
    if dtype is None:
        return next(
            (f"torch.{name}" for name, kind in KINDS.items() if kind == self.dtype),
            Unknown("the dtype has no class of its own"),
        )
    if isinstance(dtype, DType):
        return cast(self, dtype.name)
    if isinstance(dtype, type):
        if not issubclass(dtype, Tensor):
            certainly_raises(call, "ValueError", f"{dtype} is no type of tensors", at="dtype")
        return cast(self, "")  # that of `torch.set_default_dtype`
    if isinstance(dtype, str) and dtype.rpartition(".")[2] not in KINDS:
        certainly_raises(call, "ValueError", f"{dtype!r} is no type of tensors", at="dtype")
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", "")
    return cast(self, KINDS.get(name.rpartition(".")[2], "") if isinstance(name, str) else "")


@method("type_as")
def type_as(call: Call, self: AnyRank, other: AnyRank) -> Tensor:
    """The shape of the tensor, in the dtype of the other."""
    return cast(self, other.dtype)


DEVICE: Final = "device=None, non_blocking=False, memory_format=None"
SAME: Final = {
    "cuda": DEVICE,
    "xpu": DEVICE,
    "detach": "",
    "detach_": "",
    "pin_memory": "device=None",
    "share_memory_": "",
    "resolve_conj": "",
    "resolve_neg": "",
    "conj": "",
    "__deepcopy__": "memo",
}
"""The tensor itself, or one like it, as far as sizes are concerned."""


def same(call: Call, self: AnyRank, *args: Value, **options: Value) -> Tensor:
    """The tensor itself."""
    return alias(self)


@method("cpu")
def cpu(call: Call, self: AnyRank, *, memory_format: object = None) -> Tensor:
    """The tensor itself."""
    return placed(call, alias(self), memory_format)


@method("to_dense")
def to_dense(
    call: Call, self: AnyRank, dtype: object = None, *, masked_grad: object = None
) -> Tensor:
    """The tensor itself, in a type if one is asked for."""
    if isinstance(dtype, type) and dtype not in PYTHON:
        problem = f"argument 'dtype' takes a dtype, not {dtype.__name__}"
        call.fail(CALL_ARGUMENTS, at="dtype", name="to_dense", problem=problem)
    return cast(alias(self), dtype_name(dtype, ""))


for _name, _signature in SAME.items():
    declare(same, f"self: AnyRank, {_signature}".removesuffix(", "), methods=[_name])
OTHER_TYPES["torch.Tensor.requires_grad_"] = "requires_grad:b"


@op("torch.detach")
def detach(call: Call, input: AnyRank) -> Tensor:
    """The tensor itself."""
    return alias(input)


@op("torch.autograd.Variable", "torch.autograd.variable.Variable")
def variable(
    call: Call, data: object = None, requires_grad: object = False, volatile: object = False
) -> Tensor:
    """The tensor itself; without one it is empty."""
    for name, flag in {"requires_grad": requires_grad, "volatile": volatile}.items():
        if isinstance(flag, int) and not 0 <= flag < 256:
            certainly_raises(call, "OverflowError", f"{flag} is no byte", at=name)
    if not isinstance(data, Tensor):
        return Tensor((0,)) if data is None else Tensor(Unknown("the data are not known"))
    differentiable(call, requires_grad, data.dtype)
    return alias(data)


OTHER_TYPES["torch.autograd.Variable"] = "data:Tn requires_grad:bi"
OTHER_TYPES["torch.autograd.variable.Variable"] = "data:Tn requires_grad:bi"


@method("requires_grad_")
def requires_grad_(call: Call, self: AnyRank, requires_grad: object = True) -> Tensor:
    """The tensor itself; only floating point numbers have a gradient."""
    differentiable(call, requires_grad, self.dtype)
    return self


@method("retain_grad")
def retain_grad(call: Call, self: AnyRank) -> None:
    """Nothing."""


@method("backward")
def backward(
    call: Call,
    self: AnyRank,
    gradient: object = None,
    retain_graph: object = None,
    create_graph: object = False,
    inputs: object = None,
) -> None:
    """Nothing."""


@method("register_hook", "register_post_accumulate_grad_hook")
def register_hook(call: Call, self: AnyRank, hook: object) -> Value:
    """The hook runs here, on a gradient, instead of in the backward pass."""
    call.invoke(hook, Tensor(self.shape, dtype=self.dtype))
    return Unknown("a hook's handle")
