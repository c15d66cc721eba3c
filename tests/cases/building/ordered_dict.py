# run: Net() (2, 3, 24, 24)
from collections import OrderedDict

import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        layers = OrderedDict([("conv0", nn.Conv2d(3, 6, 5)), ("relu0", nn.ReLU())])
        layers["pool0"] = nn.AvgPool2d(2)
        self.features = nn.Sequential(layers)
        self.tail = nn.Sequential(OrderedDict(conv=nn.Conv2d(6, 12, 3)))

    def forward(self, x):
        x = self.features(x)  # shape: (2, 6, 10, 10) field: 6x6
        x = self.features.conv0.weight.sum() * x  # shape: (2, 6, 10, 10)
        return self.tail.conv(x)  # shape: (2, 12, 8, 8)
