import torch
from torch import nn


def widths(n):
    w = 4
    for i in range(n):
        yield w
        w *= 2


def chain(*its):
    for it in its:
        yield from it


def pairs(xs):
    xs = list(xs)
    yield from zip(xs, xs[1:])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(*self._make())

    def _make(self):
        for a, b in pairs(chain([3], widths(3))):
            yield nn.Conv2d(a, b, 3)
            yield nn.ReLU()

    def blocks(self):
        for n, m in self.layers.named_children():
            if isinstance(m, nn.Conv2d):
                yield n, m

    def forward(self, x):
        outs = []
        for n, m in self.blocks():
            x = m(x)
            outs.append(x)
        return outs


y = Net()(torch.zeros(1, 3, 16, 16))
a, b, c = y
g = widths(10)
z = torch.zeros(next(g), next(g), next(g))  # shape: (4, 8, 16)


def inf():
    i = 0
    while True:
        yield i
        i += 1


it = inf()
w = torch.zeros(*[next(it) for _ in range(3)], 2)  # shape: (0, 1, 2, 2)


def ret():
    yield 1
    return 5


def use():
    r = yield from ret()
    yield r


v = torch.zeros(*use())  # shape: (1, 5)
u = torch.zeros(*(n for n in range(1, 4)))  # shape: (1, 2, 3)
d = next((m for m in Net().modules() if isinstance(m, nn.ReLU)), None)
t = d(torch.zeros(2))  # shape: (2,)


class It:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield i + 1


s = torch.zeros(*It(3))  # shape: (1, 2, 3)
q = torch.zeros(sum(It(3)), max(It(4)), len(list(It(5))))  # shape: (6, 4, 5)
