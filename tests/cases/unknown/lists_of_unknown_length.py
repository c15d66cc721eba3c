# guess: Net(64) (2, 3)
# What picks by a list of unknown length has no known size: the list is not empty.
import torch
from torch import nn


def spread(count):
    held = []
    parts = [[i] for i in range(count)]
    for part in parts:
        held.extend(part)
    return held


class Net(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.picks = spread(count)

    def forward(self, x):
        y = torch.zeros(64)[self.picks]  # unknown: the parameter count
        return torch.zeros(64) + y
