# run: Net() (2, 4, H, W)
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(4, 1, 1))

    def forward(self, x):
        a = x * self.gamma + torch.arange(3.0).view(3, 1, 1, 1, 1)  # shape: (3, 2, 4, H, W)
        b = 1 - x.mean(1, keepdim=True)  # shape: (2, 1, H, W)
        c = torch.where(x > 0, x, b)  # shape: (2, 4, H, W)
        d = (x == b).any(dim=1)  # shape: (2, H, W)
        e = torch.maximum(c, self.gamma[0])  # shape: (2, 4, H, W)
        return a, c @ c.transpose(2, 3), d, e  # shape: (3, 2, 4, H, W), (2, 4, H, H), (2, H, W), (2, 4, H, W)
