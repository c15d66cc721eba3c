"""Short networks whose receptive fields are measured: dilations, shortcuts, up-sampling, shuffling."""

import torch
from torch import nn
from torch.nn import functional as F


class Dilated(nn.Sequential):
    def __init__(self, *rates):
        super().__init__(*(nn.Conv1d(1, 1, 3, padding=r, dilation=r) for r in rates))


class Causal(nn.Module):
    """WaveNet's stacks (kernel 2) or a TCN's levels (kernel 3): padded on the left alone."""

    def __init__(self, kernel, rates):
        super().__init__()
        self.l = nn.ModuleList(nn.Conv1d(4, 4, kernel, dilation=rate) for rate in rates)

    def forward(self, x):
        for layer in self.l:
            reach = (layer.kernel_size[0] - 1) * layer.dilation[0]
            x = x + torch.tanh(layer(F.pad(x, (reach, 0))))
        return x


class Rectangular(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 1, (3, 5), (2, 1), (1, 2), (1, 2))
        self.b = nn.MaxPool2d((2, 3), (2, 1))
        self.c = nn.Conv2d(1, 1, (1, 7), padding=(0, 3))

    def forward(self, x):
        return self.c(self.b(self.a(x)))


class Enlarging(nn.Module):
    """As the generator of a DCGAN."""

    def __init__(self):
        super().__init__()
        self.n = nn.Sequential(*(nn.ConvTranspose2d(2, 2, 4, 2, 1) for _ in range(3)))

    def forward(self, x):
        return self.n(x)


class Shuffled(nn.Module):
    """As the head of ESPCN."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 4, 3, padding=1)
        self.p = nn.PixelShuffle(2)
        self.b = nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, x):
        return self.b(self.p(self.a(x)))


class C3D(nn.Module):
    """Tran et al. 2015."""

    def __init__(self):
        super().__init__()

        def conv(a, b):
            return nn.Conv3d(a, b, 3, padding=1)

        self.f = nn.Sequential(
            conv(3, 8),
            nn.ReLU(),
            nn.MaxPool3d((1, 2, 2)),
            conv(8, 8),
            nn.ReLU(),
            nn.MaxPool3d(2),
            conv(8, 8),
            conv(8, 8),
            nn.MaxPool3d(2),
            conv(8, 8),
            conv(8, 8),
            nn.MaxPool3d(2),
            conv(8, 8),
            conv(8, 8),
            nn.MaxPool3d(2, 2, (0, 1, 1)),
        )

    def forward(self, x):
        return self.f(x)


def shortcut():
    return nn.Conv1d(1, 1, 1, 2)


def strided_then_wide():
    return nn.Sequential(nn.Conv1d(1, 1, 1, 2), nn.Conv1d(1, 1, 3, padding=1))


def pooled_shortcut():
    return nn.Sequential(nn.AvgPool1d(2), nn.Conv1d(1, 1, 1))


def unshuffled():
    return nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(4, 1, 3, padding=1))
