"""Lists, dicts and the like that interpreted code has made: real ones, that can tell why they are vague."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conv_lsp.values.unknown import Value

if TYPE_CHECKING:
    from collections.abc import Iterable


class List(list[Value]):
    """A list made by interpreted code. `vague`: why its length and elements are not known.

    keyed: whether a structural key was made of what it holds.
    """

    __slots__ = ("birth", "keyed", "vague")

    def __init__(self, items: Iterable[Value] = (), birth: int = 0) -> None:
        super().__init__(items)
        self.birth = birth
        self.vague = ""
        self.keyed = False


class Dict(dict[Value, Value]):
    """A dict made by interpreted code. `vague`: why its keys are not known; `keyed` as of a list."""

    __slots__ = ("birth", "keyed", "vague")

    def __init__(self, items: Iterable[tuple[Value, Value]] = (), birth: int = 0) -> None:
        super().__init__(items)
        self.birth = birth
        self.vague = ""
        self.keyed = False


class Ordered(Dict):
    """What a class deriving from OrderedDict is made of."""

    __slots__ = ()

    def move_to_end(self, key: Value, last: bool = True) -> None:
        """As OrderedDict's."""
        value = self.pop(key)
        rest = [] if last else list(self.items())
        if not last:
            self.clear()
        self[key] = value
        self.update(rest)


class Deque(List):
    """collections.deque. `maxlen`: how many elements it keeps, dropping at the other end."""

    __slots__ = ("maxlen",)

    def __init__(
        self, items: Iterable[Value] = (), birth: int = 0, maxlen: int | None = None
    ) -> None:
        super().__init__((), birth)
        self.maxlen = maxlen
        self.extend(items)

    def append(self, value: Value) -> None:
        super().append(value)
        if self.maxlen is not None and len(self) > self.maxlen:
            del self[0]

    def appendleft(self, value: Value) -> None:
        super().insert(0, value)
        if self.maxlen is not None and len(self) > self.maxlen:
            del self[-1]

    def extend(self, values: Iterable[Value]) -> None:
        for value in list(values):
            self.append(value)

    def extendleft(self, values: Iterable[Value]) -> None:
        for value in list(values):
            self.appendleft(value)

    def popleft(self) -> Value:
        return self.pop(0)

    def rotate(self, n: int = 1) -> None:
        n %= len(self) or 1
        self[:] = [*self[len(self) - n :], *self[: len(self) - n]]


class Once(List):
    """What an iterator would give, worked out ahead: its elements are taken once.

    returned: what a generator returns at its end. endless: why its end is not known.
    """

    __slots__ = ("endless", "returned")

    def __init__(self, items: Iterable[Value] = (), birth: int = 0) -> None:
        super().__init__(items, birth)
        self.returned: Value = None
        self.endless = ""


class Submodules(dict[str, Value]):
    """`module._modules`: a write to it is a write to the module."""

    __slots__ = ("owner",)

    def __init__(self, owner: Value, items: Iterable[tuple[str, Value]]) -> None:
        super().__init__(items)
        self.owner = owner


class Given(tuple[Value, ...]):
    """What a program is given when it starts, as in a run without arguments: in other runs it is
    longer, so that what is not in it proves nothing.
    """

    __slots__ = ()


class Attributes(Submodules):
    """`object.__dict__`, in the same way."""

    __slots__ = ()
