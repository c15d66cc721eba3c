"""What a value is while model code is interpreted.

A value that is known is the real Python object (int, str, tuple, list, dict, type ...). The
classes here stand for what cannot be: tensors, modules, the user's classes and functions, and what
is not known. Nothing here knows a library by name, nor syntax beyond holding on to a node.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Protocol, TypeAlias

from conv_lsp.axes import Axis, joined, lost
from conv_lsp.dims import Comparison, Dim, Expr, equal, symbol, unknown_size

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator, Mapping

    from conv_lsp.source import Span, Statement

Value: TypeAlias = Any
"""Anything that interpreted code can hold."""


Implied: TypeAlias = tuple[tuple[Comparison, ...], tuple[Comparison, ...]]
"""What holds of sizes where a value is true, and where it is false."""
NOTHING_IMPLIED: Final[Implied] = ((), ())


class Unknown:
    """A value that is not known, and why. Never becomes a number or a default.

    `name`: what to call it where it is used as a size (a constructor parameter without a value).
    `parameter`: the entry's input whose size this is, so that its first use can refine it.
    `truth`: whether it is true, if that much is known. `usual`: what it is as a condition where
    nobody has set anything up. `implied`: what holds of sizes where it is true, and where it is false.
    `lacks`: the path of the operator that it is and that the library lacks, and what it is bound to.
    """

    __slots__ = ("_size", "implied", "lacks", "name", "parameter", "truth", "usual", "why")

    def __init__(self, why: str, name: str = "", parameter: str = "") -> None:
        self.why = why
        self.name = name
        self.parameter = parameter
        self.usual: bool | None = None
        self.truth: bool | None = None
        self.implied: Implied = NOTHING_IMPLIED
        self.lacks: tuple[str, tuple[Value, ...]] | None = None
        self._size: Dim | None = None

    def size(self) -> Dim:
        """The same symbol at every use of this value, so that what is unknown once stays equal."""
        if self._size is None:
            self._size = symbol(self.name) if self.name else unknown_size()
        return self._size

    def __repr__(self) -> str:
        return f"Unknown({self.why!r})"


def implied_by(value: Value) -> Implied:
    """What a condition that is not decided says of sizes."""
    if isinstance(value, Expr):
        return (("!=", value, 0),), (("==", value, 0),)
    return value.implied if isinstance(value, Unknown) else NOTHING_IMPLIED


class Answers(Protocol):
    """What is known of operators that the library lacks. A snapshot: its answers do not change."""

    @property
    def witness(self) -> str:
        """Who answers, as in "torch 2.13"; empty where nobody does."""

    @property
    def silence(self) -> str:
        """Why what is not answered is not."""

    def get(self, question: str) -> object:
        """The answer to a question, both in the JSON of `conv_lsp.library.asking`; None for none."""


Shape: TypeAlias = tuple[Dim, ...]
Strides: TypeAlias = tuple[int, ...] | None
SCATTERED: Strides = ()
"""The strides of a tensor whose memory layout is not known."""
UNTYPED: Final = "untyped"
"""The dtype of a tensor of which nobody has said any: of an input, of what is not modelled."""


class Size(tuple[Dim, ...]):
    """torch.Size: a tuple of sizes that also counts its elements."""

    __slots__ = ()


Role: TypeAlias = Literal["image", "video", "mask", "boxes", "keypoints"]


class Tensor:
    """An abstract tensor. Immutable.

    shape: the sizes, or Unknown where not even the rank is known.
    axes: for each dimension the link to the step that made it (None: no link to a network input).
    seen: link to what every element depends on besides (axes that a reduction removed).
    dtype: torch's name without the prefix ("float32", "int64", "bool"); UNTYPED where not known.
    strides: None for a contiguous tensor, else torch's strides, or SCATTERED where not known.
    data: the nested list (or number) of a small constant tensor, else None.
    kind: "parameter" and "buffer" for those that belong to a module; "gradient" for one that may be
        None; "number" for a number of Python that stands where a tensor is taken; what the numbers
        are where torchvision.tv_tensors says it: a `Role`.
    family: a constant and its views, which share one memory; None where there is none to tell of.
    witness: who said the shape, where that is not the library; see `Answers`.
    """

    __slots__ = (
        "axes",
        "data",
        "dtype",
        "family",
        "kind",
        "seen",
        "shape",
        "strides",
        "witness",
    )

    def __init__(
        self,
        shape: Shape | Unknown,
        axes: tuple[Axis | None, ...] | None = None,
        *,
        seen: Axis | None = None,
        dtype: str = "",
        strides: Strides = None,
        data: object = None,
        kind: Literal["", "parameter", "buffer", "gradient", "number"] | Role = "",
    ) -> None:
        self.shape = shape
        if axes is None:
            axes = () if isinstance(shape, Unknown) else (None,) * len(shape)
        self.axes = axes
        self.seen = seen
        self.dtype = dtype or (UNTYPED if isinstance(shape, Unknown) else "float32")
        self.strides = strides
        self.data = data
        self.kind = kind
        self.family: list[Tensor] | None = None
        self.witness = ""

    @property
    def known(self) -> bool:
        """Whether the rank is known."""
        return not isinstance(self.shape, Unknown)

    @property
    def sizes(self) -> Shape:
        """The shape of a tensor whose rank is known."""
        shape = self.shape
        if isinstance(shape, Unknown):
            msg = "the rank is not known; ask `known` first"
            raise TypeError(msg)
        return shape

    @property
    def rank(self) -> int:
        """The number of dimensions of a tensor whose rank is known."""
        return len(self.sizes)

    def like(
        self,
        shape: Shape | None = None,
        axes: tuple[Axis | None, ...] | None = None,
        *,
        dtype: str | None = None,
        seen: Axis | None = None,
    ) -> Tensor:
        """A new tensor made of this one: its dtype and `seen`, and its shape unless another is given."""
        same = shape is None
        return Tensor(
            self.shape if shape is None else shape,
            self.axes if same and axes is None else axes,
            seen=joined(self.seen, seen) if seen is not None else self.seen,
            dtype=dtype or self.dtype,
            strides=None if self.strides is None else SCATTERED,
        )

    def __repr__(self) -> str:
        return f"Tensor({self.shape})"


class Site:
    """A place in the code: a node and the top-level statement that holds it. Immutable."""

    __slots__ = ("node", "statement")

    def __init__(self, statement: Statement, node: ast.AST) -> None:
        self.statement = statement
        self.node = node

    @property
    def span(self) -> Span:
        """Where it stands in its file now."""
        return self.statement.span(self.node)


class Instance:
    """An object of a class of the interpreted code. Its `__dict__` holds its attributes.

    kind: its class: a `Class` of interpreted code, or a Python type for the library's own.
    birth: serial number of its creation; tells what a call wrote to that is older than itself.
    made: where it was constructed.
    cached_key, plain_key: its structural key while nothing is written, see `Machine.instance_key`.
    """

    __slots__ = ("__dict__", "__weakref__", "birth", "cached_key", "kind", "made", "plain_key")

    def __init__(self) -> None:
        self.kind: Class | type = type(self)
        self.birth = 0
        self.cached_key: tuple[int, object] | None = None
        self.plain_key: tuple[int, int] | None = None
        self.made: Site | None = None

    def __repr__(self) -> str:
        name = self.kind.name if isinstance(self.kind, Class) else self.kind.__name__
        return f"<{name}>"


UNTOLD: Final = "_attributes_not_told"
"""An attribute of objects and classes that may have others, which are not known."""
PLAIN = frozenset((int, bool, float, str, tuple, type(None)))
"""Types of most attributes of layers; none of them is a module."""


class Module(Instance):
    """Base of every abstract `torch.nn` module; the library's layers derive from it.

    A method that interpreted code may call has `call` as its first parameter after `self`.
    """

    __slots__ = ()

    def submodules(self) -> Iterator[tuple[str, Module]]:
        """Named direct children, in order of assignment."""
        return ((n, v) for n, v in self.__dict__.items() if isinstance(v, Module))

    def tree(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all below it with their dotted paths, each module once."""
        found: list[tuple[str, Module]] = []
        self._gather(prefix, set(), found)
        return iter(found)

    def _gather(self, prefix: str, seen: set[int], found: list[tuple[str, Module]]) -> None:
        seen.add(id(self))
        found.append((prefix, self))
        for name, value in self.__dict__.items():
            kind = value.__class__
            if kind is Tensor or kind in PLAIN or not isinstance(value, Module):
                continue
            if id(value) not in seen:
                value._gather(f"{prefix}.{name}" if prefix else name, seen, found)

    def registered(self, kind: str) -> list[tuple[str, Value]]:
        """Own parameters (or buffers), with those that are None."""
        empty = self.__dict__.get(f"_registered_as_none_{kind}", ())
        return [
            (n, v)
            for n, v in self.__dict__.items()
            if (isinstance(v, Tensor) and v.kind == kind) or (v is None and n in empty)
        ]

    def hooks(self, table: str) -> tuple[Value, ...]:
        """The functions that run before or after its forward, as far as they are known."""
        held = self.__dict__.get(table, ())
        return held if isinstance(held, tuple) else ()

    def tensors(self, kind: str) -> Iterator[tuple[str, Tensor]]:
        """Own parameters (or buffers) by name."""
        return (
            (n, v) for n, v in self.__dict__.items() if isinstance(v, Tensor) and v.kind == kind
        )


