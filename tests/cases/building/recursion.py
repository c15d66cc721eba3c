# run: Hourglass(2, 8) (1, 8, 32, 32)
import torch.nn as nn
import torch.nn.functional as F


class Hourglass(nn.Module):
    def __init__(self, depth, width):
        super().__init__()
        self.up = nn.Conv2d(width, width, 3, padding=1)
        self.low = nn.Conv2d(width, width, 3, padding=1)
        self.inner = Hourglass(depth - 1, width) if depth > 1 else nn.Identity()

    def forward(self, x):
        up = self.up(x)
        low = self.low(F.max_pool2d(x, 2))  # shape: (1, 8, 16, 16) | (1, 8, 8, 8)
        low = self.inner(low)
        low = F.interpolate(low, scale_factor=2)  # shape: (1, 8, 16, 16) | (1, 8, 32, 32)
        return up + low
