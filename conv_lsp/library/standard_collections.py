"""`collections`, `copy` and `types`."""

from __future__ import annotations

import collections
import functools
import types
from collections import abc
from collections.abc import Sequence
from typing import Final

from conv_lsp.library.arithmetic import plain
from conv_lsp.library.builtins import items_of
from conv_lsp.library.iterators import LENGTH, held_by, new_list
from conv_lsp.library.registry import NAMES, Call, Op, models, op
from conv_lsp.library.standard_iteration import Partial
from conv_lsp.values import (
    Deque,
    Derived,
    Dict,
    Instance,
    List,
    Tensor,
    Unknown,
    Value,
    join,
)

DEPTH: Final = 200
"""Nesting of a deep copy, past which it is unknown."""

NAMES.update({f"collections.abc.{name}": getattr(abc, name) for name in abc.__all__})
NAMES.update(
    {
        "collections.OrderedDict": collections.OrderedDict,
        "collections.defaultdict": collections.defaultdict,
        "collections.Counter": collections.Counter,
        "collections.deque": Deque,
        "collections.UserDict": dict,
        "collections.UserList": list,
        "types.FunctionType": types.FunctionType,
        "types.LambdaType": types.LambdaType,
        "types.BuiltinFunctionType": types.BuiltinFunctionType,
        "types.ModuleType": types.ModuleType,
        "types.NoneType": type(None),
        "types.UnionType": types.UnionType,
        "types.GeneratorType": types.GeneratorType,
    }
)


@op("builtins.OrderedDict")
def ordered_dict(call: Call, items: object = (), **kwargs: object) -> Value:
    """A real OrderedDict, whose values may be anything."""
    found = pairs(call, items)
    if isinstance(found, Unknown):
        return found
    return collections.OrderedDict([*found, *kwargs.items()])


@op("builtins.defaultdict")
def default_dict(
    call: Call, default_factory: object = None, items: object = (), **kwargs: object
) -> Value:
    """A real defaultdict; its factory may be a function of the interpreted code."""
    found = pairs(call, items)
    if isinstance(found, Unknown):
        return found

    def make(call: Call) -> Value:
        return call.invoke(default_factory)

    factory = None if default_factory is None else Op("default_factory", make)
    return collections.defaultdict(factory, [*found, *kwargs.items()])  # type: ignore[arg-type]


def pairs(call: Call, items: Value) -> list[tuple[Value, Value]] | Unknown:
    """Keys and values, if the keys are known."""
    found = items_of(call, items)
    if isinstance(found, Unknown):
        return found
    for pair in found:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2 or isinstance(pair[0], Unknown):
            return Unknown("a dict of what is not known")
    return [(key, value) for key, value in found]


@op("builtins.Counter")
def counter(call: Call, iterable: object = (), **kwargs: object) -> Value:
    """A real Counter of plain values."""
    if isinstance(iterable, dict) and not kwargs:
        numbers = isinstance(iterable, Dict) and not iterable.vague
        numbers = numbers and all(isinstance(v, int) for v in iterable.values())
        return collections.Counter(iterable) if numbers else Unknown("a counter made of a dict")
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    if not all(map(plain, held)) or kwargs:
        return Unknown("a counter of what is not known")
    return collections.Counter(held)


@op("builtins.Deque")
def deque(call: Call, iterable: object = (), maxlen: object = None) -> Value:
    """A list that may be bounded."""
    if maxlen is not None and not isinstance(maxlen, int):
        return Unknown("a deque whose bound is not known")
    held = held_by(call, iterable)
    return held if isinstance(held, Unknown) else call.host.new(Deque(held, maxlen=maxlen))


@op("collections.namedtuple")
def namedtuple(
    call: Call,
    typename: str,
    field_names: object,
    *,
    rename: bool = False,
    defaults: object = (),
    module: object = None,
) -> Value:
    """A real named tuple, whose defaults may be anything."""
    names = field_names if isinstance(field_names, str) else held_by(call, field_names)
    values = held_by(call, () if defaults is None else defaults)
    if isinstance(names, Unknown) or isinstance(values, Unknown):
        return Unknown("a named tuple whose fields are not known")
    try:
        return collections.namedtuple(typename, names, rename=rename, defaults=values)  # noqa: PYI024
    except (TypeError, ValueError) as error:
        return Unknown(str(error))


@op("collections.ChainMap")
def chain_map(call: Call, *maps: object) -> Value:
    """A dict in which the first mapping goes before the others."""
    merged: dict[Value, Value] = {}
    for mapping in reversed(maps):
        found = pairs(call, mapping)
        if isinstance(found, Unknown):
            return found
        merged.update(found)
    return call.host.new(Dict(merged.items()))


# -- random choices ---------------------------------------------------------------------------


def any_of(held: Sequence[Value]) -> Value:
    """What is so of every element; sizes that differ are a new unknown size each time."""
    return functools.reduce(lambda a, b: join(a, b, "a random choice"), held)


@op("random.choice")
def choice(call: Call, seq: object) -> Value:
    """One of the elements."""
    held = held_by(call, seq)
    return Unknown("a random choice") if isinstance(held, Unknown) or not held else any_of(held)


