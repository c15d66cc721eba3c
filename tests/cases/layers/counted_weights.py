# main
"""Equal layers have weights of their own; a tied weight is counted once."""

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3)

    def forward(self, x):
        return self.conv(x)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(3, 3, bias=False)
        self.two = nn.Linear(3, 3, bias=False)
        self.two.weight = self.one.weight


def count(net):
    return sum(p.numel() for p in net.parameters())


blocks = nn.Sequential(*[Block() for _ in range(3)])
a = torch.zeros(count(blocks))  # shape: (444,)
b = torch.zeros(count(nn.Sequential(Tied(), Tied())))  # shape: (18,)
