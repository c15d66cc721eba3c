# run: Net() (3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = self.pool(self.conv(x))  # shape: (8, 7, 7)
        return x.unsqueeze(0)  # shape: (1, 8, 7, 7)
