"""An iterator over a loader gives as many batches as there are, not as many as there are kinds of."""

import torch
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(torch.zeros(40, 3), torch.zeros(40)), batch_size=8)
batches = iter(loader)
for step in range(4):
    if step == 3:
        batches = iter(loader)
    images, labels = next(batches)
    images.sum(1)  # shape: (8,)
try:
    while True:
        images, labels = next(batches)
except StopIteration:
    images = images[:, :2]
images.sum(0)  # shape: (2,)
