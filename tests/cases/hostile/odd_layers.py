# run: Net() (2, 3, 16, 16)
# unjudged: torch allocates what is asked for
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.wide = nn.Conv2d(3, 10**15, 3)
        self.flat = nn.Linear(10**15 * 14 * 14, 10)

    def forward(self, x):
        x = self.wide(x)  # shape: (2, 1000000000000000, 14, 14)
        x = self.flat(x.flatten(1))  # shape: (2, 10)
        return torch.zeros(10**9, 10**9, 10).sum(0)  # shape: (1000000000, 10)
