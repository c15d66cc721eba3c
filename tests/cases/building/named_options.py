# run: Net() (2, 3, 16, 16)
"""Members of enumerations that are texts, and keyword arguments that a layer's signature knows."""

import inspect
from enum import Enum, EnumMeta

import numpy as np
import torch.nn as nn


class Mode(str, Enum):
    DECONV = "deconv"
    PIXELS = "pixels"


LAYERS = {"deconv": nn.ConvTranspose2d, "batch": nn.BatchNorm2d, "group": nn.GroupNorm}


def chosen(option, kinds):
    if isinstance(option, str):
        option = option.strip()
    if isinstance(kinds, EnumMeta) and isinstance(option, str):
        if option in {item.value for item in kinds}:
            return kinds(option)
    raise ValueError(option)


def takes(kind, *names):
    return all(name in inspect.signature(kind).parameters for name in names)


def norm(name, channels, **more):
    kind = LAYERS[name]
    if takes(kind, "num_features"):
        more["num_features"] = channels
    if takes(kind, "num_channels"):
        more["num_channels"] = channels
    return kind(**more)


class Net(nn.Module):
    def __init__(self, mode=Mode.DECONV):
        super().__init__()
        mode = chosen(mode, Mode)
        self.up = nn.Sequential()
        if mode == "deconv" and np.prod(2) != 1:
            self.up.append(LAYERS[mode](3, 8, 2, 2))
        if mode in ("pixels",):
            self.up.append(nn.PixelShuffle(2))
        self.norms = nn.Sequential(norm("batch", 8), norm("group", 8, num_groups=2))

    def forward(self, x):
        x = self.up(x)  # shape: (2, 8, 32, 32)
        return self.norms(x)  # shape: (2, 8, 32, 32)
