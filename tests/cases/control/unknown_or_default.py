# run: Net() (2, 3, 8, 8)
import os

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        given = os.environ.get("NO_SUCH_LAYER")
        layer = given or nn.Conv2d
        assert layer is not True
        assert not isinstance(layer, bool)
        if given or layer:
            self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = self.pool(x)  # shape: (2, 3, 4, 4)
        return x + torch.ones(4)  # shape: (2, 3, 4, 4)
