# run: Net() (2, 3, 16, 16)
import torch.nn as nn

from blocks import ConvBlock
from blocks import pooling as P
from blocks.settings import WIDTHS


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = ConvBlock(3, WIDTHS["small"])
        self.pool = P.make("max")

    def forward(self, x):
        x = self.a(x)  # shape: (2, 8, 14, 14) field: 3x3
        return self.pool(x)  # shape: (2, 8, 7, 7) field: 4x4
