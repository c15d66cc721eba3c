import torch
from torch import nn

s = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 5, 3), nn.ReLU())
x = torch.zeros(1, 3, 12, 12)  # shape: (1, 3, 12, 12)
y = s[0](x)  # shape: (1, 4, 10, 10)
y2 = s[:2](x)  # shape: (1, 4, 10, 10)
y3 = s[-2](y)  # shape: (1, 5, 8, 8)
y4 = s[:-1](x)  # shape: (1, 5, 8, 8)
y5 = s[::2](x)  # shape: (1, 5, 8, 8)
for m in s:
    x2 = m(x) if isinstance(m, nn.Conv2d) and m.in_channels == 3 else x
t = nn.Sequential()
t.append(nn.Conv2d(3, 6, 1))
t.extend([nn.ReLU(), nn.Conv2d(6, 7, 1)])
t.insert(1, nn.BatchNorm2d(6))
y6 = t(x)  # shape: (1, 7, 12, 12)
p = t.pop(-1)
y7 = t(x)  # shape: (1, 6, 12, 12)
y7b = p(y7)  # shape: (1, 7, 12, 12)
del s[-1]
del s[-1]
y8 = s(x)  # shape: (1, 4, 10, 10)
s[0] = nn.Conv2d(3, 9, 3)
y9 = s(x)  # shape: (1, 9, 10, 10)
u = s + nn.Sequential(nn.Conv2d(9, 2, 1))
y10 = u(x)  # shape: (1, 2, 10, 10)
u += nn.Sequential(nn.Conv2d(2, 3, 1))
y10b = u(x)  # shape: (1, 3, 10, 10)
y11 = torch.zeros(len(u), len(s))  # shape: (4, 2)
u.add_module("last", nn.Conv2d(3, 4, 1))
y12 = u(x)  # shape: (1, 4, 10, 10)
y13 = u.last(y10b)  # shape: (1, 4, 10, 10)
v = nn.Sequential(*list(u.children())[:-1])
y14 = v(x)  # shape: (1, 3, 10, 10)
w = nn.Sequential(
    OrderedDict := __import__("collections").OrderedDict(
        [("a", nn.Conv2d(3, 4, 1)), ("b", nn.Conv2d(4, 5, 1))]
    )
)
y15 = w.a(x)  # shape: (1, 4, 12, 12)
y16 = w(x)  # shape: (1, 5, 12, 12)
y17 = w[:1](x)  # shape: (1, 4, 12, 12)
y18 = nn.Sequential(*w, nn.Conv2d(5, 6, 1))(x)  # shape: (1, 6, 12, 12)
z = nn.Sequential(*[l for l in w] * 1)(x)  # shape: (1, 5, 12, 12)
ml = nn.ModuleList([nn.Linear(3, 3)])
ml += [nn.Linear(3, 4)]
ml.append(nn.Linear(4, 5))
ml.extend([nn.Linear(5, 6)])
ml.insert(0, nn.Linear(2, 3))
ml[-1] = nn.Linear(5, 8)
a = torch.zeros(1, 2)  # shape: (1, 2)
for l in ml:
    a = l(a)
b = torch.zeros(1, 3)  # shape: (1, 3)
for i, l in enumerate(ml[1:3]):
    b = l(b)
for l in reversed(ml):
    last = l
md = nn.ModuleDict({"x": nn.Linear(3, 4)})
md["y"] = nn.Linear(4, 5)
md.update({"z": nn.Linear(5, 6)})
c = torch.zeros(1, 3)  # shape: (1, 3)
for k, m in md.items():
    c = m(c)
d = torch.zeros(len(md), 3 if "x" in md else 4)  # shape: (3, 3)
del md["z"]
e = torch.zeros(len(md))  # shape: (2,)
r = nn.Sequential(*[nn.Linear(3, 3)] * 3)
y19 = torch.zeros(len(r), sum(p.numel() for p in r.parameters()))  # shape: (3, 12)
q = nn.Sequential(nn.Linear(3, 4)) * 1
y20 = q(torch.zeros(1, 3))  # shape: (1, 4)
