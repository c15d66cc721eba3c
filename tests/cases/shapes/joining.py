# run: Net() (2, 3, H, W) (2, 5, H, W)
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x, y):
        a = torch.cat([x, y], dim=1)  # shape: (2, 8, H, W)
        b = torch.stack((x, x, x), 2)  # shape: (2, 3, 3, H, W)
        left, right = a.chunk(2, dim=1)  # shape: (2, 4, H, W), (2, 4, H, W)
        parts = a.split([1, 2, 5], 1)  # shape: (2, 1, H, W), (2, 2, H, W), (2, 5, H, W)
        c = torch.cat([*parts[:2], left], -3)  # shape: (2, 7, H, W)
        first, second, third = b.unbind(1)  # shape: (2, 3, H, W), (2, 3, H, W), (2, 3, H, W)
        d = torch.hstack([first, right])  # shape: (2, 7, H, W)
        return c + d  # shape: (2, 7, H, W)
