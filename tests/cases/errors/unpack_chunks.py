# run: Net() (2, 7, 16)
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        q, k, v = x.chunk(3, dim=1)  # shape: (2, 3, 16), (2, 3, 16), (2, 1, 16)
        a, b, c, d = x.chunk(5, dim=1)  # shape: (2, 2, 16), (2, 2, 16), (2, 2, 16), (2, 1, 16)
        a, b = (q, k, v)  # error: unpack-count "3 values for 2 names"
        return a
