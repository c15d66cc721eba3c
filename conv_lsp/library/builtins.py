"""Python's built-in functions: iteration and containers, text, attributes, the outside world.

Iterators do not run ahead of what is known: `map`, `zip` and the like give lists. The names of
types are the real types, so that they serve as classes; calling one finds its rule here.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence
from typing import Final

from conv_lsp.dims import Expr
from conv_lsp.library.arithmetic import plain
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import NAMES, OPS, Call, Op, apply_method, exposed, op
from conv_lsp.values import MISSING, Class, Dict, Instance, List, Module, Tensor, Unknown, Value

LENGTH: Final = 100_000
"""Elements of a collection, past which it is unknown."""
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


def new_list(call: Call, values: Iterable[Value]) -> Value:
    """A list of the interpreted code."""
    return call.host.new(List(values))


def held_by(call: Call, value: Value) -> Sequence[Value] | Unknown:
    """The elements of an iterable, if they are known and not too many."""
    if isinstance(value, range) and len(value) > LENGTH:
        return stopped()
    held = call.host.elements(value, call.site)
    if isinstance(held, Unknown) and held.name:
        return Unknown(held.why)  # what has a name is a size, and these are its elements
    return stopped() if not isinstance(held, Unknown) and len(held) > LENGTH else held


def stopped() -> Unknown:
    return Unknown(f"stopped: more than {LENGTH:,} elements")


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
    if isinstance(obj, Instance):
        found = call.host.attribute(obj, "__len__", call.site)
        if found is not MISSING:
            return call.invoke(found)
        own = exposed(type(obj)).get("length")
        if own is not None:
            return apply_method(own, obj, call, (), {})
    if isinstance(obj, (str, bytes, range, tuple, dict, set, frozenset)) and not vague(obj):
        return len(obj)
    if isinstance(obj, (int, float, Expr)) or obj is None:
        kind = "int" if isinstance(obj, Expr) else type(obj).__name__
        certainly_raises(call, "TypeError", f"object of type '{kind}' has no len()")
    held = call.host.elements(obj, call.site)
    return Unknown(held.why) if isinstance(held, Unknown) else len(held)


def vague(value: Value) -> str:
    """Why the content of a list or dict is not known."""
    return value.vague if isinstance(value, (List, Dict)) else ""


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


# -- iteration --------------------------------------------------------------------------------


@op("builtins.enumerate")
def enumerate_(call: Call, iterable: object, start: object = 0) -> Value:
    """Pairs of a number and an element."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    if not isinstance(start, (int, Expr)):
        return start if isinstance(start, Unknown) else Unknown("numbers that are not known")
    return new_list(call, [(start + i, value) for i, value in enumerate(held)])


@op("builtins.zip")
def zip_(call: Call, *iterables: object, strict: object = False) -> Value:
    """Tuples of elements, as many as the shortest has."""
    columns = [v if isinstance(v, Endless) else held_by(call, v) for v in iterables]
    for column in columns:
        if isinstance(column, Unknown):
            return column
    lengths = [len(c) for c in columns if not isinstance(c, (Endless, Unknown))]
    if columns and not lengths:
        return Unknown("an endless iteration")
    if strict is True and len(set(lengths)) > 1:
        certainly_raises(call, "ValueError", "zip() arguments have different lengths")
    rows = [
        c.first(min(lengths)) if isinstance(c, Endless) else c
        for c in columns
        if not isinstance(c, Unknown)
    ]
    return new_list(call, zip(*rows, strict=False))


@op("builtins.map")
def map_(call: Call, func: object, *iterables: object) -> Value:
    """The results of calling the function, as a list."""
    rows = zip_(call, *iterables)
    if isinstance(rows, Unknown):
        return rows
    return new_list(call, [call.invoke(func, *row) for row in list(rows)])


@op("builtins.filter")
def filter_(call: Call, function: object, iterable: object) -> Value:
    """The elements for which the function holds."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    kept = []
    for value in list(held):
        truth = call.host.truth(value if function is None else call.invoke(function, value))
        if truth is None:
            return Unknown("a filter whose condition is not known")
        if truth:
            kept.append(value)
    return new_list(call, kept)


@op("builtins.reversed")
def reversed_(call: Call, sequence: object) -> Value:
    """The elements from the last to the first, as a list."""
    held = held_by(call, sequence)
    return held if isinstance(held, Unknown) else new_list(call, list(held)[::-1])


@op("builtins.sorted")
def sorted_(call: Call, iterable: object, *, key: object = None, reverse: object = False) -> Value:
    """A sorted list, where the order is known."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    keys = [v if key is None else call.invoke(key, v) for v in list(held)]
    if not all(map(plain, keys)) or not isinstance(reverse, (bool, int)):
        found = next((k for k in keys if isinstance(k, Unknown)), None)
        return Unknown("an order that is not known" if found is None else found.why)
    try:
        order = sorted(range(len(keys)), key=keys.__getitem__, reverse=bool(reverse))
    except TypeError as error:
        certainly_raises(call, "TypeError", str(error))
    return new_list(call, [held[i] for i in order])


@op("builtins.any")
def any_(call: Call, iterable: object) -> Value:
    """Whether one element is true."""
    return decided(call, iterable, settling=True)


