# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Config:
    def __init__(self, **values):
        self.values = values

    @property
    def depth(self):
        return len(self.values)

    def __getattr__(self, name):
        if name in self.values:
            return self.values[name]
        raise AttributeError(name)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        config = Config(width=8, kernel=3)
        stride = getattr(config, "stride", 2)
        if hasattr(config, "bias"):
            stride = 1
        self.conv = nn.Conv2d(3, config.width * config.depth, config.kernel, stride)

    def forward(self, x):
        return self.conv(x)  # shape: (2, 16, 7, 7)
