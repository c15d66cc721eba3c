import torch
from torch import nn


class Net(nn.Module):
    def forward(self, x, y):
        seen = any(y.view(n, -1).shape[1] == 4 for n in (2, 3, 7))
        some = all(y.view(n, -1).sum() > 0 for n in (2, 5))
        if seen:
            y = y.view(2, 6)  # shape: (2, 6)
        return y  # shape: (2, 6)


n = Net()(torch.zeros(2, 4), torch.zeros(12))  # shape: (2, 6)


def tree(depth, x):
    if x.sum() > depth:
        return tree(depth + 1, x)
    if x.mean() > depth:
        return tree(depth + 2, x)
    return x * 2  # shape: (3,)


t = tree(0, torch.zeros(3))  # shape: (3,)
name = None
label = name or "abc"
u = torch.zeros(len(label))  # shape: (3,)
