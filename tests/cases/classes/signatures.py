import torch
from torch import nn
import inspect


class Net(nn.Module):
    def __init__(self, dim, depth=2, *, heads=4, **kw):
        super().__init__()
        self.l = nn.Linear(dim, dim * depth * heads)

    def forward(self, x, mask=None):
        return self.l(x)  # shape: (1, 12)


cfg = {"dim": 3, "depth": 2, "lr": 0.1, "heads": 2}
sig = inspect.signature(Net.__init__)
valid = {k: v for k, v in cfg.items() if k in sig.parameters}
y = Net(**valid)(torch.zeros(1, 3))  # shape: (1, 12)
y2 = Net(**{k: v for k, v in cfg.items() if k in inspect.signature(Net).parameters})(
    torch.zeros(1, 3)
)  # shape: (1, 12)
z = torch.zeros(sig.parameters["depth"].default, len(sig.parameters))  # shape: (2, 5)


def fn(a, b=5, *c, d=6, **e):
    return a


s = inspect.signature(fn)
bound = s.bind(2, d=9)
bound.apply_defaults()
w = torch.zeros(bound.arguments["a"], bound.arguments["b"], bound.arguments["d"])  # shape: (2, 5, 9)
v = torch.zeros(
    len([p for p in s.parameters.values() if p.default is not inspect.Parameter.empty])
)  # shape: (2,)
u = torch.zeros(sum(p.kind == p.VAR_KEYWORD for p in s.parameters.values()) + 2)  # shape: (3,)
t = torch.zeros(
    len(list(s.parameters)),
    3 if inspect.isclass(Net) else 4,
    5 if inspect.isfunction(fn) else 6,
)  # shape: (5, 3, 5)
net = Net(3)
names = list(inspect.signature(net.forward).parameters.keys())
r = torch.zeros(len(names), 7 if "mask" in names else 8)  # shape: (2, 7)
fa = inspect.getfullargspec(fn)
q = torch.zeros(len(fa.args))  # shape: (2,)


class Hyper:
    def save(self, frame_locals):
        self.h = {k: v for k, v in frame_locals.items() if k not in ("self", "__class__")}


class M(Hyper):
    def __init__(self, a=3, b=4):
        self.save(locals())


p = torch.zeros(M(b=6).h["b"], len(M().h))  # shape: (6, 2)
