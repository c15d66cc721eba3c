import torch
from torch import nn
import functools, copy, itertools
from collections import namedtuple, OrderedDict, defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Generic, TypeVar


class Stage(namedtuple("Stage", ["c", "n"])):
    __slots__ = ()

    def __new__(cls, c, n=2):
        return super().__new__(cls, c, n)

    @property
    def total(self):
        return self.c * self.n


s = Stage(4)
y1 = torch.zeros(s.c, s.n, s.total, *s)  # shape: (4, 2, 8, 4, 2)
y2 = torch.zeros(*s._replace(n=3))  # shape: (4, 3)


class Celsius(float):
    def __new__(cls, v):
        return super().__new__(cls, v + 1)


y3 = torch.zeros(int(Celsius(2.5)), int(Celsius(3) * 2))  # shape: (3, 8)


class Path2(str):
    def __truediv__(self, o):
        return Path2(f"{self}/{o}")


p = Path2("a") / "b"
y4 = torch.zeros(len(p), len(p.split("/")))  # shape: (3, 2)


class Tree(dict):
    def __missing__(self, k):
        v = self[k] = type(self)()
        return v


t = Tree()
t["a"]["b"]["c"] = 3
y5 = torch.zeros(len(t), t["a"]["b"]["c"])  # shape: (1, 3)


class Ordered(OrderedDict):
    def __setitem__(self, k, v):
        super().__setitem__(k, v * 2)
        self.move_to_end(k, last=False)


o = Ordered()
o["a"] = 1
o["b"] = 2
y6 = torch.zeros(*o.values())  # shape: (4, 2)


class L(list):
    def __init__(self, *a):
        super().__init__(a)

    def __getitem__(self, i):
        return super().__getitem__(i) if not isinstance(i, str) else len(i)

    def append(self, v):
        super().append(v + 1)


l = L(1, 2)
l.append(3)
y7 = torch.zeros(*l, l["abcd"], l[-1])  # shape: (1, 2, 4, 4, 4)
l += [5]
y8 = torch.zeros(*l[1:])  # shape: (2, 4, 5)
y9 = torch.zeros(len(l + [1]), len(l * 2))  # shape: (5, 8)


class DD(defaultdict):
    def __init__(self):
        super().__init__(list)


d = DD()
d["a"].append(3)
y10 = torch.zeros(*d["a"], len(d["zz"]) + 1)  # shape: (3, 1)
c = copy.deepcopy(t)
c["a"]["b"]["c"] = 9
y11 = torch.zeros(t["a"]["b"]["c"], c["a"]["b"]["c"])  # shape: (3, 9)


class S(set):
    def add2(self, *v):
        self.update(v)
        return self


y12 = torch.zeros(len(S([1, 2]).add2(2, 5)))  # shape: (3,)


class Color(Enum):
    R = (1, 2)
    G = (3, 4)

    def __init__(self, a, b):
        self.a = a
        self.b = b

    @property
    def total(self):
        return self.a + self.b

    @classmethod
    def default(cls):
        return cls.G


y13 = torch.zeros(Color.R.a, Color.default().total, len(Color), *[c.b for c in Color])  # shape: (1, 7, 2, 2, 4)


@dataclass
class A:
    x: int
    y: int = 2

    def __post_init__(self):
        self.z = self.x + self.y


@dataclass
class B(A):
    w: int = 3
    y: int = 5
    items: list = field(default_factory=list, repr=False)


y14 = (
    torch.zeros(
        B(1).z,
        B(1, 2).z,
        B(x=1, w=9).w,
        len(B(1).items),
        3 if B(1) == B(1) else 4,
        3 if A(1) == B(1) else 4,
    )
    if False
    else torch.zeros(B(1).z, B(1, 2).z, B(x=1, w=9).w)
)  # shape: (6, 3, 9)
b1, b2 = B(1), B(2)
b1.items.append(1)
y15 = torch.zeros(len(b1.items) + 1, len(b2.items) + 1)  # shape: (2, 1)


class Reg(type):
    items = {}

    def __new__(mcs, name, bases, ns, **kw):
        c = super().__new__(mcs, name, bases, ns)
        mcs.items[name] = c
        return c


