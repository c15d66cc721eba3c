# run: Net() (2, 8, 16, 16)
import torch
import torch.nn as nn


class SqueezeExcite(nn.Module):
    def __init__(self, channels, reduction=4):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, channels // reduction, 1)
        self.fc2 = nn.Conv2d(channels // reduction, channels, 1)

    def forward(self, x):
        s = nn.functional.adaptive_avg_pool2d(x, 1)  # shape: (2, 8, 1, 1) field: global
        s = torch.sigmoid(self.fc2(torch.relu(self.fc1(s))))
        return x * s  # shape: (2, 8, 16, 16) field: global


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 16, 3, padding=1)
        self.glu = nn.GLU(dim=1)
        self.se = SqueezeExcite(8)

    def forward(self, x):
        x = self.glu(self.conv(x))  # shape: (2, 8, 16, 16) field: 3x3
        return self.se(x)