class Class:
    """A class of the interpreted code. `mro` mixes such classes with Python types."""

    __slots__ = (
        "_tables",
        "attributes",
        "bases",
        "birth",
        "extra",
        "intercepts",
        "mro",
        "name",
        "namespace",
        "site",
    )

    def __init__(
        self,
        name: str,
        bases: tuple[Class | type, ...],
        mro: tuple[Class | type, ...],
        attributes: dict[str, Value],
        namespace: Value,
        site: Site | None,
    ) -> None:
        self.name = name
        self.bases = bases
        self.mro = (self, *mro)
        self.attributes = attributes
        self.namespace = namespace
        self.site = site
        self.birth = 0
        self.extra: dict[str, Value] = {}
        self.intercepts = any(
            isinstance(k, Class) and "__getattribute__" in k.attributes for k in self.mro
        )
        """Whether reading an attribute calls a method of the class first."""
        self._tables = tables_of(self.mro)

    def find(self, name: str) -> Value:
        """The attribute by the method resolution order, or MISSING."""
        for table in self._tables:
            if name in table:
                return table[name]
        return MISSING

    @property
    def python_type(self) -> type:
        """What its instances are made of: the library's type among its bases, or a Python type."""
        types = [k for k in self.mro if isinstance(k, type)]
        return next((k for k in types if issubclass(k, Instance)), types[0] if types else Instance)

    def __repr__(self) -> str:
        return f"<class {self.name}>"


