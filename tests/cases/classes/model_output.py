import torch
from torch import nn
from collections import OrderedDict
from dataclasses import dataclass, fields, is_dataclass
from typing import Optional, Tuple, Any


class ModelOutput(OrderedDict):
    def __post_init__(self):
        for f in fields(self):
            v = getattr(self, f.name)
            if v is not None:
                self[f.name] = v

    def __getitem__(self, k):
        if isinstance(k, str):
            return dict(self.items())[k]
        return self.to_tuple()[k]

    def __setattr__(self, name, value):
        if name in self.keys() and value is not None:
            super().__setitem__(name, value)
        super().__setattr__(name, value)

    def to_tuple(self) -> Tuple[Any]:
        return tuple(self[k] for k in self.keys())


@dataclass
class Out(ModelOutput):
    last: torch.Tensor = None
    hidden: Optional[Tuple[torch.Tensor, ...]] = None
    loss: Optional[torch.Tensor] = None


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(3, 4)

    def forward(self, x, return_dict=True):
        h = self.l(x)  # shape: (2, 4)
        if not return_dict:
            return (h,)
        return Out(last=h, hidden=(x, h))


o = Net()(torch.zeros(2, 3))
y = o.last  # shape: (2, 4)
y2 = o["last"]  # shape: (2, 4)
y3 = o[0]  # shape: (2, 4)
y4 = o.hidden[0]  # shape: (2, 3)
y5 = o[1][1]  # shape: (2, 4)
y6 = o.to_tuple()[0]  # shape: (2, 4)
z = torch.zeros(len(o), 3 if "loss" in o else 4)  # shape: (2, 4)
o.last = torch.zeros(5)  # shape: (5,)
w = o["last"]  # shape: (5,)
v = Net()(torch.zeros(2, 3), return_dict=False)[0]  # shape: (2, 4)


@dataclass
class Plain:
    a: torch.Tensor
    b: Optional[torch.Tensor] = None


p = Plain(torch.zeros(2))
q = p.a  # shape: (2,)
r = p.b if p.b is not None else p.a  # shape: (2,)