@op("random.choices")
def choices(
    call: Call,
    population: object,
    weights: object = None,
    *,
    cum_weights: object = None,
    k: int = 1,
) -> Value:
    """`k` elements, each any of them."""
    held = held_by(call, population)
    if isinstance(held, Unknown) or not held or k * len(held) > LENGTH:
        return Unknown("random choices")
    return new_list(call, [any_of(held) for _ in range(k)])


@op("random.sample")
def sample(call: Call, population: object, k: int, *, counts: object = None) -> Value:
    """`k` different elements, each any of them."""
    return choices(call, population, k=k)


# -- copy -------------------------------------------------------------------------------------


@op("copy.copy")
def copy(call: Call, x: object) -> Value:
    """A new container or object with the same content."""
    if isinstance(x, (list, dict, set)):
        return shallow(call, x)
    return of_object(call, x, dict(x.__dict__)) if isinstance(x, Instance) else x


def shallow(call: Call, value: Value) -> Value:
    """A new container of the same elements."""
    made: Value
    if isinstance(value, Derived):
        return of_derived(call, value)
    if isinstance(value, Deque):
        made = Deque(value, maxlen=value.maxlen)
        made.vague = value.vague
    elif isinstance(value, List):
        made = List(value)
        made.vague = value.vague
    elif isinstance(value, Dict):
        made = Dict(value.items())
        made.vague = value.vague
    else:
        made = value.copy()
    return call.host.new(made)


def of_derived(call: Call, value: Value) -> Value:
    """A copy of an object of a class that derives from a real container."""
    made: Value = type(value)()
    if isinstance(value, List):
        made.extend(value)
    else:
        made.update(value)
    made.__dict__.update(value.__dict__)
    if made.__dict__.get("__dict__") is value:
        made.__dict__["__dict__"] = made
    if isinstance(value, (List, Dict)):
        made.vague = value.vague
    return call.host.new(made)


def of_object(call: Call, value: Instance, attributes: dict[str, Value]) -> Instance:
    """A new object of the same class."""
    made = type(value).__new__(type(value))
    Instance.__init__(made)
    made.kind = value.kind
    made.made = value.made
    made.__dict__.update(attributes)
    call.host.new(made)
    return made


@op("copy.deepcopy")
def deepcopy(call: Call, x: object, memo: object = None) -> Value:
    """New containers, objects and tensors all the way down; what was shared stays shared."""
    return Copier(call).copy(x, 0)


class Copier:
    """One deep copy."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.done: dict[int, Value] = {}

    def copy(self, value: Value, depth: int) -> Value:
        found = self.done.get(id(value))
        if found is not None:
            return found
        if depth > DEPTH:
            return Unknown(f"stopped: a copy of more than {DEPTH} levels")
        made = self.made(value, depth)
        self.done[id(value)] = made
        return made

    def made(self, value: Value, depth: int) -> Value:
        """The copy of a value met for the first time."""
        if isinstance(value, Tensor):
            return of_tensor(value)
        if isinstance(value, Instance):
            made = of_object(self.call, value, {})
            self.done[id(value)] = made
            for name, part in value.__dict__.items():
                made.__dict__[name] = self.copy(part, depth + 1)
            return made
        if isinstance(value, list):
            made_list = shallow(self.call, value)
            self.done[id(value)] = made_list
            made_list[:] = [self.copy(part, depth + 1) for part in value]
            self.copy_attributes(made_list, depth)
            return made_list
        if isinstance(value, dict):
            made_dict = shallow(self.call, value)
            self.done[id(value)] = made_dict
            for key, part in value.items():
                made_dict[key] = self.copy(part, depth + 1)
            self.copy_attributes(made_dict, depth)
            return made_dict
        if isinstance(value, tuple):
            parts = [self.copy(part, depth + 1) for part in value]
            return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
        return shallow(self.call, value) if isinstance(value, set) else value

    def copy_attributes(self, made: Value, depth: int) -> None:
        """The attributes of an object that is a container besides."""
        if isinstance(made, Derived):
            for name, part in made.__dict__.items():
                made.__dict__[name] = part if part is made else self.copy(part, depth + 1)


def of_tensor(value: Tensor) -> Tensor:
    """A tensor that is another one with the same content."""
    return Tensor(
        value.shape,
        value.axes,
        seen=value.seen,
        dtype=value.dtype,
        strides=value.strides,
        data=value.data,
        kind=value.kind,
    )


# -- types ------------------------------------------------------------------------------------


@models("types.SimpleNamespace", "argparse.Namespace", "easydict.EasyDict")
class SimpleNamespace(Instance):
    """Attributes by name."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        for mapping in args:
            found = pairs(call, mapping)
            if not isinstance(found, Unknown):
                self.__dict__.update((k, v) for k, v in found if isinstance(k, str))
        self.__dict__.update(kwargs)

    def item(self, call: Call, key: object) -> Value:
        known = isinstance(key, str) and key in self.__dict__
        return self.__dict__[str(key)] if known else Unknown(f"there is no {key!r}")

    def set_item(self, call: Call, key: object, value: object) -> None:
        if isinstance(key, str):
            call.host.set_attribute(self, key, value)


@op("types.MethodType")
def method_type(call: Call, function: object, instance: object) -> Value:
    """The function with its first argument."""
    return call.invoke(Partial, function, instance)


@op("types.MappingProxyType")
def mapping_proxy(call: Call, mapping: object) -> Value:
    """The mapping itself."""
    return mapping
