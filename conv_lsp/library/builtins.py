"""Python's built-in functions: containers, text, attributes, the outside world.

The names of types are the real types, so that they serve as classes; calling one finds its rule
here.
"""

from __future__ import annotations

import builtins
import enum
from collections.abc import Sequence
from typing import Final

from conv_lsp.dims import Expr
from conv_lsp.library.arithmetic import plain
from conv_lsp.library.dtypes import Device, DType
from conv_lsp.library.iterators import held_by, new_list, vague
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import NAMES, OPS, Call, Op, apply_method, exposed, op, says
from conv_lsp.values import (
    MISSING,
    UNTOLD,
    Class,
    Derived,
    Dict,
    Instance,
    Module,
    Size,
    Tensor,
    Unknown,
    Value,
    is_subclass,
    method_of,
    unknown_number,
)

TYPES: Final = (
    bool,
    bytearray,
    bytes,
    classmethod,
    complex,
    dict,
    float,
    frozenset,
    int,
    list,
    memoryview,
    object,
    property,
    range,
    set,
    slice,
    staticmethod,
    str,
    super,
    tuple,
    type,
)
REAL: Final = (ascii, bin, chr, format, hex, oct, ord)
"""Functions that are called as they are, on known values."""

NAMES.update({f"builtins.{t.__name__}": t for t in TYPES})
NAMES.update({f"builtins.{f.__name__}": f for f in REAL})
NAMES["builtins.NotImplemented"] = NotImplemented
NAMES["builtins.Ellipsis"] = ...
NAMES["builtins.__debug__"] = True


def is_function(value: Value) -> bool:
    """Whether it is a function or method, of the library or of the interpreted code."""
    return isinstance(value, Op) or type(value).__name__ in {
        "Function",
        "BoundMethod",
        "BoundOp",
        "RealMethod",
        "function",
        "builtin_function_or_method",
        "partial",
    }


# -- lengths and ranges -----------------------------------------------------------------------


@op("builtins.len")
def len_(call: Call, obj: object) -> Value:
    """The number of elements; of a tensor, its first size."""
    if isinstance(obj, Unknown):
        return Unknown(obj.why)
    if isinstance(obj, Tensor):
        if isinstance(obj.shape, Unknown):
            return Unknown(obj.shape.why)
        if not obj.sizes:
            certainly_raises(call, "TypeError", "len() of a 0-d tensor")
        return obj.sizes[0]
    if isinstance(obj, (Instance, Derived)):
        found = call.host.attribute(obj, "__len__", call.site)
        if found is not MISSING:
            return call.invoke(found)
        own = exposed(type(obj)).get("length")
        if own is not None:
            return apply_method(own, obj, call, (), {})
    if isinstance(obj, (set, frozenset)) and any(isinstance(v, Unknown) for v in obj):
        return Unknown("an element of a set is not known")
    if isinstance(obj, (str, bytes, range, tuple, dict, set, frozenset)) and not vague(obj):
        return len(obj)
    if isinstance(obj, (int, float, Expr)) or obj is None:
        kind = "int" if isinstance(obj, Expr) else type(obj).__name__
        certainly_raises(call, "TypeError", f"object of type '{kind}' has no len()")
    held = call.host.elements(obj, call.site)
    return Unknown(held.why) if isinstance(held, Unknown) else len(held)


@op("builtins.range")
def range_(call: Call, *args: object) -> Value:
    """A real range, where its bounds are known."""
    bounds: list[int] = []
    for value in args:
        if isinstance(value, Tensor) and isinstance(value.data, int):
            value = value.data
        if isinstance(value, float):
            certainly_raises(
                call, "TypeError", "'float' object cannot be interpreted as an integer"
            )
        if not isinstance(value, int):
            return Unknown(value.why if isinstance(value, Unknown) else f"a range of {value}")
        bounds.append(value)
    try:
        return range(*bounds)
    except (TypeError, ValueError) as error:
        certainly_raises(call, type(error).__name__, str(error))


# -- containers -------------------------------------------------------------------------------


@op("builtins.list")
def list_(call: Call, iterable: object = ()) -> Value:
    """A new list."""
    held = held_by(call, iterable)
    return held if isinstance(held, Unknown) else new_list(call, held)


