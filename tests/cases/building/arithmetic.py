# run: Net() (2, 3, 16, 16)
import math

import torch.nn as nn


def make_divisible(v, divisor=8, min_value=None):
    min_value = min_value or divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < 0.9 * v:
        new_v += divisor
    return new_v


class Net(nn.Module):
    def __init__(self, multiplier=0.75):
        super().__init__()
        widths = [make_divisible(c * multiplier) for c in (16, 24, 40)]
        k = abs((math.log2(widths[-1]) + 1) / 2)
        k = int(k) if int(k) % 2 else int(k) + 1
        self.convs = nn.Sequential(*(nn.Conv2d(i, o, k, padding=(k - 1) // 2) for i, o in zip([3] + widths, widths)))
        self.drops = [round(x * 0.1 / 2, 3) for x in range(3)]
        self.steps = [*range(2, 8, 3), *reversed(range(2))]

    def forward(self, x):
        x = self.convs(x)  # shape: (2, 32, 16, 16) field: 7x7
        return x[:, : self.steps[1]].repeat(1, math.ceil(9 / 4), 1, 1)  # shape: (2, 15, 16, 16)
