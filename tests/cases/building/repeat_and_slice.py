# run: Net() (2, 3, 32, 32)
import copy

import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        block = nn.Sequential(nn.Conv2d(6, 6, 3, padding=1), nn.ReLU())
        self.stem = nn.Conv2d(3, 6, 2, 2)
        self.body = nn.Sequential(*(copy.deepcopy(block) for _ in range(3)))
        self.front = self.body[:2]
        self.shared = nn.ModuleList([block] * 2)

    def forward(self, x):
        x = self.stem(x)  # shape: (2, 6, 16, 16) field: 2x2
        x = self.front(x)  # shape: (2, 6, 16, 16) field: 10x10
        x = self.body[-1][0](x)  # shape: (2, 6, 16, 16) field: 14x14
        for layer in self.shared:
            x = layer(x)  # shape: (2, 6, 16, 16) field: 18x18
        return x, len(self.body)
