# run: Net() (2, 3, 16, 16)
"""A name of another file that is first asked for under a condition on tensor values."""

import torch.nn.functional as F
from blocks import settings
from torch import nn


class Net(nn.Module):
    def forward(self, x):
        if x.sum() > 0:
            x = x * settings.EDGE
        x = F.pad(x, (settings.EDGE,) * 4)  # shape: (2, 3, 22, 22)
        return F.pad(x, (settings.MARGIN,) * 4)  # shape: (2, 3, 26, 26)
