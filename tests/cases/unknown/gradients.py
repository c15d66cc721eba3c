# main
"""Whether there is a gradient depends on a backward pass."""

import torch
from torch import nn

weight = nn.Parameter(torch.zeros(3))
(torch.ones(3) * weight).sum().backward()
assert weight.grad is not None
size = torch.zeros(2)  # shape: (2,)
