import torch
from torch import nn
from dataclasses import dataclass, field, fields


@dataclass
class Inner:
    a: int = 3
    b: tuple = (1, 2)


@dataclass
class Cfg:
    inner: Inner = field(default_factory=Inner)
    layers: list = field(default_factory=list)
    n: int = 5

    @classmethod
    def from_dict(cls, d):
        keys = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in d.items() if k in keys})

    @property
    def wide(self):
        return self.n * self.inner.a


c = Cfg.from_dict({"n": 7, "junk": 1})
c.layers.append(4)
x = torch.zeros(c.n, c.wide, *c.layers, *c.inner.b)  # shape: (7, 21, 4, 1, 2)
from dataclasses import asdict, is_dataclass

d = asdict(c)
y = torch.zeros(d["inner"]["a"], int(is_dataclass(c)))  # shape: (3, 1)


@dataclass(frozen=True)
class F2:
    k: int
    s: int = 1


tbl = {F2(3): 8, F2(5, 2): 9}
z = torch.zeros(tbl[F2(5, 2)])  # shape: (9,)
w = torch.zeros(len(repr(F2(3))))  # shape: (12,)