@op("builtins.tuple")
def tuple_(call: Call, iterable: object = ()) -> Value:
    """A tuple of the elements."""
    held = held_by(call, iterable)
    return held if isinstance(held, Unknown) else tuple(held)


@op("builtins.set")
def set_(call: Call, iterable: object = ()) -> Value:
    """A set, where it is known which elements are equal."""
    found = distinct(call, iterable)
    return found if isinstance(found, Unknown) else set(found)


@op("builtins.frozenset")
def frozenset_(call: Call, iterable: object = ()) -> Value:
    """As `set`."""
    found = distinct(call, iterable)
    return found if isinstance(found, Unknown) else frozenset(found)


def distinct(call: Call, iterable: Value) -> Sequence[Value] | Unknown:
    """Elements that can be members of a set."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return Unknown(held.why)
    for value in held:
        if isinstance(value, (Unknown, Expr)):
            return Unknown("a set of what is not known")
        if isinstance(value, (list, dict, set)):
            kind = type(value).__name__.lower()
            certainly_raises(call, "TypeError", f"unhashable type: '{kind}'")
    return held


@op("builtins.dict")
def dict_(call: Call, mapping: object = (), **kwargs: object) -> Value:
    """A new dict of a mapping or of pairs."""
    items = items_of(call, mapping)
    if isinstance(items, Unknown):
        return items
    made: dict[Value, Value] = {}
    for pair in items:
        if isinstance(pair, Unknown) or not isinstance(pair, (tuple, list)) or len(pair) != 2:
            return Unknown("a dict of what is not known")
        if isinstance(pair[0], Unknown):
            return Unknown(pair[0].why)
        made[pair[0]] = pair[1]
    made.update(kwargs)
    return call.host.new(Dict(made.items()))


def items_of(call: Call, mapping: Value) -> Sequence[Value] | Unknown:
    """Pairs of key and value."""
    if isinstance(mapping, dict):
        why = vague(mapping)
        return Unknown(why) if why else list(mapping.items())
    if isinstance(mapping, Module):
        found = call.host.attribute(mapping, "items", call.site)
        mapping = Unknown("a dict of a module") if found is MISSING else call.invoke(found)
    held = held_by(call, mapping)
    return Unknown(held.why) if isinstance(held, Unknown) else held


@op("builtins.slice")
def slice_(call: Call, *args: object) -> Value:
    """A slice, whose bounds may be anything."""
    return slice(*args)


@op("builtins.object")
def object_(call: Call) -> Value:
    """A new object that is equal to nothing else."""
    return call.host.new(Instance())


# -- text -------------------------------------------------------------------------------------


@op("builtins.str")
def str_(call: Call, object: object = "", *args: object) -> Value:
    """The text of a known value."""
    if isinstance(object, Size):
        return size_text(call, object)
    if (plain(object) or isinstance(object, (range, Device, DType))) and not isinstance(
        object, Derived
    ):
        return str(object)
    return described(call, object, "__str__")


@op("builtins.repr")
def repr_(call: Call, obj: object) -> Value:
    """The text of a known value, as code."""
    if isinstance(obj, Size):
        return size_text(call, obj)
    known = (plain(obj) or isinstance(obj, range)) and not isinstance(obj, Derived)
    return repr(obj) if known else described(call, obj, "__repr__")


def size_text(call: Call, size: Size) -> Value:
    """The text of a tensor's shape."""
    text = repr_(call, list(size))
    return f"torch.Size({text})" if isinstance(text, str) else text


def described(call: Call, value: Value, name: str) -> Value:
    """The text that an object's class gives."""
    for method in dict.fromkeys((name, "__repr__")):
        found = method_of(value, method)
        if found is not MISSING:
            return call.invoke(found, value)
    if isinstance(value, Derived) and isinstance(value, (str, int, float)):
        kind = value.interpreted
        if "members" not in kind.extra or any(is_subclass(kind, k) for k in TEXT_OF_VALUE):
            return repr(own_value(value)) if name == "__repr__" else str(own_value(value))
    return Unknown("the text of what is not known")


TEXT_OF_VALUE: Final = (enum.IntEnum, getattr(enum, "StrEnum", enum.IntEnum))
"""Enumerations whose members have the text of their value."""


