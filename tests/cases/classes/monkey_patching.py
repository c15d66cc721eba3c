# run: build() (2, 3, 16, 16)
import types

import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 8, 14, 14)
        x = self.pool(x)  # shape: (1, 8, 14, 14)
        return self.head(x)  # shape: (1, 1568)


def first(self, x):
    return x[: self.kernel_size - 1]


def build():
    net = Net()
    net.pool.forward = types.MethodType(first, net.pool)
    net._modules["head"] = nn.Flatten()
    return net
