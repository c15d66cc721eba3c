# run: Net() (4, 3, 15, 15)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)

    def forward(self, x):
        x = self.conv(x)  # shape: (4, 16, 13, 13)
        return x.view(-1, 16 * 12 * 12)  # error: reshape-count "10816 elements"
