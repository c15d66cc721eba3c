# run: Net() (2, 3, 16, 16)
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.conv(x)
        x.relu_()
        x.mul_(2).add_(1)  # shape: (2, 4, 14, 14)
        x *= torch.ones(4, 1, 1)  # shape: (2, 4, 14, 14)
        out = x.new_empty(2, 4, 14, 14)
        out[:, :2] = x[:, 2:]
        out.unsqueeze_(-1)
        F.relu(out, inplace=True)  # shape: (2, 4, 14, 14, 1)
        shape = [2]
        shape += [4, -1]
        return out.view(*shape)  # shape: (2, 4, 196)
