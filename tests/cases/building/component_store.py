# run: Net() (2, 3, 16, 16)
"""Layers kept by name in a store that documents itself; padding worked out with numpy."""

import keyword

import numpy as np
import torch.nn as nn


class Store:
    """Holds parts."""

    def __init__(self, name):
        self.parts = {}
        self.__doc__ = f"{name}: {self.__doc__ or ''}".strip()

    def add(self, name, text, value):
        if keyword.iskeyword(name) or not name.isidentifier():
            raise ValueError(name)
        self.parts[name] = value
        self.__doc__ += f" {name} {text}"

    def part(self, name):
        def keep(function):
            self.add(name, function.__doc__ or "", function)
            return function

        return keep

    def __getattr__(self, key):
        if key in self.parts:
            return key
        return super().__getattribute__(key)


LAYERS = Store("layers")
LAYERS.add("pool", "", lambda: nn.MaxPool2d)


@LAYERS.part("conv")
def conv():
    """A convolution."""
    return nn.Conv2d


def same_padding(kernel, dilation=1):
    size, spread = np.atleast_1d(kernel), np.atleast_1d(dilation)
    if np.any((size - 1) * dilation % 2 == 1):
        raise NotImplementedError(f"no padding for {size}")
    padding = tuple(int(p) for p in (size - 1) / 2 * spread)
    return padding if len(padding) > 1 else padding[0]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        made = LAYERS.parts[LAYERS.conv]()
        self.one = made(3, 8, 5, padding=same_padding(5))
        self.two = made(8, 8, (3, 7), padding=same_padding((3, 7), 2), dilation=2)
        self.pool = LAYERS.parts["pool"]()(len(Store.__doc__) // 6)

    def forward(self, x):
        x = self.one(x)  # shape: (2, 8, 16, 16)
        x = self.two(x)  # shape: (2, 8, 16, 16)
        return self.pool(x)  # shape: (2, 8, 8, 8)
