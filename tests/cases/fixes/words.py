# run: Misspelt() (2, 3, 16, 16)
# run: Function() (2, 3, 16, 16)
# run: Own() (2, 3, 16, 16)
# run: Division() (2, 3, 16, 16)
# run: Whole() (2, 3, 16, 16)
# run: indexed()
# run: Targets() (4, 3)
# run: Attribute() (2, 3, 16, 16)
import torch
import torch.nn as nn
import torch.nn.functional as F


class Misspelt(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, dilatation=2)  # error: call-arguments "dilatation"

    def forward(self, x):
        return self.conv(x)


class Function(nn.Module):
    def forward(self, x):
        return F.max_pool2d(x, 2, ceilmode=True)  # error: call-arguments "ceilmode"


class Block(nn.Module):
    def __init__(self, inp, out, *, kernel_size=3):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, kernel_size)

    def forward(self, x):
        return self.conv(x)


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(3, 8, kernelsize=5)  # error: call-arguments "kernelsize"

    def forward(self, x):
        return self.block(x)


class Division(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.conv = nn.Conv2d(3, width / 2, 3)  # error: call-arguments "an integer, not float"

    def forward(self, x):
        return self.conv(x)


class Whole(nn.Module):
    def forward(self, x):
        return torch.flatten(x, 1.0)  # error: call-arguments "an integer, not float"


def indexed():
    return nn.Embedding(10, 4)(torch.zeros(2, 3))  # error: dtype "float32"


class Targets(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 1)

    def forward(self, x):
        return F.binary_cross_entropy_with_logits(self.fc(x), torch.ones(4))  # error: loss-sizes "(4, 1)"


class Attribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.con1(x)  # error: missing-attribute "did you mean 'conv1'"
