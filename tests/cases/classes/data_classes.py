import torch
from torch import nn
from dataclasses import dataclass, field, replace, asdict, fields, astuple
from typing import List, Optional


@dataclass
class Base:
    dim: int = 8
    depths: List[int] = field(default_factory=lambda: [2, 2])
    name: Optional[str] = None

    def __post_init__(self):
        if self.name is None:
            self.name = f"net{self.dim}"
        self.total = sum(self.depths)


@dataclass(kw_only=True)
class Big(Base):
    heads: int = 4
    mlp: float = 4.0
    hidden: int = field(init=False)

    def __post_init__(self):
        super().__post_init__()
        self.hidden = int(self.dim * self.mlp)


c = Big(dim=16, heads=2)
a = torch.zeros(c.dim, c.heads, c.hidden, c.total, len(c.name))  # shape: (16, 2, 64, 4, 5)
d = replace(c, dim=32)
b = torch.zeros(d.dim, d.hidden)  # shape: (32, 128)
e = asdict(Base(4))
g = torch.zeros(e["dim"], len(e))  # shape: (4, 3)
h = torch.zeros(*[f.default for f in fields(Base) if f.name == "dim"])  # shape: (8,)
t = astuple(Base(3))
i = torch.zeros(t[0], len(t[1]))  # shape: (3, 2)
names = {f.name for f in fields(c)}
j = torch.zeros(len(names))  # shape: (6,)
k = torch.zeros(3 if Base(2) == Base(2) else 4)  # shape: (3,)
