import torch
from torch import nn


class Vec:
    def __init__(self, *v):
        self.v = list(v)

    def __getitem__(self, i):
        return Vec(*self.v[i]) if isinstance(i, slice) else self.v[i]

    def __len__(self):
        return len(self.v)

    def __iter__(self):
        return iter(self.v)

    def __contains__(self, x):
        return x in self.v

    def __add__(self, o):
        return Vec(*self.v, *o.v)

    def __radd__(self, o):
        return self

    def __mul__(self, k):
        return Vec(*[x * k for x in self.v])

    def __rmul__(self, k):
        return self * k

    def __eq__(self, o):
        return self.v == o.v

    def __hash__(self):
        return hash(tuple(self.v))

    def __call__(self, k):
        return self.v[k]

    def __repr__(self):
        return f"Vec({self.v})"

    def __str__(self):
        return "v" * len(self)

    def __bool__(self):
        return bool(self.v)

    def __neg__(self):
        return Vec(*reversed(self.v))

    def __setitem__(self, i, x):
        self.v[i] = x

    def __delitem__(self, i):
        del self.v[i]

    def __lt__(self, o):
        return len(self) < len(o)

    def __int__(self):
        return 7

    def __matmul__(self, o):
        return sum(a * b for a, b in zip(self, o))

    def __iadd__(self, o):
        self.v += o.v
        return self

    def __reversed__(self):
        return reversed(self.v)

    def __index__(self):
        return 3

    def __enter__(self):
        return self

    def __exit__(self, *a):
        return False

    def __getattr__(self, n):
        if n.startswith("x"):
            return self.v[int(n[1:])]
        raise AttributeError(n)

    def __truediv__(self, k):
        return Vec(*[x // k for x in self.v])

    def __or__(self, o):
        return Vec(*(set(self.v) | set(o.v)))


a = Vec(2, 3, 4)
y = torch.zeros(*a)  # shape: (2, 3, 4)
y2 = torch.zeros(a[0], len(a[1:]), len(a))  # shape: (2, 2, 3)
y3 = torch.zeros(*(a + Vec(5)))  # shape: (2, 3, 4, 5)
y4 = torch.zeros(*(a * 2), *(2 * a))  # shape: (4, 6, 8, 4, 6, 8)
y5 = torch.zeros(a(1), 3 if 4 in a else 5, 3 if a == Vec(2, 3, 4) else 5)  # shape: (3, 3, 3)
y6 = torch.zeros(len(str(a)), len(repr(a)), len(f"{a}"), 3 if a else 4, *(-a))  # shape: (3, 14, 3, 3, 4, 3, 2)
a[0] = 9
y7 = torch.zeros(a[0])  # shape: (9,)
del a[0]
y8 = torch.zeros(*a)  # shape: (3, 4)
y9 = torch.zeros(3 if Vec(1) < Vec(1, 2) else 4, int(a), a @ Vec(1, 2))  # shape: (3, 7, 11)
a += Vec(6)
y10 = torch.zeros(*a, a.x0, getattr(a, "x1"), getattr(a, "zz", 2))  # shape: (3, 4, 6, 3, 4, 2)
with Vec(5, 6) as q:
    y12 = torch.zeros(*q)  # shape: (5, 6)
y13 = torch.zeros(*(Vec(4, 8) / 2))  # shape: (2, 4)
y14 = torch.zeros(len({Vec(1): 2, Vec(1): 3}))  # shape: (1,)
y15 = torch.zeros(*sum([Vec(1, 2)]))  # shape: (1, 2)
y17 = torch.zeros(len(Vec(1) | Vec(2)))  # shape: (2,)


class Cfg:
    def __init__(self, **kw):
        self.__dict__.update(kw)

    def __getattr__(self, n):
        return None

    def __contains__(self, k):
        return k in self.__dict__

    def to_dict(self):
        return dict(self.__dict__)

    def items(self):
        return self.__dict__.items()


c = Cfg(a=3, b=4)
z = torch.zeros(c.a, 5 if c.zz is None else 6, len(vars(c)), 3 if "b" in c else 4)  # shape: (3, 5, 2, 3)
z2 = torch.zeros(Cfg(**{**c.to_dict(), "a": 8}).a, *[v for k, v in c.items()])  # shape: (8, 3, 4)


class Lazy:
    def __init__(self, fn):
        self.fn = fn

    def __get__(self, obj, cls):
        return self.fn(obj) if obj is not None else self


class H:
    n = 3

    @Lazy
    def w(self):
        return self.n * 2


z3 = torch.zeros(H().w)  # shape: (6,)


class Sub:
    subs = []

    def __init_subclass__(cls, width=4, **kw):
        super().__init_subclass__(**kw)
        cls.width = width
        Sub.subs.append(cls)


class S1(Sub, width=6):
    pass


class S2(Sub):
    pass


z4 = torch.zeros(S1.width, S2.width, len(Sub.subs), len(Sub.__subclasses__()))  # shape: (6, 4, 2, 2)


class Single:
    _i = None

    def __new__(cls, *a):
        if cls._i is None:
            cls._i = super().__new__(cls)
        return cls._i

    def __init__(self, n=3):
        self.n = n


s1 = Single(4)
s2 = Single(5)
z5 = torch.zeros(s1.n, 2 if s1 is s2 else 3)  # shape: (5, 2)


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b


z6 = torch.zeros(Slots(2, 3).a, *[getattr(Slots(2, 3), k) for k in Slots.__slots__])  # shape: (2, 2, 3)
