"""An image that a network does not take, at the line where that shows."""

import torch
from torch import nn


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(3, 8, 3, 2, 1)
        self.down2 = nn.Conv2d(8, 16, 3, 2, 1)
        self.up2 = nn.ConvTranspose2d(16, 8, 2, 2)
        self.up1 = nn.ConvTranspose2d(16, 3, 2, 2)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(a)
        # error: cat-sizes "H must be divisible by 4: 96 or 100 instead of 98"
        y = torch.cat([a, self.up2(b)], 1)
        return torch.cat([x, self.up1(y)], 1)


UNet()(torch.zeros(1, 3, 98, 64))