def own_value(value: Value) -> Value:
    """What a text or number of a class of the interpreted code is without that class."""
    return next(kind(value) for kind in (str, int, float) if isinstance(value, kind))


# -- attributes -------------------------------------------------------------------------------


@op("builtins.getattr")
def getattr_(call: Call, obj: object, name: object, default: object = MISSING) -> Value:
    """`obj.name`, or the default where there is none."""
    if isinstance(obj, Unknown):
        return Unknown(obj.why)
    if not isinstance(name, str):
        return (
            Unknown(name.why)
            if isinstance(name, Unknown)
            else Unknown("an attribute whose name is unknown")
        )
    found = call.host.attribute(obj, name, call.site)
    if found is not MISSING:
        return found
    return Unknown(f"there is no attribute '{name}'") if default is MISSING else default


@op("builtins.hasattr")
def hasattr_(call: Call, obj: object, name: object) -> Value:
    """Whether there is such an attribute."""
    if isinstance(obj, Unknown):
        return Unknown(obj.why)
    if not isinstance(name, str):
        return Unknown("an attribute whose name is unknown")
    found = call.host.attribute(obj, name, call.site)
    if isinstance(found, Unknown) and not found.name:
        return Unknown(found.why)  # not modelled, or set under a condition that is not known
    return found is not MISSING


@op("builtins.setattr")
def setattr_(call: Call, obj: object, name: object, value: object) -> None:
    """`obj.name = value`"""
    if not isinstance(obj, (Instance, Class, Derived)):
        return
    if isinstance(name, str):
        call.host.assign_attribute(obj, name, value, call.site)
    else:
        call.host.set_attribute(obj, UNTOLD, True)


@op("object.__setattr__")
def set_slot(call: Call, obj: object, name: object, value: object) -> None:
    """`obj.name = value`, whatever its class says."""
    if isinstance(obj, (Instance, Class, Derived)):
        call.host.set_attribute(obj, name if isinstance(name, str) else UNTOLD, value)


@op("builtins.delattr")
def delattr_(call: Call, obj: object, name: object) -> None:
    """`del obj.name`"""
    if isinstance(name, str) and isinstance(obj, (Instance, Derived)):
        call.host.set_attribute(obj, name, MISSING)


@op("builtins.callable")
def callable_(call: Call, obj: object) -> Value:
    """Whether it can be called."""
    if isinstance(obj, Unknown):
        return Unknown(obj.why)
    if isinstance(obj, (Module, Class, type)) or is_function(obj):
        return True
    if isinstance(obj, Instance):
        return call.host.attribute(obj, "__call__", call.site) is not MISSING
    return False


# -- what stays unknown -----------------------------------------------------------------------


@op("builtins.print", "builtins.breakpoint", "object.__init__", "builtins.help")
def print_(call: Call, *args: object, **kwargs: object) -> None:
    """Nothing."""


def unknown_op(path: str, why: str, *, number: bool = False) -> None:
    """Declare a function whose results are never known, or only that they are numbers."""

    @says(f"Not known: {why}")
    def rule(call: Call, *args: object, **kwargs: object) -> Value:
        return unknown_number(why) if number else Unknown(why)

    OPS[path] = Op(path, rule)


for _name, _why in {
    "input": "what is typed in",
    "open": "the content of a file",
    "id": "the identity of an object",
    "hash": "a hash",
    "compile": "compile() of a text",
    "bytes": "bytes",
    "bytearray": "bytes",
    "memoryview": "bytes",
}.items():
    unknown_op(f"builtins.{_name}", _why)


def exception_op(kind: type[BaseException]) -> None:
    """Declare the construction of an exception, whatever its message is made of."""

    def rule(call: Call, *args: object, **kwargs: object) -> Value:
        try:
            return kind(*[a if plain(a) else "..." for a in args])
        except TypeError:  # an exception with parameters of its own
            return Unknown(f"a {kind.__name__}")

    path = f"builtins.{kind.__name__}"
    NAMES[path] = kind
    OPS[path] = Op(path, rule)


for _kind in vars(builtins).values():
    if isinstance(_kind, type) and issubclass(_kind, BaseException):
        exception_op(_kind)
