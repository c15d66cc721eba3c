"""`torch.finfo` and `torch.iinfo`: the limits of the types of numbers."""

from __future__ import annotations

from typing import Final

from conv_lsp.library.dtypes import DType
from conv_lsp.library.registry import Call, models
from conv_lsp.values import Instance

FLOATS: Final = {
    "float16": (16, 2.0**-10, 65504.0, 2.0**-14, 1e-3),
    "bfloat16": (16, 2.0**-7, 3.3895313892515355e38, 2.0**-126, 1e-2),
    "float32": (32, 2.0**-23, 3.4028234663852886e38, 2.0**-126, 1e-6),
    "float64": (64, 2.0**-52, 1.7976931348623157e308, 2.0**-1022, 1e-15),
}
"""bits, eps, max, the smallest normal number, resolution"""
INTEGERS: Final = {"uint8": 8, "int8": 8, "int16": 16, "int32": 32, "int64": 64}
"""bits"""


@models("torch.finfo")
class FloatInfo(Instance):
    """Limits of a floating point type."""

    __slots__ = ()

    def __init__(self, call: Call, type: object = None) -> None:
        name = "float32" if type is None else type.name if isinstance(type, DType) else ""
        if name in FLOATS:
            bits, eps, most, tiny, resolution = FLOATS[name]
            self.__dict__.update(bits=bits, eps=eps, max=most, min=-most, tiny=tiny)
            self.__dict__.update(smallest_normal=tiny, resolution=resolution, dtype=name)


@models("torch.iinfo")
class IntegerInfo(Instance):
    """Limits of an integer type."""

    __slots__ = ()

    def __init__(self, call: Call, type: object) -> None:
        name = type.name if isinstance(type, DType) else ""
        if name in INTEGERS:
            bits = INTEGERS[name]
            low = 0 if name == "uint8" else -(2 ** (bits - 1))
            self.__dict__.update(bits=bits, min=low, max=low + 2**bits - 1, dtype=name)
