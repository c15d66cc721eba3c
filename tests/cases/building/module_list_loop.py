# run: Net() (2, 3, 32, 40)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        self.blocks = nn.ModuleList()
        for i in range(depth):
            self.blocks.append(nn.Conv2d(3 * 2**i, 3 * 2 ** (i + 1), 3, stride=2, padding=1))

    def forward(self, x):
        features = []
        for block in self.blocks:
            x = block(x)  # shape: (2, 6, 16, 20) | (2, 12, 8, 10) | (2, 24, 4, 5) field: 3x3 | 7x7 | 15x15
            features.append(x)
        return features[::-1]  # shape: (2, 24, 4, 5), (2, 12, 8, 10), (2, 6, 16, 20)
