"""Other types for the same numbers, and methods that leave the shape alone."""

from __future__ import annotations

from typing import Final

from conv_lsp.library.constants import rounded
from conv_lsp.library.creation import CLASSES, differentiable
from conv_lsp.library.dtypes import (
    ALIASES,
    DType,
    MemoryFormat,
    dtype_name,
)
from conv_lsp.library.layout import rebuilt
from conv_lsp.library.memory import check_format, formatted
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.values import UNTYPED, Tensor, Unknown, Value


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
        return placed(call, cast(self, dtype), memory_format)


for _name, _dtype in CASTS.items():
    declare_cast(_name, _dtype)


def placed(call: Call, result: Tensor, memory_format: object) -> Tensor:
    """A tensor in a memory format, if one is asked for."""
    if memory_format is None:
        return result
    check_format(call, result, memory_format)
    return formatted(result, memory_format)


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
            result = placed(call, result, given)
    return result


KINDS: Final = {
    **CLASSES,
    "ComplexHalfTensor": "complex32",
    "ComplexFloatTensor": "complex64",
    "ComplexDoubleTensor": "complex128",
}
"""The names that types have besides their own."""


@method("type")
def type_(call: Call, self: AnyRank, dtype: object = None, non_blocking: object = False) -> Value:
    if dtype is None:
        return next(
            (f"torch.{name}" for name, kind in KINDS.items() if kind == self.dtype),
            Unknown("the dtype has no class of its own"),
        )
    if isinstance(dtype, DType):
        return cast(self, dtype.name)
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", "")
    return cast(self, KINDS.get(name.rpartition(".")[2], "") if isinstance(name, str) else "")


@method("type_as")
def type_as(call: Call, self: AnyRank, other: AnyRank) -> Tensor:
    return cast(self, other.dtype)


# The tensor itself, or one like it, as far as sizes are concerned.
SAME: Final = """cuda cpu detach detach_ pin_memory share_memory_ xpu
resolve_conj resolve_neg conj coalesce to_dense __deepcopy__"""


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


@method("requires_grad_")
def requires_grad_(call: Call, self: AnyRank, requires_grad: object = True) -> Tensor:
    """The tensor itself; only floating point numbers have a gradient."""
    differentiable(call, requires_grad, self.dtype)
    return self


@method("backward", "retain_grad")
def backward(call: Call, self: AnyRank, *args: object, **kwargs: object) -> None:
    return None


@method("register_hook", "register_post_accumulate_grad_hook")
def register_hook(call: Call, self: AnyRank, hook: object) -> Value:
    """The hook runs here, on a gradient, instead of in the backward pass."""
    call.invoke(hook, Tensor(self.shape, dtype=self.dtype))
    return Unknown("a hook's handle")
