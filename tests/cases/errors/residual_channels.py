# run: Net() (2, 3, H, W)
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, inp, out, stride):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 3, stride, 1)
        self.skip = nn.Conv2d(inp, out, 1, stride) if stride > 1 else nn.Identity()

    def forward(self, x):
        return self.conv(x) + self.skip(x)  # error: broadcast "16"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(Block(3, 8, 2), Block(8, 8, 1), Block(8, 16, 1))

    def forward(self, x):
        return self.layers(x)