def tables_of(mro: tuple[Class | type, ...]) -> tuple[Mapping[str, Value], ...]:
    """Where the classes of a resolution order look names up; Python types in a row are one table."""
    tables: list[Mapping[str, Value]] = []
    row: list[type] = []
    for kind in (*mro, None):
        if isinstance(kind, type):
            row.append(kind)
            continue
        if row:
            tables.append(merged(tuple(row)))
            row = []
        if kind is not None:
            tables.append(kind.attributes)
    return tuple(tables)


@cache
def merged(kinds: tuple[type, ...]) -> Mapping[str, Value]:
    """The attributes of Python types, the first of them first. Theirs do not change."""
    return {name: value for kind in reversed(kinds) for name, value in kind.__dict__.items()}


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


class Derived:
    """Mixed into the Python type made for a class of the interpreted code that derives from one of
    Python's own (dict, list, str, int ...): its objects are real, and have attributes besides.

    interpreted: that class.
    """

    __slots__ = ()
    interpreted: ClassVar[Class]


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


HOSTS: dict[type, type] = {
    **{kind: kind for kind in (str, bytes, int, float, tuple, set, frozenset)},
    list: List,
    dict: Dict,
    defaultdict: Dict,
    OrderedDict: Ordered,
}
"""What objects of classes that derive from Python's own types are made of."""