class Base(metaclass=Reg):
    pass


class Foo(Base):
    k = 4


y16 = torch.zeros(len(Reg.items), Reg.items["Foo"].k)  # shape: (2, 4)


class Cached:
    calls = 0

    @functools.cached_property
    def v(self):
        Cached.calls += 1
        return 4


q = Cached()
y17 = torch.zeros(q.v, q.v, Cached.calls)  # shape: (4, 4, 1)


class Point:
    def __init__(self, x):
        self.x = x

    def __eq__(self, o):
        return isinstance(o, Point) and self.x == o.x

    def __hash__(self):
        return hash(self.x)

    def __lt__(self, o):
        return self.x < o.x


pts = [Point(3), Point(1)]
y18 = torch.zeros(
    3 if Point(1) in pts else 4, pts.index(Point(1)) + 1, pts.count(Point(3))
)  # shape: (3, 2, 1)
m = {Point(1): 5}
y19 = torch.zeros(m[Point(1)], 3 if Point(2) in m else 4, m.get(Point(1), 7))  # shape: (5, 4, 5)
it = iter([1, 2, 3, 4])
first = next(it)
rest = list(it)
y20 = torch.zeros(first, *rest, len(list(it)) + 1)  # shape: (1, 2, 3, 4, 1)
g = (i for i in range(5))
y21 = torch.zeros(next(g) + 1, sum(itertools.islice(g, 2)), *g)  # shape: (1, 3, 3, 4)
for i in (gg := iter([1, 2, 3])):
    if i == 2:
        break
y22 = torch.zeros(*gg)  # shape: (3,)
e = enumerate("abc")
next(e)
y23 = torch.zeros(*[i for i, _ in e])  # shape: (1, 2)
z = zip([1, 2], [3, 4])
y24 = torch.zeros(*next(z), *next(z))  # shape: (1, 3, 2, 4)


class Node:
    def __init__(self, v, *kids):
        self.v, self.kids = v, kids

    def walk(self):
        yield self.v
        for k in self.kids:
            yield from k.walk()


y25 = torch.zeros(*Node(1, Node(2, Node(3)), Node(4)).walk())  # shape: (1, 2, 3, 4)


def outer():
    x = [1]

    def inner():
        x.append(2)
        return lambda: sum(x)

    return inner()


y26 = torch.zeros(outer()())  # shape: (3,)


def kw(a, /, b, *, c=3, **k):
    return a + b + c + len(k)


y27 = torch.zeros(kw(1, b=2, d=3, a=4))  # shape: (8,)
f = functools.partial(kw, 1)
y28 = torch.zeros(f(2), f(b=3, c=0), functools.partial(f, c=9)(b=1))  # shape: (6, 4, 11)
a, (b, *c), d2 = 1, (2, 3, 4), 5
y29 = torch.zeros(a, b, *c, d2)  # shape: (1, 2, 3, 4, 5)
x = [0] * 3
x[1:] = [7, 8]
x[::2] = [1, 2]
y30 = torch.zeros(*x)  # shape: (1, 7, 2)
T = TypeVar("T")


class Stack(Generic[T]):
    def __init__(self):
        self.a: list[T] = []

    def __bool__(self):
        return bool(self.a)

    def push(self, v):
        self.a.append(v)
        return self


st = Stack[int]()
y31 = torch.zeros(3 if st else 4, 3 if st.push(1) else 4)  # shape: (4, 3)
y32 = torch.zeros(len(Stack.__name__), 2 if isinstance(st, Stack) else 3)  # shape: (5, 2)
y33 = torch.zeros(
    *[v for k, v in sorted({"b": 1, "a": 2}.items(), reverse=True)],
    *dict(a=3, **{"b": 4}).values(),
)  # shape: (1, 2, 3, 4)


class Prop:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, o, t=None):
        return getattr(o, self.name) if o is not None else self

    def __set__(self, o, v):
        setattr(o, self.name, v * 2)


class HasProp:
    w = Prop()

    def __init__(self, w):
        self.w = w


y34 = torch.zeros(HasProp(3).w)  # shape: (6,)
