# main
"""Whether there is a gradient depends on a backward pass."""

import torch
from torch import nn

weight = nn.Parameter(torch.zeros(3))
(torch.ones(3) * weight).sum().backward()
assert weight.grad is not None
size = torch.zeros(2)  # shape: (2,)

held = torch.zeros(3, 4)
held.set_()
held = torch.cat([held, held])  # shape: (0,)
frozen = nn.Linear(3, 4)
for parameter in frozen.parameters():
    parameter.requires_grad = False
assert not [p for p in frozen.parameters() if p.requires_grad]
