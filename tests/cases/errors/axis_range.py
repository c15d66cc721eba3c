# run: Net() (2, 6, 16)
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        pooled = x.mean(dim=-1)  # shape: (2, 6)
        return pooled.softmax(dim=2)  # error: axis-range "dimension 2 is out of range; the tensor has 2 dimensions"
