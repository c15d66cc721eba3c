# run: Stack((2, 2, 2)) (1, 3, H, W)
# run: Stack((1, 2, 9)) (1, 3, 40, 40)
# run: Stack((2, 4, 8)) (1, 3, 40, 40)
# run: Dense((1, 2, 5)) (1, 3, 40, 40)
# run: Dense((1, 2, 3)) (1, 3, H, W)
# run: Dense((2, 2, 2, 1)) (1, 3, H, W)
# run: Dense((5, 2, 1)) (1, 3, H, W)
# run: Dense((2, 2, 2)) (1, 3, 12, 12)
# run: Residual() (1, 8, H, W)
# run: Smoothed() (1, 8, H, W)
# run: Pyramid() (1, 8, H, W)
# run: Wave(10) (1, 8, L)
import torch
import torch.nn as nn


def conv(rate):
    return nn.Conv2d(8, 8, 3, padding=rate, dilation=rate)


class Stack(nn.Module):
    def __init__(self, rates):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 1)
        self.convs = nn.Sequential(*[
            nn.Sequential(
                nn.Conv2d(8, 8, 3, padding=rate, dilation=rate),  # info: gridding "in a row: each unit reads"
                nn.ReLU(),
            )
            for rate in rates
        ])

    def forward(self, x):
        return self.convs(self.first(x))


class Dense(nn.Module):
    """No holes; the last one's map is smaller than what it spans."""

    def __init__(self, rates):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 1)
        self.convs = nn.Sequential(*[conv(rate) for rate in rates])

    def forward(self, x):
        return self.convs(self.first(x))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(8, 8, 3, padding=2, dilation=2)
        self.b = nn.Conv2d(8, 8, 3, padding=2, dilation=2)  # info: gridding "dilations 2, 2, 2, 2 in a row: each unit reads 9 of the 17 positions"

    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(), Block())
        self.up = nn.Upsample(scale_factor=2)

    def forward(self, x):
        return self.up(self.blocks(x))


class Smoothed(nn.Module):
    """What a convolution with a stride reads fills the holes."""

    def __init__(self):
        super().__init__()
        self.stack = nn.Sequential(conv(2), conv(2))
        self.down = nn.Conv2d(8, 8, 3, stride=2, padding=1)

    def forward(self, x):
        return self.down(self.stack(x))


class Pyramid(nn.Module):
    """Side by side, not in a row."""

    def __init__(self):
        super().__init__()
        self.branches = nn.ModuleList([conv(rate) for rate in (6, 12, 18)])

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class Wave(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv1d(8, 8, 2, dilation=2**i) for i in range(depth))

    def forward(self, x):
        for layer in self.convs:
            x = torch.tanh(layer(nn.functional.pad(x, (layer.dilation[0], 0))))
        return x
