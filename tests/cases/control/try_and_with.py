# run: Net() (2, 3, 16, 16)
import contextlib

import torch
import torch.nn as nn

try:
    from missing_package import fancy_norm
except ImportError:
    fancy_norm = None


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
        self.norm = fancy_norm(6) if fancy_norm else nn.BatchNorm2d(6)

    def forward(self, x):
        with torch.no_grad(), contextlib.nullcontext():
            x = self.conv(x)  # shape: (2, 6, 14, 14)
        with torch.autocast("cpu", enabled=False) as context:
            x = self.norm(x)  # shape: (2, 6, 14, 14)
        try:
            y = self.conv(x)
        except RuntimeError:
            y = x[:, :3]  # shape: (2, 3, 14, 14)
        finally:
            x = x + 1
        try:
            n = {"a": 1}["b"]
        except KeyError as error:
            n = 2
        return y[:, :n]  # shape: (2, 2, 14, 14)
