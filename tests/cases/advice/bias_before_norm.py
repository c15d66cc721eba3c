# run: Net() (N, 3, H, W)
# run: Apart() (2, 3, 8, 8)
# run: Flat() (4, 8) (4, 3, 8)
import torch
import torch.nn as nn
import torch.nn.functional as F


def block(channels, made):
    return nn.Sequential(
        nn.Conv2d(channels, made, 3, padding=1),  # hint: bias-before-norm "taken away again by the BatchNorm2d that follows; bias=False saves 24 parameters (stem.0, in 2 contexts)"
        nn.BatchNorm2d(made),
        nn.ReLU(),
    )


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = block(3, 8)
        self.body = block(8, 16)
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)  # hint: bias-before-norm "the InstanceNorm2d that follows; bias=False saves 8"
        self.norm = nn.InstanceNorm2d(8)
        self.twice = nn.Conv2d(8, 8, 1)  # hint: bias-before-norm "bias=False saves 8"
        self.norms = nn.ModuleList([nn.BatchNorm2d(8), nn.BatchNorm2d(8)])
        self.without = nn.Conv2d(8, 8, 1, bias=False)
        self.layered = nn.Conv2d(8, 8, 1)
        self.groups = nn.GroupNorm(2, 8)

    def forward(self, x):
        x = self.body(self.stem(x))
        up = self.up(x)
        x = self.norm(up)
        for norm in self.norms:
            x = norm(self.twice(x))
        return self.groups(self.layered(self.norms[0](self.without(x))))


class Apart(nn.Module):
    """Something else is given what the convolution made."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 3, 1)
        self.b = nn.Conv2d(3, 3, 1)
        self.c = nn.Conv2d(3, 3, 1)
        self.d = nn.Conv2d(3, 3, 1)
        self.e = nn.Conv2d(3, 3, 1)
        self.norm = nn.BatchNorm2d(3)
        self.other = nn.BatchNorm2d(3)

    def half(self, x):
        return self.e(x)

    def forward(self, x):
        y = self.a(x)
        x = self.norm(y) + y
        x = self.norm(F.relu(self.b(x)))
        kept = [self.c(x)]
        x = self.norm(kept[0])
        made = self.d(x)
        x = self.norm(made) * self.other(made)
        x = self.norm(self.half(x)) + self.half(x)
        return x, kept


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)  # hint: bias-before-norm "the BatchNorm1d that follows; bias=False saves 4"
        self.bn = nn.BatchNorm1d(4)
        self.steps = nn.Linear(8, 4)
        self.over_steps = nn.BatchNorm1d(3)

    def forward(self, x, sequence):
        return self.bn(self.fc(x)), self.over_steps(self.steps(sequence))
