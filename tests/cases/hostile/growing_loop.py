# run: Net() (2, 3, 16, 16)
# unjudged: does not end
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        y = x[:, :1]  # shape: (2, 1, 16, 16)
        while x.sum() < 10:
            x = torch.cat([x, x])
        return x  # shape: (_, 3, 16, 16)
