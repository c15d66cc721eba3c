# run: Net() (2, 3, 20, 24)
import torch.nn as nn
import torch.nn.functional as F


class SameConv2d(nn.Conv2d):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.extra = (self.kernel_size[0] - 1) // 2

    def forward(self, x):
        x = F.pad(x, [self.extra] * 4)  # shape: (2, 3, 24, 28)
        return F.conv2d(x, self.weight, self.bias, self.stride)  # shape: (2, 8, 10, 12) field: 5x5


class Block(nn.Sequential):
    def __init__(self, inp, out):
        super().__init__(nn.Conv2d(inp, out, 1), nn.BatchNorm2d(out))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = SameConv2d(3, 8, 5, stride=2)
        self.block = Block(8, 16)

    def forward(self, x):
        x = self.conv(x)
        return self.block(x)  # shape: (2, 16, 10, 12) field: 5x5
