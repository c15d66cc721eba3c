"""Iteration: what Python's built-in iterators give, and iterators that are held and moved on.

Iterators do not run ahead of what is known: `map`, `zip` and the like give lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from conv_lsp.dims import Expr
from conv_lsp.library.arithmetic import plain
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import Call, op
from conv_lsp.values import MISSING, Dict, Instance, List, Once, Unknown, Value

LENGTH: Final = 100_000
"""Elements of a collection, past which it is unknown."""


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


def vague(value: Value) -> str:
    """Why the content of a list or dict is not known."""
    return value.vague if isinstance(value, (List, Dict)) else ""


# -- iteration --------------------------------------------------------------------------------


def once(call: Call, items: Iterable[Value]) -> Value:
    """What an iterator gives, once."""
    return call.host.new(Once(items))


@op("builtins.enumerate")
def enumerate_(call: Call, iterable: object, start: object = 0) -> Value:
    """Pairs of a number and an element."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    if not isinstance(start, (int, Expr)):
        return start if isinstance(start, Unknown) else Unknown("numbers that are not known")
    return once(call, [(start + i, value) for i, value in enumerate(held)])


@op("builtins.zip")
def zip_(call: Call, *iterables: object, strict: object = False) -> Value:
    """Tuples of elements, as many as the shortest has."""
    first = iterables[0] if iterables else None
    if len(iterables) > 1 and is_iterator(first) and all(v is first for v in iterables):
        return in_turn(call, first, len(iterables))
    columns: list[Value] = [v if without_end(v) else held_by(call, v) for v in iterables]
    for column in columns:
        if isinstance(column, Unknown):
            return column
    lengths = [
        len(c)
        for c in columns
        if not isinstance(c, (Endless, Unknown)) and not (isinstance(c, Once) and c.endless)
    ]
    if columns and not lengths:
        return Unknown("an endless iteration")
    if strict is True and len(set(lengths)) > 1:
        certainly_raises(call, "ValueError", "zip() arguments have different lengths")
    rows = [
        first_of(c, min(lengths)) if without_end(c) else c
        for c in columns
        if not isinstance(c, Unknown)
    ]
    return once(call, zip(*rows, strict=False))


def in_turn(call: Call, iterator: Value, count: int) -> Value:
    """Tuples of elements that one iterator gives one after the other."""
    held = held_by(call, iterator)
    if isinstance(held, Unknown):
        return held
    rows = range(0, len(held) - count + 1, count)
    return once(call, [tuple(held[at : at + count]) for at in rows])


@op("builtins.map")
def map_(call: Call, func: object, *iterables: object) -> Value:
    """The results of calling the function, as a list."""
    rows = zip_(call, *iterables)
    if isinstance(rows, Unknown):
        return rows
    return once(call, [call.invoke(func, *row) for row in list(rows)])


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
    return once(call, kept)


@op("builtins.reversed")
def reversed_(call: Call, sequence: object) -> Value:
    """The elements from the last to the first, as a list."""
    held = held_by(call, sequence)
    return held if isinstance(held, Unknown) else once(call, list(held)[::-1])


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

    def iterate(self, call: Call) -> Value:
        """Take what is left."""
        left = self.elements()
        if left is None:
            return Unknown("an iterator whose place is not known")
        call.host.set_attribute(self, "at", len(self.__dict__["held"]))
        return new_list(call, left)


def is_iterator(value: Value) -> bool:
    """Whether its elements are known, and taken once."""
    if isinstance(value, Cursor):
        return value.elements() is not None
    return isinstance(value, Once) and not value.vague and not value.endless


class Endless(Instance):
    """An iterator without an end: the numbers from `start` in steps of `step`, or one value."""

    __slots__ = ()

    def first(self, count: int) -> list[Value]:
        """Its first elements."""
        start, step = self.__dict__["start"], self.__dict__["step"]
        return [start if step is None else start + i * step for i in range(count)]


def without_end(value: Value) -> bool:
    """Whether it is an iterator that never ends."""
    return isinstance(value, Endless) or (isinstance(value, Once) and bool(value.endless))


def first_of(value: Value, count: int) -> list[Value]:
    """The first elements of an iterator without end."""
    return value.first(count) if isinstance(value, Endless) else list(value[:count])


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
    made.__dict__.update(held=tuple(held), at=0, sampled=getattr(type(obj), "sampled", False))
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
        held = iterator.__dict__["held"]
        if held and iterator.__dict__.get("sampled") and not call.host.catches("StopIteration"):
            return held[-1]
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
        if isinstance(iterator, Once) and iterator.endless:
            return Unknown(iterator.endless)
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
