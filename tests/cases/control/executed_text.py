"""`exec` of texts that are known."""

# run: Net(3) (1, 3, 16, 16)
# run: scripted()
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, count):
        super().__init__()
        for i in range(count):
            exec(f"self.conv{i} = nn.Conv2d(3, 3, 3)")
        size = 4
        exec("size = 5")
        self.last = nn.Conv2d(3, size, 1)

    def forward(self, x):
        for i in range(2):
            x = eval(f"self.conv{i}")(x)
        x = self.conv2(x)  # shape: (1, 3, 10, 10)
        return self.last(x)  # shape: (1, 4, 10, 10)


def scripted():
    names = {}
    exec("width = 3 + 4", names)
    return torch.zeros(3, names["width"])
