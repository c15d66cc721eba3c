# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, dilatation=2)  # error: call-arguments "dilatation"

    def forward(self, x):
        return self.conv(x)
