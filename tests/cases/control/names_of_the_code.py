import torch
from torch import nn
import sys


def conv_a(c):
    return nn.Conv2d(3, c, 1)


def conv_b(c):
    return nn.Conv2d(3, c * 2, 1)


class Wide(nn.Linear):
    pass


x = torch.zeros(1, 3, 4, 4)  # shape: (1, 3, 4, 4)
y = globals()["conv_" + "b"](5)(x)  # shape: (1, 10, 4, 4)


y4 = getattr(nn, "Conv" + "2d")(3, 7, 1)(x)  # shape: (1, 7, 4, 4)
y5 = eval("conv_a")(4)(x)  # shape: (1, 4, 4, 4)
y6 = eval("Wide(3, 6)")(torch.zeros(1, 3))  # shape: (1, 6)
y7 = eval("nn.Linear")(3, 2)(torch.zeros(1, 3))  # shape: (1, 2)
k, n = 3, 4
z = torch.zeros(eval("k * n + 1"), eval("2**3"))  # shape: (13, 8)
y8 = vars(nn)["Linear"](3, 8)(torch.zeros(1, 3))  # shape: (1, 8)
import importlib

m = importlib.import_module("torch.nn")
y9 = m.Linear(3, 9)(torch.zeros(1, 3))  # shape: (1, 9)
y10 = nn.__dict__["ReLU"]()(x)  # shape: (1, 3, 4, 4)


def parse(m):
    m = eval(m) if isinstance(m, str) else m
    return m


a = parse("nn.Conv2d")(3, 6, 3)(x)  # shape: (1, 6, 2, 2)
import ast

tup = ast.literal_eval("(3, 4)")
b = torch.zeros(tup)  # shape: (3, 4)
args = [3, "n", "None", 2]
for j, q in enumerate(args):
    try:
        args[j] = eval(q) if isinstance(q, str) else q
    except NameError:
        pass
c = torch.zeros(args[0], args[1])  # shape: (3, 4)
NAMES = sorted(n for n in globals() if n.startswith("conv_"))
d = torch.zeros(len(NAMES))  # shape: (2,)
cls = locals()["Wide"]
e = cls(3, 3)(torch.zeros(1, 3))  # shape: (1, 3)
