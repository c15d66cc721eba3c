import torch
from torch import nn
from dataclasses import dataclass


@dataclass
class Conv:
    c: int
    k: int = 3


@dataclass
class Pool:
    k: int


def build(spec, cin):
    match spec:
        case Conv(c=c, k=k):
            return nn.Conv2d(cin, c, k), c
        case Pool(k):
            return nn.MaxPool2d(k), cin
        case {"type": "linear", "n": n, **rest}:
            return nn.Linear(cin, n), n + len(rest)
        case ["up", s]:
            return nn.Upsample(scale_factor=s), cin
        case ("seq", *inner):
            ls = []
            for i in inner:
                l, cin = build(i, cin)
                ls.append(l)
            return nn.Sequential(*ls), cin
        case "id" | "identity":
            return nn.Identity(), cin
        case int(n) if n > 3:
            return nn.Conv2d(cin, n, 1), n
        case None:
            return nn.ReLU(), cin
        case _:
            raise ValueError(spec)


x = torch.zeros(1, 3, 16, 16)  # shape: (1, 3, 16, 16)
c = 3
for s in [Conv(8), Pool(2), ["up", 2], ("seq", Conv(4, 1), None), "identity", 5]:
    l, c = build(s, c)
    x = l(x)
l, n = build({"type": "linear", "n": 7, "z": 1}, 14)
y = l(x)  # shape: (1, 5, 14, 7)
z = torch.zeros(n)  # shape: (8,)
match (x.dim(), x.shape[1]):
    case (4, ch):
        w = torch.zeros(ch)  # shape: (5,)
match "train":
    case str() as mode:
        v = torch.zeros(len(mode))  # shape: (5,)
match 2.5:
    case float(f) | int(f):
        u = torch.zeros(int(f))  # shape: (2,)
match [1, [2, 3]]:
    case [a, [b, *r]]:
        t = torch.zeros(a, b, len(r))  # shape: (1, 2, 1)
