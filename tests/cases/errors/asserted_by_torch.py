# run: Net() (2, 3, 8, 8)
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        torch._assert(x.shape[1] == 4, "four channels")  # error: always-raises "four channels"
        return self.conv(x) + torch.ones(7)
