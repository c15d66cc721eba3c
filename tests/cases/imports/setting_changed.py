# main
import torch
from torch.nn import functional as F

from blocks import settings

settings.SIZE = 2


def pooled(x):
    return F.max_pool2d(x, settings.SIZE)


x = torch.randn(1, 3, 32, 32)
one = pooled(x)  # shape: (1, 3, 16, 16)
settings.SIZE = 4
two = pooled(x)  # shape: (1, 3, 8, 8)
