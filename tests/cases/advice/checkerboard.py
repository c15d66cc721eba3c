# run: Net() (N, 4, H, W)
# run: Sound() (2, 4, L)
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.odd = nn.ConvTranspose2d(4, 4, 3, stride=2, padding=1, output_padding=1)  # info: checkerboard "kernel size 3 does not spread evenly over stride 2: neighbouring outputs sum 1 or 2 taps by turns"
        self.even = nn.ConvTranspose2d(4, 4, 4, stride=2, padding=1)
        self.patch = nn.ConvTranspose2d(4, 4, 2, stride=2)
        self.same = nn.ConvTranspose2d(4, 4, 3, padding=1)
        self.weight = nn.Parameter(torch.zeros(4, 4, 5, 5))

    def forward(self, x):
        x = self.same(self.patch(self.even(self.odd(x))))
        return F.conv_transpose2d(x, self.weight, stride=3)  # info: checkerboard "kernel size 5 does not spread evenly over stride 3: neighbouring outputs sum 1 or 2 taps"


class Sound(nn.Module):
    def __init__(self):
        super().__init__()
        self.gaps = nn.ConvTranspose1d(4, 4, 2, stride=4)  # info: checkerboard "sum 0 or 1 taps"
        self.spread = nn.ConvTranspose1d(4, 4, 4, stride=2, dilation=2)  # info: checkerboard "sum 0 or 4 taps"
        self.dense = nn.ConvTranspose1d(4, 4, 4, stride=4, dilation=3)

    def forward(self, x):
        return self.dense(self.spread(self.gaps(x)))
