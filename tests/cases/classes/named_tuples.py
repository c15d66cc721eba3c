import torch
from torch import nn
from typing import NamedTuple
from collections import namedtuple


class Block(NamedTuple):
    cin: int
    cout: int
    k: int = 3

    def pad(self):
        return self.k // 2

    @property
    def area(self):
        return self.k**2


P = namedtuple("P", ["x", "y"], defaults=(5,))
Q = namedtuple("Q", "a b")
b = Block(3, 8)
y = nn.Conv2d(b.cin, b.cout, b.k, padding=b.pad())(torch.zeros(1, 3, 9, 9))  # shape: (1, 8, 9, 9)
b2 = b._replace(cout=4, k=1)
y2 = nn.Conv2d(b2.cin, b2.cout, b2.k, padding=b2.pad())(torch.zeros(1, 3, 9, 9))  # shape: (1, 4, 9, 9)
d = b._asdict()
z = torch.zeros(*d.values(), b.area)  # shape: (3, 8, 3, 9)
i, o, k = b2
w = torch.zeros(i, o, k)  # shape: (3, 4, 1)
p = P(2)
v = torch.zeros(p.x, p.y, *Q(3, 4), len(Q._fields))  # shape: (2, 5, 3, 4, 2)
u = torch.zeros(*Block._make([2, 3, 4]))  # shape: (2, 3, 4)


class Out(NamedTuple):
    logits: torch.Tensor
    feats: list


def run(x):
    return Out(logits=x.mean(1), feats=[x, x[:, :1]])


out = run(torch.zeros(2, 5))
l = out.logits  # shape: (2,)
f0 = out.feats[1]  # shape: (2, 1)
l2, _ = out
g = out[0]  # shape: (2,)
