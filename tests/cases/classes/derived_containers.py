import torch
from torch import nn
from collections import OrderedDict


class Cfg(dict):
    def __getattr__(self, k):
        try:
            return self[k]
        except KeyError:
            raise AttributeError(k)

    def __setattr__(self, k, v):
        self[k] = v


c = Cfg(a=3, b=4)
y = torch.zeros(c.a, c["b"], len(c), c.get("z", 5))  # shape: (3, 4, 2, 5)
c.q = 7
y2 = torch.zeros(c["q"], len(list(c.keys())))  # shape: (7, 3)


class Stack(list):
    def push(self, x):
        self.append(x)
        return self

    @property
    def top(self):
        return self[-1]


s = Stack([1, 2])
s.push(3).push(4)
y3 = torch.zeros(*s, s.top, len(s))  # shape: (1, 2, 3, 4, 4, 4)


class OD(OrderedDict):
    def first(self):
        return next(iter(self.values()))


o = OD([("x", 5), ("y", 6)])
y4 = torch.zeros(o.first(), *o.values())  # shape: (5, 5, 6)


class Name(str):
    def width(self):
        return int(self.split("_")[1])


n = Name("net_8")
y5 = torch.zeros(n.width(), len(n), 3 if n == "net_8" else 4)  # shape: (8, 5, 3)


class W(int):
    def double(self):
        return self * 2


w = W(5)
y6 = torch.zeros(w, w.double(), w + 1)  # shape: (5, 10, 6)


class T(tuple):
    @property
    def h(self):
        return self[0]


y7 = torch.zeros(T((3, 4)).h, *T((3, 4)))  # shape: (3, 3, 4)


class DefaultDict(dict):
    def __missing__(self, k):
        self[k] = v = len(k)
        return v


dd = DefaultDict()
y8 = torch.zeros(dd["abc"], len(dd))  # shape: (3, 1)


class Cfg2(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__ = self


e = Cfg2(dim=6, heads=2)
y9 = torch.zeros(e.dim, e.heads)  # shape: (6, 2)


class Reg(dict):
    def register(self, fn):
        self[fn.__name__] = fn
        return fn


R = Reg()


@R.register
def wide():
    return 9


y10 = torch.zeros(R["wide"](), 3 if "wide" in R else 4)  # shape: (9, 3)
f = Cfg(**{**c, "b": 9})
y11 = torch.zeros(f.b)  # shape: (9,)
for k, v in Cfg(x=2, y=3).items():
    y12 = torch.zeros(v)


class Model(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.l = nn.Linear(cfg.dim, cfg.get("out", 4))

    def forward(self, x):
        return self.l(x)  # shape: (1, 8)


y13 = Model(Cfg(dim=3, out=8))(torch.zeros(1, 3))  # shape: (1, 8)
y14 = torch.zeros(3 if isinstance(c, dict) else 4, 3 if isinstance(s, list) else 4)  # shape: (3, 3)
