"""A number that is not known leaves a tensor its shape."""

import random

import numpy as np
import torch

x = torch.zeros(4, 3)
lam = np.random.beta(0.2, 0.2) if x.shape[0] > 1 else 1
y = lam * x + (1 - lam) * x[torch.randperm(4)]
y.sum(0)  # shape: (3,)
(x * random.betavariate(1, 1)).sum(0)  # shape: (3,)
(x / float(np.random.uniform())).sum(0)  # shape: (3,)
scale = torch.rand(5).mean().item()
z = torch.clamp(x - scale, -scale * 2, 1.0).pow(scale + 1)
z.sum(0)  # shape: (3,)
torch.add(x, y, alpha=scale).t()  # shape: (3, 4)
z *= scale
(z > scale).sum(1)  # shape: (4,)
images = torch.zeros(2, 3, 32, 32)
ratio = np.sqrt(1.0 - np.random.beta(1, 1))
cut = int(32 * ratio)
mixed = images * float(ratio)
mixed.mean(0)  # shape: (3, 32, 32)
