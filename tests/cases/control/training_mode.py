# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.drop = nn.Dropout(0.5)
        self.aux = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        x = self.drop(self.conv(x))  # shape: (2, 4, 14, 14)
        if self.training:
            return x, self.aux(x)
        return x  # shape: (2, 4, 14, 14)
