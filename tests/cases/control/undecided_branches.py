# run: Net() (2, 3, 16, 16)
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, padding=1)
        self.b = nn.Conv2d(3, 8, 3, stride=2, padding=1)

    def forward(self, x):
        if x.sum() > 0:
            y = self.a(x)  # shape?: (2, 8, 16, 16)
        else:
            y = self.b(x)  # shape?: (2, 8, 8, 8)
        y = y * 2  # shape: (2, 8, _, _)
        z = self.a(x) if torch.rand(1) > 0.5 else x + 1  # shape: (2, _, 16, 16)
        if x.mean() > 3:
            z = torch.zeros_like(z)
        return z.mean(1), y  # shape: (2, 16, 16), (2, 8, _, _)
