# guess: Net() (N, 3, H, W)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, padding=1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(width, 5)

    def forward(self, x):
        x = self.conv(x)  # shape: (N, 8, H, W) field: 3x3
        x = self.pool(x).flatten(1)  # shape: (N, 8)
        return self.fc(x)  # shape: (N, 5)
