# run: Net() (2, 5, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.LazyConv2d(8, 3)
        self.norm = nn.LazyBatchNorm2d()
        self.fc = nn.LazyLinear(3)

    def forward(self, x):
        x = self.norm(self.conv(x))  # shape: (2, 8, 14, 14)
        return self.fc(x.flatten(1))  # shape: (2, 3)
