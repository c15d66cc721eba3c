# run: Net() (2, 3, 16, 16)
"""A decorator that asks a data class for its fields."""

import dataclasses

import torch.nn as nn


def strict(kind):
    if not hasattr(kind, "__dataclass_fields__"):
        raise TypeError(f"{kind.__name__} is no data class")
    kind.required = [f.name for f in dataclasses.fields(kind) if f.default is dataclasses.MISSING]
    original = kind.__setattr__

    def checked(self, name, value):
        if value is not None:
            original(self, name, value)

    kind.__setattr__ = checked
    kind.total = sum(
        f.default or 0 for f in dataclasses.fields(kind) if f.name not in kind.required
    )
    return kind


@strict
@dataclasses.dataclass
class Config:
    inputs: int
    width: int = 8
    depth: int = 2


class Sized:
    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        dataclasses.dataclass(cls, repr=False, kw_only=True)


class Small(Sized):
    width: int = 64
    stride: int = 1


@strict
class Tall(dataclasses.dataclass(kw_only=True)(Small)):
    height: int = 3
    depth: int = None


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        small, tall = Small(width=6), Tall(height=5, stride=2)
        self.last = nn.Conv2d(10, small.width, tall.height, tall.stride)
        self.conv = nn.Conv2d(3, Config.total, len(Config.required))

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 10, 16, 16)
        return self.last(x)  # shape: (2, 6, 6, 6)
