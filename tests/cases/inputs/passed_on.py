# guess: Wide(channels=4) (2, 3, 32, 40)
"""Constructors that pass on what they are given; arguments by name; layers with another forward."""

import torch.nn as nn


class Base(nn.Module):
    def __init__(self, channels, width=None):
        super().__init__()
        self.width = width or 64
        self.conv = nn.Conv2d(3, self.width, 3)

    def forward(self, x):
        return self.conv(x)  # shape: (N, 128, H - 2, W - 2)


class Wide(Base):
    def __init__(self, **kwargs):
        super().__init__(width=128, **kwargs)


class Named(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.norm = nn.GroupNorm(32, width or channels)

    def forward(self, x, *, scale):
        return self.norm(x) * scale


class ChannelsLast(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
