# main
import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.sizes = [8]
        self.conv = nn.Conv2d(channels, 8, 3)

    def forward(self, x):
        return nn.functional.avg_pool2d(self.conv(x), len(self.sizes))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Block(3)
        self.a.conv = nn.Conv2d(3, 16, 5)
        self.b = Block(3)
        self.b.sizes.append(16)
        self.c = Block(3)

    def forward(self, x):
        a = self.a(x)  # shape: (1, 16, 28, 28)
        b = self.b(x)  # shape: (1, 8, 15, 15)
        c = self.c(x)  # shape: (1, 8, 30, 30)
        self.c.sizes.append(16)
        c = self.c(x)  # shape: (1, 8, 15, 15)
        return a, b, c


Net()(torch.randn(1, 3, 32, 32))

calls = 0


def grow(x):
    global calls
    calls += 1
    return torch.cat([x] * calls)


x = torch.randn(2, 3)
one = grow(x)  # shape: (2, 3)
two = grow(x)  # shape: (4, 3)

POOL = 2
settings = {"pad": 1}
sizes = []


def pooled(x):
    x = nn.functional.pad(x, [settings["pad"]] * 4)
    return nn.functional.max_pool2d(x, POOL)


image = torch.randn(1, 3, 30, 30)
first = pooled(image)  # shape: (1, 3, 16, 16)
POOL = 4
second = pooled(image)  # shape: (1, 3, 8, 8)
settings["pad"] = 5
third = pooled(image)  # shape: (1, 3, 10, 10)
for POOL in (2, 8):
    sizes.append(POOL)
    fourth = pooled(image)  # shape: (1, 3, 20, 20) | (1, 3, 5, 5)
