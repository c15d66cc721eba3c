# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=10):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3)
        self.conv = nn.Conv2d(width, width, 3, groups=4)  # error: groups-divide "in_channels 10 is not divisible by groups 4"

    def forward(self, x):
        return self.conv(self.stem(x))
