# A module that an undecided branch was first to use is the same afterwards.
import torch
from blocks import pooling, settings

x = torch.randn(2, 3, 16, 16)
if torch.rand(1).item() > 0.5:
    y = pooling.make("max")(x)  # shape?: (2, 3, 8, 8)
    width = settings.WIDTHS["small"]
z = pooling.make("max")(x)  # shape: (2, 3, 8, 8)
w = torch.zeros(settings.WIDTHS["small"])  # shape: (8,)
