"""torch's constants: dtypes, devices, memory formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from conv_lsp.library.registry import NAMES, TRANSPARENT
from conv_lsp.values import UNTYPED, Size, Unknown, Value

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


def is_known(value: Value) -> bool:
    """Whether an argument is not Unknown."""
    return not isinstance(value, Unknown)
