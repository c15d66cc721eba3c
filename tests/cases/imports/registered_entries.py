import torch
from catalogue import *
from catalogue import wide_net

x = torch.randn(2, 3, 16, 16)
y = wide_net()(x)  # shape: (2, 16, 12, 12)
z = deep_net()(x)  # shape: (2, 5, 16, 16)
