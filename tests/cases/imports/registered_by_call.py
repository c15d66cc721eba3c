# run: Net() (2, 3, 16, 16)
"""A table of another file, filled by calls of that file's own function."""

from blocks.pooling import KINDS, known
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        if not known("avg"):
            raise ValueError("avg")
        self.pool = KINDS["max"](4)

    def forward(self, x):
        return self.pool(x)  # shape: (2, 3, 4, 4)
