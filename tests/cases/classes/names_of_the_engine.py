"""Attributes of a module that are called as methods of the engine are."""

# run: Net() (1, 3, 8, 8)
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hooks = []
        self.tree = nn.Conv2d(3, 4, 3)
        self.tensors = [torch.zeros(2)]
        self.registered = 3
        self.submodules = {}
        self.describe = "x"
        self.elements = 5
        self.macs = 3
        self.parameter_count = 1
        self.conv = nn.Conv2d(4, self.elements, self.registered)
        for module in self.modules():
            module.register_forward_hook(self.note)

    def note(self, module, inputs, output):
        self.hooks.append(output)

    def forward(self, x):
        x = self.tree(x)  # shape: (1, 4, 6, 6) field: 3x3
        x = self.conv(x)  # shape: (1, 5, 4, 4) field: 5x5
        return x[:, : self.macs] + self.tensors[0].sum()  # shape: (1, 3, 4, 4)
