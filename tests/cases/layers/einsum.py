# run: Net() (2, 6, 8)
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 8, 5))

    def forward(self, x):
        y = torch.einsum("bnd,hde->bhne", x, self.weight)  # shape: (2, 3, 6, 5)
        z = torch.einsum("b h i e, b h j e -> b h i j", y, y)  # shape: (2, 3, 6, 6)
        t = torch.einsum("...ii->...i", z)  # shape: (2, 3, 6)
        return torch.bmm(z.flatten(0, 1), y.flatten(0, 1)), t  # shape: (6, 6, 5), (2, 3, 6)
