"""What kind of thing a value is, and objects of classes that derive from Python's own types."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING, ClassVar

from conv_lsp.values.containers import Dict, List, Ordered
from conv_lsp.values.objects import Class, Instance
from conv_lsp.values.unknown import MISSING, Value

if TYPE_CHECKING:
    from collections.abc import Iterable


class Derived:
    """Mixed into the Python type made for a class of the interpreted code that derives from one of
    Python's own (dict, list, str, int ...): its objects are real, and have attributes besides.

    interpreted: that class.
    """

    __slots__ = ()
    interpreted: ClassVar[Class]


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
