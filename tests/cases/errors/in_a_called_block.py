# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, inp, out):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 3, padding=1)

    def forward(self, x):
        return self.conv(x)  # error: conv-channels "8 channels; the layer takes 16"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Block(3, 8)
        self.b = Block(16, 8)

    def forward(self, x):
        x = self.a(x)  # shape: (2, 8, 16, 16)
        return self.b(x)  # shape: (2, 8, 16, 16)
