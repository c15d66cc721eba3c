import torch
from torch import nn
from enum import Enum, IntEnum, auto


class Act(Enum):
    RELU = "relu"
    GELU = "gelu"


class Mode(str, Enum):
    A = "a"
    B = "b"


class Num(IntEnum):
    ONE = 1
    TWO = 2


class Auto(Enum):
    X = auto()
    Y = auto()

    def width(self):
        return self.value * 8


class S(str, Enum):
    P = "p"
    Q = "q"


def act(a):
    if a is Act.RELU:
        return nn.ReLU()
    elif a == Act.GELU:
        return nn.Linear(4, 6)


y = act(Act("gelu"))(torch.zeros(1, 4))  # shape: (1, 6)
y2 = act(Act["GELU"])(torch.zeros(1, 4))  # shape: (1, 6)
z = torch.zeros(len(Act), len(list(Mode)), Num.TWO, Auto.Y.value, Auto.Y.width())  # shape: (2, 2, 2, 2, 16)
w = torch.zeros(3 if Mode.A == "a" else 4, len(Mode.B.value), len(Act.RELU.name))  # shape: (3, 1, 4)
tbl = {Act.RELU: 3, Act.GELU: 9}
v = torch.zeros(tbl[Act.GELU], tbl[Act("relu")])  # shape: (9, 3)
u = torch.zeros(*[m.value for m in Num], len([m.name for m in Act]))  # shape: (1, 2, 2)
t = torch.zeros(5 if "relu" in [m.value for m in Act] else 6)  # shape: (5,)
s = torch.zeros(2 if S("q") is S.Q else 3, len(S.P), 4 if isinstance(Mode.A, str) else 5)  # shape: (2, 1, 4)
r = torch.zeros(len(Act.__members__), Num.ONE + Num.TWO)  # shape: (2, 3)
q = torch.zeros(7 if Mode("a") in (Mode.A, Mode.B) else 8)  # shape: (7,)
