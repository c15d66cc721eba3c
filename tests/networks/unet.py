"""U-Nets (Ronneberger et al. 2015) with padded convolutions, in one and two dimensions."""

import torch
from torch import nn
from torch.nn import functional as F

CONV = {1: nn.Conv1d, 2: nn.Conv2d}
UP = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d}
POOL = {1: F.max_pool1d, 2: F.max_pool2d}
LINEAR = {1: "linear", 2: "bilinear"}


def double(rank, a, b):
    conv = CONV[rank]
    return nn.Sequential(conv(a, b, 3, padding=1), nn.ReLU(), conv(b, b, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    """`up`: "convt", "nearest" or "linear"; `d` the way down and the bottleneck, `u` the way up."""

    def __init__(self, depth, up, rank=2, width=4):
        super().__init__()
        self.rank, self.way = rank, up
        self.d = nn.ModuleList(double(rank, width if i else 3, width) for i in range(depth + 1))
        self.u = nn.ModuleList(double(rank, 2 * width, width) for _ in range(depth))
        if up == "convt":
            self.lifts = nn.ModuleList(UP[rank](width, width, 2, 2) for _ in range(depth))
        self.out = CONV[rank](width, 1, 1)

    def lift(self, i, x):
        if self.way == "convt":
            return self.lifts[i](x)
        if self.way == "nearest":
            return F.interpolate(x, scale_factor=2)
        return F.interpolate(x, scale_factor=2, mode=LINEAR[self.rank], align_corners=False)

    def forward(self, x):
        skips = []
        for i, block in enumerate(self.d):
            x = block(POOL[self.rank](x, 2) if i else x)
            skips.append(x)
        skips.pop()
        for i, block in enumerate(self.u):
            x = block(torch.cat([skips.pop(), self.lift(i, x)], 1))
        return self.out(x)
