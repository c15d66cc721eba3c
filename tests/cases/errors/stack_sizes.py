# run: Net() (2, 3, 16, 16)
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scales = nn.ModuleList([nn.AvgPool2d(k) for k in (1, 2)])

    def forward(self, x):
        maps = [scale(x) for scale in self.scales]  # shape: (2, 3, 16, 16), (2, 3, 8, 8)
        return torch.stack(maps)  # error: stack-sizes "tensor 1 has shape (2, 3, 8, 8); tensor 0 has (2, 3, 16, 16)"
