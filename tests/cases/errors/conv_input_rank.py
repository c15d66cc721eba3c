# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 8, 14, 14)
        x = x.flatten(2)  # shape: (2, 8, 196)
        x = self.conv(x.flatten(1))  # error: conv-input-rank "input has 2 dimensions; the layer takes"
        return x
