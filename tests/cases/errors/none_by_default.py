"""A parameter that is None only by its default, in a network that nobody makes."""

# guess: Grid() (N, 3, H, W)
# unjudged: with None, as nobody calls it, torch raises

import torch
from torch import nn


class Grid(nn.Module):
    def __init__(self, size=None, sizes=(None, None)):
        super().__init__()
        self.size = size
        self.sizes = sizes
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x, kind):
        x = x.to(dtype=kind)
        steps = torch.arange(self.size)
        x = self.conv(x)  # shape: (N, 8, H - 2, W - 2)
        x = x.view(-1, self.sizes[0], self.sizes[1])
        x = torch.reshape(x, (self.size, -1))
        return x + steps


def make(channels=None):
    return nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())
