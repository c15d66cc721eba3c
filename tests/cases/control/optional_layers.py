# run: Block(8, 16, 2) (2, 8, 16, 16)
# run: Block(8, 8) (2, 8, 16, 16)
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, inp, out, stride=1, downsample=None):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 3, stride, 1)
        if stride != 1 or inp != out:
            downsample = nn.Conv2d(inp, out, 1, stride)
        self.downsample = downsample

    def forward(self, x):
        identity = x
        out = self.conv(x)
        if self.downsample is not None:
            identity = self.downsample(x)  # shape: (2, 16, 8, 8) field: 1x1
        out += identity  # shape: (2, 16, 8, 8) | (2, 8, 16, 16) field: 3x3 | 3x3
        return out
