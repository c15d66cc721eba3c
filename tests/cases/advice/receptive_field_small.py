# run: Net(1) (1, 3, 32, 32)
# run: Functional(1) (1, 3, 32, 64)
# run: Net(8) (1, 3, 16, 16)
# run: Net(1) (1, 3, H, W)
# run: Flat() (1, 3, 8, 8)
# run: Squeezed() (1, 3, 32, 32)
# run: Dense() (1, 3, 32, 32)
# run: Points() (1, 3, 128)
import torch
import torch.nn as nn


def body(depth):
    return nn.Sequential(*[nn.Conv2d(3, 3, 3, padding=1) for _ in range(depth)])


class Net(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.body = body(depth)
        self.pool = nn.AdaptiveAvgPool2d(1)  # info: receptive-field-small "a unit before the global pooling sees 3×3 of an input of 32×32"
        self.head = nn.Linear(3, 10)

    def forward(self, x):
        return self.head(self.pool(self.body(x)).flatten(1))


class Functional(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.body = body(depth)
        self.head = nn.Linear(3, 10)

    def forward(self, x):
        x = self.body(x).mean((2, 3))  # info: receptive-field-small "sees 3×3 of an input of 32×64"
        return self.head(x)


class Flat(nn.Module):
    """The linear layer sees everything."""

    def __init__(self):
        super().__init__()
        self.body = body(1)
        self.head = nn.Linear(192, 10)

    def forward(self, x):
        return self.head(self.body(x).flatten(1))


class Squeezed(nn.Module):
    """Every unit sees everything through the squeeze."""

    def __init__(self):
        super().__init__()
        self.body = body(1)
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        x = self.body(x)
        x = x * torch.sigmoid(self.pool(x))
        return self.pool(x).flatten(1)


class Dense(nn.Module):
    """How much a pixel of the output has to see is not known."""

    def __init__(self):
        super().__init__()
        self.body = body(1)

    def forward(self, x):
        return self.body(x)


class Points(nn.Module):
    """What is side by side need not be near."""

    def __init__(self):
        super().__init__()
        self.body = nn.Conv1d(3, 8, 1)
        self.pool = nn.AdaptiveMaxPool1d(1)

    def forward(self, x):
        return self.pool(self.body(x)).flatten(1)
