# run: Net() (2, 10, 16)
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        a, b = x.split(5, dim=1)  # shape: (2, 5, 16), (2, 5, 16)
        a, b = x.split([4, 4], dim=1)  # error: split-sizes "10"
        return a + b
