"""The small networks in the tests of github.com/google-research/receptive_field."""

from resnet import same
from torch import nn
from torch.nn import functional as F

LEFT = (1, 0, 1, 0)


def conv(kernel, stride=1):
    return nn.Conv2d(1, 1, kernel, stride)


class Branches(nn.Module):
    """A shortcut of one pixel and two layers; `pools`: the strided ones are pools.

    `slim`: padded as TensorFlow's SAME does, otherwise by one on the left. `twice`: another pair
    of branches behind.
    """

    def __init__(self, pools=False, slim=False, twice=False):
        super().__init__()
        layer = nn.MaxPool2d if pools else conv
        self.short = layer(1, 4)
        self.first, self.second = layer(3, 2), layer(1, 2)
        self.slim, self.twice = slim, twice
        self.last_short, self.last = conv(1, 2), conv(3, 2)

    def padded(self, x):
        return same(x, 3, 2) if self.slim else F.pad(x, LEFT)

    def forward(self, x):
        y = self.short(x) + self.second(self.first(self.padded(x)))
        if self.twice:
            y = self.last_short(y) + self.last(self.padded(y))
        return y


class Misaligned(nn.Module):
    """A strided branch and one that is not."""

    def __init__(self):
        super().__init__()
        self.left = conv(5, 2)
        self.right = nn.Sequential(conv(3), conv(3))

    def forward(self, x):
        return self.left(F.pad(x, (2, 1, 2, 1))) + self.right(x)


def rectangular():
    return nn.Sequential(conv((3, 5), 2), conv((3, 1), 2))
