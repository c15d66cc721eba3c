# run: Net() (2, 3, 16, 16)
# unjudged: Python's own stack is too small
import torch.nn as nn


def down(n, x):
    return down(n + 1, x) if n >= 0 else x


def both(n):
    return both(n - 1) + both(n - 1) if n else 1


class Endless(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Endless()


class Net(nn.Module):
    def forward(self, x):
        y = x * 2  # shape: (2, 3, 16, 16)
        both(60)
        Endless()
        down(0, x)
        return y
