# run: Net() (2, 3, 16, 16)
"""What raises while another file is loaded is no proof: not all of its statements have run."""

from strict.layers import Conv
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv(3, 8, 3)

    def forward(self, x):
        return self.conv(x)  # shape: (2, 8, 14, 14)
