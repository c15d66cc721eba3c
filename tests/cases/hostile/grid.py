# run: Net() (2, 3, 16, 16)
# unjudged: would need more memory and time than there are
import torch.nn as nn

GRID = [[i * j for i in range(10**4)] for j in range(10**4)]

SUM = 0
for row in GRID:
    for value in row:
        SUM += value


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 8, 14, 14)
        return x
