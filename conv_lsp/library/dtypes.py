"""torch's constants: dtypes, devices, memory formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from conv_lsp.dims import proves_unequal
from conv_lsp.findings import DTYPE
from conv_lsp.library.registry import NAMES, TRANSPARENT, Call
from conv_lsp.values import UNTYPED, Size, Tensor, Unknown, Value

# Bytes an element of each takes.
ITEM_SIZES: Final = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "uint16": 2,
    "int16": 2,
    "uint32": 4,
    "int32": 4,
    "uint64": 8,
    "int64": 8,
    "float8_e4m3fn": 1,
    "float8_e5m2": 1,
    "float16": 2,
    "bfloat16": 2,
    "float32": 4,
    "float64": 8,
    "complex32": 4,
    "complex64": 8,
    "complex128": 16,
}
ALIASES: Final = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
}


@dataclass(frozen=True, slots=True, repr=False)
class DType:
    """torch.dtype. There is one object for each."""

    name: str

    @property
    def is_floating_point(self) -> bool:
        return "float" in self.name

    @property
    def is_complex(self) -> bool:
        return "complex" in self.name

    @property
    def is_signed(self) -> bool:
        return not self.name.startswith(("uint", "bool"))

    @property
    def itemsize(self) -> int:
        return ITEM_SIZES[self.name]

    def __repr__(self) -> str:
        return f"torch.{self.name}"


@dataclass(frozen=True, slots=True)
class Device:
    """torch.device; nothing is known of devices but what the code says."""

    type: str
    index: int | None = None

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"


@dataclass(frozen=True, slots=True)
class MemoryFormat:
    """torch.memory_format."""

    name: str

    def __str__(self) -> str:
        return f"torch.{self.name}"


DTYPES: Final = {name: DType(name) for name in ITEM_SIZES}
MEMORY_FORMATS: Final = {
    name: MemoryFormat(name)
    for name in ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
}
CPU: Final = Device("cpu")
TRANSPARENT += [DType, Device]

NAMES.update({f"torch.{name}": kind for name, kind in DTYPES.items()})
NAMES.update({f"torch.{alias}": DTYPES[name] for alias, name in ALIASES.items()})
NAMES.update({f"torch.{name}": kind for name, kind in MEMORY_FORMATS.items()})
NAMES.update({"torch.dtype": DType, "torch.memory_format": MemoryFormat, "torch.Size": Size})


def dtype_name(dtype: Value, default: str) -> str:
    """The name of a dtype argument; the default for None."""
    if isinstance(dtype, DType):
        return dtype.name
    if isinstance(dtype, Unknown):
        return UNTYPED
    return PYTHON.get(dtype, default) if isinstance(dtype, type) else default


PYTHON: Final[dict[Value, str]] = {
    bool: "bool",
    int: "int64",
    float: "float64",
    complex: "complex128",
}
"""Python's types where torch takes a dtype."""


def last_axes(format: MemoryFormat) -> int:
    """The rank that a channels-last format is for; 0 for the others."""
    return {"channels_last": 4, "channels_last_3d": 5}.get(format.name, 0)


# -- what is taken ----------------------------------------------------------------------------


def is_real(dtype: str) -> bool:
    """Whether a dtype is a floating point one, and not complex."""
    return "float" in dtype


def clash(call: Call, a: str, b: str) -> bool:
    """Whether two tensors are certainly of different types, whatever precision code chooses."""
    if a == b or UNTYPED in (a, b):
        return False
    return not (call.host.mixed and is_real(a) and is_real(b))


def want_dtype(call: Call, taker: str, dtype: str, **tensors: object) -> None:
    """Complain about the first of some arguments that is certainly not of this dtype."""
    for name, tensor in tensors.items():
        if isinstance(tensor, Tensor) and clash(call, tensor.dtype, dtype):
            call.report(DTYPE, at=name, name=name, got=tensor.dtype, taker=taker, want=dtype)
            return


def want_numbers(call: Call, taker: str, **tensors: Tensor) -> None:
    """Complain about operands of products that are booleans; without elements any are taken."""
    for name, tensor in tensors.items():
        empty = any(not proves_unequal(size, 0) for size in tensor.sizes)
        if tensor.dtype == "bool" and not empty:
            call.report(DTYPE, at=name, name=name, got="bool", taker=taker, want="numbers")
            return


def want_indices(call: Call, taker: str, **tensors: object) -> None:
    """Complain about the first of some arguments that is no tensor of indices."""
    want = "int64 or int32"
    for name, tensor in tensors.items():
        if isinstance(tensor, Tensor) and not may_be(tensor.dtype, "int64", "int32"):
            call.report(DTYPE, at=name, name=name, got=tensor.dtype, taker=taker, want=want)
            return


def want_floats(call: Call, taker: str, **tensors: object) -> None:
    """Complain about the first of some arguments that certainly has integers or booleans."""
    want = "floating point numbers"
    for name, tensor in tensors.items():
        if isinstance(tensor, Tensor) and certainly_whole(tensor.dtype):
            call.report(DTYPE, at=name, name=name, got=tensor.dtype, taker=taker, want=want)
            return


def certainly_whole(dtype: str) -> bool:
    """Whether a dtype is certainly one of integers or booleans."""
    return dtype != UNTYPED and "float" not in dtype and "complex" not in dtype


def may_be(dtype: str, *wanted: str) -> bool:
    """Whether a dtype is one of some, or not known."""
    return dtype == UNTYPED or dtype in wanted
