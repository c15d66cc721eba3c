# run: Net() (2, 3, 16, 16)
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, dim=12, size=16, patch=4):
        super().__init__()
        self.patch = nn.Conv2d(3, dim, patch, stride=patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, (size // patch) ** 2 + 1, dim) * 0.02)
        self.register_buffer("scale", torch.ones(dim))

    def forward(self, x):
        x = self.patch(x)  # shape: (2, 12, 4, 4) field: 4x4
        x = x.flatten(2).transpose(1, 2)  # shape: (2, 16, 12)
        cls = self.cls.expand(x.shape[0], -1, -1)  # shape: (2, 1, 12)
        x = torch.cat((cls, x), dim=1) + self.pos  # shape: (2, 17, 12)
        return x[:, 0] * self.scale  # shape: (2, 12)
