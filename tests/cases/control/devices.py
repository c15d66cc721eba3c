# run: Net() (2, 3, 8, 8)
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = x.float()
        torch._assert(x.shape[1] == 3, "three channels")
        if x.device.type == "cpu" and x.dtype.is_floating_point:
            x = self.conv(x)  # shape: (2, 4, 6, 6)
        return x + torch.ones(4, 1, x.dtype.itemsize + 2)  # shape: (2, 4, 6, 6)
