# main
import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, width, extras):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 1)
        self.first = extras[0]

    def forward(self, x):
        return self.first(self.conv(x))


one, two = nn.Conv2d(4, 8, 3), nn.Conv2d(4, 8, 3)
a = Block(4, [one])
b = Block(4, [two])
b.first.stride = (2, 2)

x = torch.randn(1, 4, 9, 9)
ya = a(x)  # shape: (1, 8, 7, 7)
yb = b(x)  # shape: (1, 8, 4, 4)
yc = two(x)  # shape: (1, 8, 4, 4)
