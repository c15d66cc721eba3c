"""Places in the code, classes of the interpreted code and their objects; modules among them."""

from __future__ import annotations

from functools import cache
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final

from conv_lsp.values.tensors import Tensor
from conv_lsp.values.unknown import MISSING, Value

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping

    from conv_lsp.source import Span, Statement


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


class Reserved:
    """A method of the engine's: an attribute of the same name that interpreted code gives to a
    module does not hide it.
    """

    __slots__ = ("function",)

    def __init__(self, function: FunctionType) -> None:
        self.function = function

    def __get__(self, instance: object, owner: type) -> Any:
        return self.function if instance is None else MethodType(self.function, instance)

    def __set__(self, instance: object, value: object) -> None:
        raise AttributeError(self.function.__name__)


def takes_call(function: FunctionType) -> bool:
    """Whether interpreted code may call a method: its second parameter is `call`."""
    code = function.__code__
    return code.co_argcount >= 2 and code.co_varnames[1] == "call"


def reserve(kind: type) -> None:
    """Keep the engine's own methods of a class of modules from being hidden."""
    for name, found in list(vars(kind).items()):
        own = isinstance(found, FunctionType) and not name.startswith("__")
        if own and not takes_call(found):
            setattr(kind, name, Reserved(found))


class Module(Instance):
    """Base of every abstract `torch.nn` module; the library's layers derive from it.

    A method that interpreted code may call has `call` as its first parameter after `self`.
    """

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        reserve(cls)

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


reserve(Module)


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
