# guess: Net() (2, 3, 8, 8)
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x, size=None):
        x = self.conv(x)
        if x.shape[1] == 7:
            x = x.reshape(size)
        return torch.relu(x)
