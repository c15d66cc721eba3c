# guess: Broken() (2, 3, 16, 16)
"""A block whose second input may be left out is not wrong because nothing here gives it."""

import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, channels, skip_channels):
        super().__init__()
        self.conv = nn.Conv2d(channels + skip_channels, 8, 3, padding=1)

    def forward(self, x, skip=None):
        if skip is not None:
            x = torch.cat([x, skip], 1)
        return self.conv(x)


class Broken(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.head = nn.Conv2d(16, 2, 1)

    def forward(self, x, mask=None):
        x = self.head(self.conv(x))  # error: conv-channels "8 channels; the layer takes 16"
        if mask is not None:
            x = x * mask
        return x


class Compared(nn.Module):
    """What is given for None is not known, so that a comparison with it is not either."""

    def forward(self, x, image=None):
        empty = torch.all(image == 0)
        return x if empty else x + image