def host_of(kind: Class) -> type | None:
    """The Python type of a class's objects, if it derives from one of Python's own."""
    known: Value = kind.extra.get("host", MISSING)
    if known is MISSING:
        own = next((k for k in kind.mro if k in HOSTS or is_named_tuple(k)), None)
        known = None
        if isinstance(own, type):
            host = HOSTS.get(own, own)
            known = type(kind.name, (Derived, host), {"interpreted": kind})
        kind.extra["host"] = known
    return known  # type: ignore[no-any-return]


def is_named_tuple(kind: Value) -> bool:
    """Whether it is a type of named tuples."""
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def method_of(value: Value, name: str) -> Value:
    """What the interpreted class of an object itself defines under a name, or MISSING."""
    kind = kind_of(value)
    if isinstance(kind, Class):
        for k in kind.mro:
            if isinstance(k, Class) and name in k.attributes:
                return k.attributes[name]
    return MISSING


def twins(held: Iterable[Value]) -> bool:
    """Whether two objects among some may be equal by a method of their class."""
    return sum(isinstance(v, Instance) and method_of(v, "__eq__") is not MISSING for v in held) > 1


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


class Missing:
    """The one value that says "there is none"; never seen by interpreted code."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


def is_subclass(kind: Value, parent: Value) -> bool:
    """`issubclass` for both sorts of classes."""
    if isinstance(kind, Class):
        return parent in kind.mro
    return isinstance(kind, type) and isinstance(parent, type) and issubclass(kind, parent)


def kind_of(value: Value) -> Class | type:
    """The class of a value as interpreted code sees it."""
    if isinstance(value, Instance):
        return value.kind
    return value.interpreted if isinstance(value, Derived) else type(value)


# -- comparison and joining -------------------------------------------------------------------


def same(a: Value, b: Value) -> bool:
    """Whether two values are certainly equal and interchangeable."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, (List, Dict)) and (a.vague or b.vague):
        return False
    if isinstance(a, Derived):
        return False  # it has attributes besides
    if isinstance(a, Tensor):
        return (
            a.known
            and b.known
            and a.shape == b.shape
            and a.dtype == b.dtype
            and a.axes == b.axes
            and a.seen == b.seen
            and a.strides == b.strides
            and a.data == b.data
        )
    if isinstance(a, (int, float, str, bytes, bool, complex, Expr, range)) or a is None:
        return bool(a == b)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return False


def join(a: Value, b: Value, why: str) -> Value:
    """What is known of a value that is `a` on one path and `b` on another.

    Equal parts stay, different parts become Unknown(why).
    """
    if same(a, b):
        return a
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return join_tensors(a, b, why)
    if isinstance(a, tuple) and type(a) is type(b) and len(a) == len(b):
        parts = [join(x, y, why) for x, y in zip(a, b, strict=True)]
        return type(a)(*parts) if hasattr(a, "_fields") else type(a)(parts)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return Unknown(a.why if isinstance(a, Unknown) else b.why)
    return Unknown(why)


def join_tensors(a: Tensor, b: Tensor, why: str) -> Tensor:
    """Of two tensors: sizes that are equal stay, others become unknown sizes."""
    if not a.known or not b.known or a.rank != b.rank:
        unknown = a.shape if isinstance(a.shape, Unknown) else b.shape
        return Tensor(unknown if isinstance(unknown, Unknown) else Unknown(why))
    shape = tuple(
        x if equal(x, y) else unknown_size() for x, y in zip(a.sizes, b.sizes, strict=True)
    )
    axes = tuple(x if x is y else lost(x, y) for x, y in zip(a.axes, b.axes, strict=True))
    return Tensor(
        shape,
        axes,
        seen=a.seen if a.seen is b.seen else lost(a.seen, b.seen),
        dtype=a.dtype if a.dtype == b.dtype else UNTYPED,
        strides=a.strides if a.strides == b.strides else SCATTERED,
    )


def tensors_in(value: Value, depth: int = 0) -> Iterable[Tensor]:
    """Every tensor in a value, through tuples, lists and dicts."""
    if isinstance(value, Tensor):
        yield value
    elif depth < 4 and isinstance(value, (tuple, list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from tensors_in(part, depth + 1)
