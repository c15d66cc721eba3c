import torch
from torch import nn
from collections import OrderedDict, defaultdict, Counter, deque, ChainMap, UserDict
import collections

y = nn.Sequential(OrderedDict([("c", nn.Conv2d(3, 4, 3)), ("r", nn.ReLU())]))(
    torch.zeros(1, 3, 8, 8)
)  # shape: (1, 4, 6, 6)
d = defaultdict(list)
d["a"].append(1)
d["a"].append(2)
y2 = torch.zeros(len(d["a"]), len(d), len(d["zz"]) + 1)  # shape: (2, 1, 1)
e = defaultdict(lambda: 5)
y3 = torch.zeros(e["x"], e["y"])  # shape: (5, 5)
f = defaultdict(int)
f["q"] += 3
y4 = torch.zeros(f["q"])  # shape: (3,)
c = Counter("aabbb")
y5 = torch.zeros(c["a"], c["b"], c.most_common(1)[0][1], c["zz"] + 1)  # shape: (2, 3, 3, 1)
q = deque([1, 2, 3], maxlen=2)
y6 = torch.zeros(len(q), *q)  # shape: (2, 2, 3)
q.append(5)
y7 = torch.zeros(*q)  # shape: (3, 5)
p = deque()
p.append(1)
p.appendleft(2)
y8 = torch.zeros(*p, p.popleft(), p.pop())  # shape: (2, 1, 2, 1)
cm = ChainMap({"a": 2}, {"a": 3, "b": 4})
y9 = torch.zeros(cm["a"], cm["b"])  # shape: (2, 4)
od = OrderedDict(a=1, b=2)
od.move_to_end("a")
y10 = torch.zeros(*od.values())  # shape: (2, 1)
od["c"] = 3
y11 = torch.zeros(*[v for k, v in od.items()], len(od))  # shape: (2, 1, 3, 3)
k, v = od.popitem(last=False)
y12 = torch.zeros(v)  # shape: (2,)
dd = defaultdict(dict)
dd["x"]["y"] = 4
y13 = torch.zeros(dd["x"]["y"])  # shape: (4,)
stack = deque(maxlen=3)
for i in range(1, 6):
    stack.append(i)
y14 = torch.zeros(*stack)  # shape: (3, 4, 5)
y15 = torch.zeros(
    3 if isinstance(od, collections.abc.Mapping) else 4,
    3 if isinstance([1], collections.abc.Sequence) else 4,
)  # shape: (3, 3)
cfg = Counter({"a": 3})
cfg.update({"a": 2})
y16 = torch.zeros(cfg["a"], sum(cfg.values()))  # shape: (5, 5)


class MemBank(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.bank = deque(maxlen=n)

    def forward(self, x):
        self.bank.append(x)
        return torch.cat(list(self.bank), 0)


mb = MemBank(2)
o1 = mb(torch.zeros(1, 3))  # shape: (1, 3)
o2 = mb(torch.zeros(1, 3))  # shape: (2, 3)
o3 = mb(torch.zeros(1, 3))  # shape: (2, 3)