@op("builtins.all")
def all_(call: Call, iterable: object) -> Value:
    """Whether every element is true."""
    return decided(call, iterable, settling=False)


def decided(call: Call, iterable: Value, *, settling: bool) -> Value:
    """`any` and `all`: one element that is `settling` decides."""
    held = call.host.elements(iterable, call.site)
    if isinstance(held, Unknown):
        return Unknown(held.why)
    unknown: Unknown | None = None
    for value in held:
        truth = call.host.truth(value)
        if truth is settling:
            return settling
        if truth is None and unknown is None:
            unknown = value if isinstance(value, Unknown) else Unknown("a condition not known")
    return not settling if unknown is None else Unknown(unknown.why)


class Cursor(Instance):
    """An iterator: what it runs over, and how far it has come."""

    __slots__ = ()

    def elements(self) -> list[Value] | None:
        """What is left."""
        held, at = self.__dict__["held"], self.__dict__["at"]
        return None if isinstance(at, Unknown) or isinstance(held, Unknown) else list(held[at:])


class Endless(Instance):
    """An iterator without an end: the numbers from `start` in steps of `step`, or one value."""

    __slots__ = ()

    def first(self, count: int) -> list[Value]:
        """Its first elements."""
        start, step = self.__dict__["start"], self.__dict__["step"]
        return [start if step is None else start + i * step for i in range(count)]


def endless(call: Call, start: Value, step: Value) -> Value:
    """A new endless iterator."""
    made = Endless()
    made.__dict__.update(start=start, step=step)
    return call.host.new(made)


@op("builtins.iter")
def iter_(call: Call, obj: object, sentinel: object = MISSING) -> Value:
    """A cursor over the elements."""
    if isinstance(obj, (Cursor, Endless)):
        return obj
    if sentinel is not MISSING:
        return Unknown("an iterator that ends at a value")
    held = held_by(call, obj)
    if isinstance(held, Unknown):
        return held
    made = Cursor()
    made.__dict__.update(held=tuple(held), at=0)
    return call.host.new(made)


@op("builtins.next")
def next_(call: Call, iterator: object, default: object = MISSING) -> Value:
    """The next element. A list here is what a generator gave: its first element is taken off."""
    if isinstance(iterator, Cursor):
        left = iterator.elements()
        if left is None:
            return Unknown("an iterator whose place is not known")
        if left:
            call.host.set_attribute(iterator, "at", iterator.__dict__["at"] + 1)
            return left[0]
    elif isinstance(iterator, Endless):
        value = iterator.first(2)
        if iterator.__dict__["step"] is not None:
            call.host.set_attribute(iterator, "start", value[1])
        return value[0]
    elif isinstance(iterator, list):
        if vague(iterator):
            return Unknown(vague(iterator))
        if iterator:
            call.host.writes(iterator)
            return iterator.pop(0)
        if default is MISSING:
            # A module whose layers are not all known has more parameters than are listed.
            return Unknown("the next of nothing")
    elif isinstance(iterator, Instance):
        found = call.host.attribute(iterator, "__next__", call.site)
        return Unknown("the next of an object") if found is MISSING else call.invoke(found)
    else:
        return Unknown(iterator.why if isinstance(iterator, Unknown) else "the next of an object")
    if default is MISSING:
        certainly_raises(call, "StopIteration", "there is no next element")
    return default


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
    if plain(object) or isinstance(object, range):
        return str(object)
    return described(call, object, "__str__")


@op("builtins.repr")
def repr_(call: Call, obj: object) -> Value:
    """The text of a known value, as code."""
    return repr(obj) if plain(obj) or isinstance(obj, range) else described(call, obj, "__repr__")


def described(call: Call, value: Value, name: str) -> Value:
    """The text that an object's class gives."""
    if isinstance(value, Instance):
        found = call.host.attribute(value, name, call.site)
        if found is not MISSING:
            return call.invoke(found)
    return Unknown("the text of what is not known")


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


@op("builtins.setattr", "object.__setattr__")
def setattr_(call: Call, obj: object, name: object, value: object) -> None:
    """`obj.name = value`"""
    if isinstance(name, str) and isinstance(obj, (Instance, Class)):
        call.host.set_attribute(obj, name, value)


@op("builtins.delattr")
def delattr_(call: Call, obj: object, name: object) -> None:
    """`del obj.name`"""
    if isinstance(name, str) and isinstance(obj, Instance):
        call.host.set_attribute(obj, name, MISSING)


@op("builtins.vars")
def vars_(call: Call, object: object = MISSING) -> Value:
    """The attributes of an object."""
    if isinstance(object, Instance):
        held = [(n, v) for n, v in object.__dict__.items() if v is not MISSING]
        return call.host.new(Dict(held))
    return Unknown("vars() of what is not known")


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


def unknown_op(path: str, why: str) -> None:
    """Declare a function whose results are never known."""

    def rule(call: Call, *args: object, **kwargs: object) -> Value:
        return Unknown(why)

    OPS[path] = Op(path, rule)


for _name, _why in {
    "input": "what is typed in",
    "open": "the content of a file",
    "id": "the identity of an object",
    "hash": "a hash",
    "dir": "the names of an object",
    "eval": "eval() of a text",
    "exec": "exec() of a text",
    "compile": "compile() of a text",
    "__import__": "an import by name",
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
