# run: Net() (2, 8, 16, 16)
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.conv = nn.Conv2d(sizes[0], sizes[1], 1)

    def forward(self, x):
        return self.conv(x)  # shape: (2, 8, 16, 16)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([])
        for _ in range(3):
            self.blocks.append(Block((8, 8)))

    def forward(self, x):
        for block in self.blocks:
            x = block(x)  # shape: (2, 8, 16, 16)
        return x  # shape: (2, 8, 16, 16)
