# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 12, 3), nn.BatchNorm2d(6), nn.ReLU())

    def forward(self, x):
        return self.body(x)  # error: norm-features "input has 12 features; the layer normalises 6"
