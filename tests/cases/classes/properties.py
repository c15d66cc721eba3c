# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Width:
    def __init__(self):
        self.halves = 4

    @property
    def value(self):
        return self.halves * 2

    @value.setter
    def value(self, width):
        self.halves = width // 2


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        width = Width()
        width.value = 20
        self.conv = nn.Conv2d(3, width.halves, 1)
        self.more = nn.Conv2d(width.halves, width.value, 1)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 10, 16, 16)
        return self.more(x)  # shape: (2, 20, 16, 16)
