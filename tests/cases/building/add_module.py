# run: Dense(3) (1, 8, 16, 16)
import torch
import torch.nn as nn


class Layer(nn.Module):
    def __init__(self, inp, growth):
        super().__init__()
        self.add_module("norm", nn.BatchNorm2d(inp))
        self.add_module("conv", nn.Conv2d(inp, growth, 3, padding=1))

    def forward(self, x):
        out = self.conv(self.norm(x))  # shape: (1, 4, 16, 16)
        return torch.cat([x, out], 1)  # shape: (1, 12, 16, 16) | (1, 16, 16, 16) | (1, 20, 16, 16)


class Dense(nn.Sequential):
    def __init__(self, count, growth=4):
        super().__init__()
        for i in range(count):
            self.add_module("layer%d" % (i + 1), Layer(8 + i * growth, growth))

    def forward(self, x):
        return super().forward(x)  # shape: (1, 20, 16, 16) field: 7x7
