"""Attributes that no line of a class sets, and that its objects have."""

# run: Dynamic(["left", "right"]) (2, 3, 16, 16)
# run: Promised() (2, 3, 16, 16)
# run: Tried() (2, 3, 16, 16)
# run: Outer() (2, 3, 16, 16)
# run: Filled() (2, 3, 16, 16)
# run: Tables() (2, 3, 16, 16)
# run: Slotted() (2, 3, 16, 16)
# run: patched() (2, 3, 16, 16)
# run: Mangled() (2, 3, 16, 16)
# run: Late() (2, 3, 16, 16)
# run: Cached() (2, 3, 16, 16)
# run: Walrus() (2, 3, 16, 16)
# run: traced(torch.zeros(2, 3, 16, 16))
import functools
import random

import torch
import torch.fx
import torch.nn as nn


class Dynamic(nn.Module):
    def __init__(self, names):
        super().__init__()
        for name in set(names):
            setattr(self, name, nn.Conv2d(3, 3, 1))

    def forward(self, x):
        return self.left(x) + self.right(x)  # shape: (2, 3, 16, 16)


class Promised(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Conv2d(3, 3, 3)

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(self.inner, name)

    def forward(self, x):
        return self.inner(x)[:, : self.out_channels]


class Tried(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3)

    def forward(self, x):
        if hasattr(self, "norm"):
            x = self.norm(x)
        try:
            x = self.nrom(x)
        except AttributeError:
            x = self.conv(x)
        x = getattr(self, "last", nn.Identity())(x)
        return x  # shape: (2, 3, 14, 14)


class Inner(nn.Module):
    def forward(self, x):
        return x * self.scale + self.owner[0].bias


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = 1
        self.inner = Inner()
        self.inner.scale = 2
        self.inner.owner = [self]

    def forward(self, x):
        return self.inner(x)  # shape: (2, 3, 16, 16)


class Filled(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.steps = nn.Conv2d(3, 3, 3), 2
        if random.random() < 2:
            self.maybe = nn.Conv2d(3, 3, 3)

    def forward(self, x):
        return self.maybe(self.conv(x))


class Tables(nn.Module):
    def __init__(self):
        super().__init__()
        self._modules["conv"] = nn.Conv2d(3, 3, 3)
        self._parameters["scale"] = nn.Parameter(torch.ones(3, 1, 1))
        self._buffers["mean"] = torch.zeros(3, 1, 1)
        self.__dict__["size"] = 2

    def forward(self, x):
        return self.conv(x * self.scale - self.mean)[..., : self.size]


class Slotted(nn.Module):
    def __init__(self):
        super().__init__()
        self.__dict__.update({random.choice(["chosen"]): 3})

    def forward(self, x):
        return x[:, : self.chosen]


class Plain(nn.Module):
    def forward(self, x):
        return self.extra(x)


def extend(module, **parts):
    for name, part in parts.items():
        module.register_module(name, part)
    return module


def patched():
    return extend(Plain(), extra=nn.Conv2d(3, 4, 3))


class Hidden(nn.Module):
    def __init__(self):
        super().__init__()
        self.__conv = nn.Conv2d(3, 3, 3)

    def forward(self, x):
        return self.__conv(x)


class Mangled(Hidden):
    def forward(self, x):
        return self._Hidden__conv(x)


class Late(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3)
        self.apply(self.prepare)
        self.register_forward_pre_hook(self.count)

    @staticmethod
    def prepare(module):
        module.prepared = True

    @staticmethod
    def count(module, inputs):
        module.calls = 1

    def forward(self, x):
        return self.conv(x) * self.calls if self.prepared else x


class Cached(nn.Module):
    @functools.cached_property
    def conv(self):
        return nn.Conv2d(3, 5, 3)

    @property
    def depth(self):
        return 1

    def forward(self, x):
        return self.conv(x)[:, : self.depth]


class Walrus(nn.Module):
    def __init__(self):
        super().__init__()
        for self.index in range(3):
            pass
        with torch.no_grad():
            self.weight = torch.ones(1)

    def forward(self, x):
        return x[:, : self.index] * self.weight  # shape: (2, 2, 16, 16)


class Traced(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3)

    def forward(self, x):
        return self.conv(x)


def traced(x):
    module = torch.fx.symbolic_trace(Traced())
    module.recompile()
    scripted = torch.jit.script(Traced())
    print(scripted.code, module.graph)
    return module(x)
