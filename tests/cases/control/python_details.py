import torch
from torch import nn
from pathlib import Path
from typing import get_args, Literal
import contextlib


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.register_buffer("none", None)
        self.register_parameter("bias", None)
        self.b = None

    def forward(self, x):
        return self.a(x)  # shape: (1, 4)


n = Net()
y1 = torch.zeros(len(n._buffers), len(n._parameters), 2 if "bias" in n._parameters else 3)  # shape: (1, 1, 2)
K = type("K", (Net,), {"w": 5, "f": lambda self: self.w + 1})
y2 = torch.zeros(K.w, K().f())  # shape: (5, 6)
y3 = K()(torch.zeros(1, 3))  # shape: (1, 4)
try:
    raise ValueError("a", 3)
except ValueError as e:
    y5 = torch.zeros(len(e.args), len(str(e.args[0])))  # shape: (2, 1)


class Undef:
    pass


u = Undef()
u.x = 3
y6 = torch.zeros(u.x, getattr(u, "zz", 4))  # shape: (3, 4)


def deco(fn):
    fn.tag = 4
    return fn


@deco
def tagged():
    return 3


y7 = torch.zeros(tagged.tag, tagged())  # shape: (4, 3)
sd = {"module.a.weight": torch.zeros(4, 3), "module.a.bias": torch.zeros(4)}
new = {k.replace("module.", ""): v for k, v in sd.items()}
n.load_state_dict(new, strict=False)
y8 = new["a.weight"]  # shape: (4, 3)
for k in list(new.keys()):
    if k.endswith("bias"):
        del new[k]
y9 = torch.zeros(len(new))  # shape: (1,)
x = torch.zeros(2, 3)  # shape: (2, 3)
y10 = torch.zeros(*x.shape[:-1], 4, *map(int, x.shape[1:]))  # shape: (2, 4, 3)
b, *r = x.shape
y11 = torch.zeros(b, *r)  # shape: (2, 3)


class Meta(type):
    def __call__(cls, *a, **k):
        o = super().__call__(*a, **k)
        o.made = 4
        return o

    def __getitem__(cls, k):
        return k + 1


class WithMeta(metaclass=Meta):
    pass


y12 = torch.zeros(4, WithMeta[2])  # shape: (4, 3)
fmt = "{name}_{size:d}".format(**{"name": "a", "size": 3})
y13 = torch.zeros(len(fmt))  # shape: (3,)
y14 = torch.zeros(len("%(a)s-%(b)d" % {"a": "x", "b": 3}))  # shape: (3,)
y15 = torch.zeros(int("0x10", 16), int("101", 2))  # shape: (16, 5)


class CM:
    def __enter__(self):
        self.n = 3
        return self

    def __exit__(self, et, ev, tb):
        return et is ValueError


with CM() as cm:
    y16 = torch.zeros(cm.n)  # shape: (3,)
    raise ValueError
y17 = torch.zeros(2)  # shape: (2,)


@contextlib.contextmanager
def timer(name="x"):
    yield


with timer():
    y18 = torch.zeros(3)  # shape: (3,)


def gen_layers(cfg):
    it = iter(cfg)
    for a in it:
        b = next(it, None)
        yield a, b


y19 = torch.zeros(*[a + b for a, b in gen_layers([1, 2, 3, 4])])  # shape: (3, 7)
y20 = torch.zeros(len(list(zip(*[iter(range(6))] * 2))), len([*zip(*[(1, 2), (3, 4)])]))  # shape: (3, 2)
global_state = {"n": 0}


def bump():
    global_state["n"] += 1
    return global_state["n"]


y21 = torch.zeros(bump(), bump())  # shape: (1, 2)
y22 = torch.zeros(*sorted({3, 1, 2}))  # shape: (1, 2, 3)
y23 = torch.zeros(
    max({"a": 1, "b": 4}.items(), key=lambda kv: kv[1])[1],
    min("bca", key=ord) == "a" and 3,
)  # shape: (4, 3)
lst = [3, 1, 2]
lst.sort(key=lambda v: -v)
y24 = torch.zeros(*lst)  # shape: (3, 2, 1)
lst.sort()
y25 = torch.zeros(*lst, lst.index(3), lst.count(1))  # shape: (1, 2, 3, 2, 1)
y26 = torch.zeros(sum(1 for _ in n.parameters()), len([*n.children()]))  # shape: (2, 1)
assert (w := n.a.weight).shape == (4, 3), f"{w.shape}"
y27 = torch.zeros(*(i for i in w.shape))  # shape: (4, 3)
y29 = torch.zeros(len(repr(torch.Size([1, 2]))))  # shape: (18,)
if __name__ == "__main__":
    y30 = torch.zeros(3)  # shape: (3,)
