# run: Projected() (2, 3, 16, 16)
# run: Sum() (2, 3, 16, 16)
# run: Shortcut() (2, 3, 16, 16)
# run: UNet() (2, 3, 15, 15)
# run: Stack() (2, 3, 16, 16)
import torch
import torch.nn as nn
import torch.nn.functional as F


class Projected(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2, padding=1)

    def forward(self, x):
        identity = x
        y = F.relu(self.conv(x))
        y += identity  # error: broadcast "8"
        return y


class Sum(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)  # the last line of the constructor

    def forward(self, x):
        return self.norm(self.conv(x)) + x  # error: broadcast "8"


class Shortcut(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.skip = nn.Conv2d(3, 8, 1)

    def forward(self, x):
        return self.conv(x) + self.skip(x)  # error: broadcast "8"


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 6, 2, stride=2)
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)

    def forward(self, x):
        y = self.up(self.down(x))
        return torch.cat([y, x], dim=1)  # error: cat-sizes "15"


class Stack(nn.Module):
    def forward(self, x):
        return torch.stack((x, F.max_pool2d(x, 2)))  # error: stack-sizes "8"
