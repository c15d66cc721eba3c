"""An image that a network refuses by a test of its own."""

import torch
from torch import nn


class Tiles(nn.Module):
    def forward(self, x):
        n, c, h, w = x.shape
        if h % 7 != 0 or w % 7 != 0:
            # error: always-raises "H, W must be divisible by 7: 63 or 70 instead of 64"
            raise ValueError("no whole number of tiles")
        return x.view(n, c, h // 7, 7, w // 7, 7)


Tiles()(torch.zeros(1, 3, 64, 64))
