"""Modules that hold modules or parameters: Sequential, ModuleList, ModuleDict and the like.

As in torch the members are attributes ("0", "1", ... or their keys). A container that was filled
with what is not known, or under a condition that is not known, does not pretend: it has no
elements, and its forward is unknown.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from conv_lsp.library.iterators import LENGTH
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import Call, Op, models
from conv_lsp.values import MISSING, Class, Dict, List, Module, Tensor, Unknown, Value

KEYS: Final = "_keys"
"""Attribute with the names of the members. A merge of two branches that filled the container
differently makes it unknown."""

NO_MODULES: Final = (int, float, str, list, tuple, dict, type, Class, Tensor, Op)


class Container(Layer):
    """What all containers share. Members keep the order in which they came."""

    __slots__ = ()

    holds: ClassVar[tuple[type, ...]] = (Module,)
    """What counts as a member although it was only assigned as an attribute."""

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.__dict__[KEYS] = ()

    # -- for the engine -----------------------------------------------------------------------

    def doubt(self) -> str:
        """Why the members are not known; empty if they are."""
        keys = self.__dict__.get(KEYS, ())
        if isinstance(keys, Unknown):
            return keys.why
        if not self.holds:
            return ""
        for name, value in self.__dict__.items():
            if isinstance(value, Unknown) and not value.name and name not in (*keys, "training"):
                # It may or may not be a module, and if it is, it is a member.
                return value.why
        return ""

    def names(self) -> list[str]:
        """Names of the members in order, as far as they are known."""
        keys = self.__dict__.get(KEYS, ())
        keys = () if isinstance(keys, Unknown) else keys
        return [
            name
            for name, value in self.__dict__.items()
            if value is not MISSING and (name in keys or isinstance(value, self.holds))
        ]

    def members(self) -> list[tuple[str, Value]]:
        """(name, member) in order, as far as they are known."""
        return [(name, self.__dict__[name]) for name in self.names()]

    def elements(self) -> list[Value] | None:
        return None if self.doubt() else [value for _, value in self.members()]

    def _blur(self, call: Call, why: Unknown) -> None:
        """From now on the members are not known."""
        call.host.set_attribute(self, KEYS, why)

    def count(self) -> int:
        """How many members there are, as far as they are known."""
        return len(self.names())

    def _put(self, call: Call, name: str, value: Value) -> None:
        """Add or exchange a member."""
        keys = self.__dict__.get(KEYS, ())
        if not isinstance(keys, Unknown) and name not in keys:
            call.host.set_attribute(self, KEYS, (*keys, name))
        call.host.set_attribute(self, name, value)

    def _renew(self, call: Call, members: Sequence[tuple[str, Value]]) -> None:
        """Make these the members, in this order."""
        for name in self.names():
            call.host.set_attribute(self, name, MISSING)
            # A name that comes back must come last; what was logged restores it in any place.
            self.__dict__.pop(name, None)
        call.host.set_attribute(self, KEYS, tuple(name for name, _ in members))
        for name, value in members:
            call.host.set_attribute(self, name, value)

    def _checked(self, call: Call, value: Value) -> Value:
        """A member, where torch takes it."""
        if isinstance(value, NO_MODULES):
            kind = value.name if isinstance(value, Class) else type(value).__name__.lower()
            certainly_raises(call, "TypeError", f"{kind} is not a Module subclass")
        return value

    # -- torch's methods ----------------------------------------------------------------------

    def add_module(self, call: Call, name: object, module: object) -> None:
        if isinstance(name, str):
            self._put(call, name, self._checked(call, module))
        else:
            self._blur(call, Unknown("a module was added under a name that is not known"))

    def register_module(self, call: Call, name: object, module: object) -> None:
        self.add_module(call, name, module)


class Numbered(Container):
    """A container whose members are numbered: "0", "1", ..."""

    __slots__ = ()

    def known(self) -> list[Value] | Unknown:
        """The members, or why they are not known."""
        why = self.doubt()
        return Unknown(why) if why else [value for _, value in self.members()]

    def _fill(self, call: Call, values: object) -> None:
        """Append the elements of an iterable."""
        held = call.host.elements(values, call.site)
        if isinstance(held, Unknown):
            self._blur(call, held)
            return
        for value in list(held):
            self._put(call, str(self.count()), self._checked(call, value))

    def _renumber(self, call: Call, values: Sequence[Value]) -> None:
        """Make these the members."""
        self._renew(call, [(str(i), value) for i, value in enumerate(values)])

    def _place(self, call: Call, index: object, count: int) -> int | Unknown:
        """An index counted from the front. Fails where torch raises IndexError."""
        if isinstance(index, bool) or not isinstance(index, int):
            return index if isinstance(index, Unknown) else Unknown(f"the index {index}")
        if not -count <= index < count:
            message = f"index {index} is out of range; there are {count} elements"
            certainly_raises(call, "IndexError", message, at="index")
        return index % count

    def item(self, call: Call, index: object) -> Value:
        held = self.known()
        if isinstance(held, Unknown):
            return held
        if isinstance(index, slice):
            return self._part(call, index)
        at = self._place(call, index, len(held))
        return at if isinstance(at, Unknown) else held[at]

    def _part(self, call: Call, index: slice) -> Value:
        """A new container with the members of a slice."""
        if not whole_numbers(index):
            return Unknown("a slice whose bounds are not known")
        return call.invoke(self.kind, self._selected(call, index))

    def _selected(self, call: Call, index: slice) -> Value:
        """What the constructor takes to make a container of a slice."""
        return call.host.new(List([value for _, value in self.members()[index]]))

    def set_item(self, call: Call, index: object, value: object) -> None:
        held = self.known()
        if isinstance(held, Unknown):
            return
        at = self._place(call, index, len(held))
        if isinstance(at, Unknown):
            self._blur(call, at)
            return
        self._put(call, self.names()[at], self._checked(call, value))

    def delete_item(self, call: Call, index: object) -> None:
        held = self.known()
        if isinstance(held, Unknown):
            return
        if isinstance(index, slice) and whole_numbers(index):
            gone = set(range(*index.indices(len(held))))
        else:
            at = self._place(call, index, len(held))
            if isinstance(at, Unknown):
                self._blur(call, at)
                return
            gone = {at}
        self._removed(call, gone)

    def _removed(self, call: Call, gone: set[int]) -> None:
        """Take members away; the others are numbered anew."""
        self._renumber(call, [v for i, (_, v) in enumerate(self.members()) if i not in gone])

    def append(self, call: Call, module: object) -> Value:
        if not self.doubt():
            self._put(call, str(self.count()), self._checked(call, module))
        return self

    def extend(self, call: Call, modules: object) -> Value:
        self._fill(call, modules)
        return self

    def insert(self, call: Call, index: object, module: object) -> Value:
        held = self.known()
        if isinstance(held, Unknown):
            return self
        if not isinstance(index, int):
            self._blur(call, Unknown("a module was inserted at an index that is not known"))
            return self
        held.insert(index, self._checked(call, module))
        self._renumber(call, held)
        return self

    def pop(self, call: Call, key: object) -> Value:
        value = self.item(call, key)
        self.delete_item(call, key)
        return value

    def __add__(self, call: Call, other: object) -> Value:  # noqa: PLE0302  (exposed, with `call`)
        held = self.known()
        if isinstance(held, Unknown):
            return held
        more = call.host.elements(other, call.site)
        if isinstance(more, Unknown):
            return more
        return self._joined(call, [*held, *more])

    def _joined(self, call: Call, values: list[Value]) -> Value:
        """A new container of the same sort."""
        return call.invoke(self.kind, call.host.new(List(values)))


@models("torch.nn.Sequential")
class Sequential(Numbered):
    """Modules called one after the other."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object) -> None:
        super().__init__(call)
        if len(args) == 1 and isinstance(args[0], (dict, Unknown)):
            found = pairs(call, args[0])
            if isinstance(found, Unknown):
                self._blur(call, found)
                return
            for name, value in found:
                self._put(call, str(name), self._checked(call, value))
            return
        for i, value in enumerate(args):
            self._put(call, str(i), self._checked(call, value))

    def describe(self) -> str:
        return f"Sequential of {self.count()}"

    def forward(self, call: Call, input: object) -> Value:
        held = self.known()
        if isinstance(held, Unknown):
            return Tensor(held)
        value: Value = input
        for module in held:
            value = call.invoke(module, value)
        return value

    def insert(self, call: Call, index: object, module: object) -> Value:
        count = self.count()
        if isinstance(index, int) and not self.doubt() and not -count <= index <= count:
            message = f"index {index} is out of range; there are {count} elements"
            certainly_raises(call, "IndexError", message, at="index")
        return super().insert(call, index, module)

    def _selected(self, call: Call, index: slice) -> Value:
        return OrderedDict(self.members()[index])

    def _removed(self, call: Call, gone: set[int]) -> None:
        left = [member for i, member in enumerate(self.members()) if i not in gone]
        self._renew(call, [(str(i), value) for i, (_, value) in enumerate(left)])

    def _joined(self, call: Call, values: list[Value]) -> Value:
        return call.invoke(Sequential, *values)

    def __mul__(self, call: Call, other: object) -> Value:  # noqa: PLE0302  (exposed, with `call`)
        held = self.known()
        if isinstance(held, Unknown) or not isinstance(other, int):
            return held if isinstance(held, Unknown) else Unknown("a number of repetitions")
        if len(held) * other > LENGTH:
            return Unknown(f"stopped: more than {LENGTH:,} modules")
        return self._joined(call, held * other)


@models("torch.nn.ModuleList")
class ModuleList(Numbered):
    """A list of modules."""

    __slots__ = ()

    def __init__(self, call: Call, modules: object = None) -> None:
        super().__init__(call)
        if modules is not None:
            self._fill(call, modules)

    def describe(self) -> str:
        return f"ModuleList of {self.count()}"


@models("torch.nn.ParameterList")
class ParameterList(Numbered):
    """A list of parameters, or of anything else."""

    __slots__ = ()

    holds: ClassVar[tuple[type, ...]] = ()

    def __init__(self, call: Call, values: object = None) -> None:
        super().__init__(call)
        if values is not None:
            self._fill(call, values)

    def _checked(self, call: Call, value: Value) -> Value:
        return as_parameter(value)


class Keyed(Container):
    """A container whose members have keys."""

    __slots__ = ()

    def _fill(self, call: Call, items: object) -> None:
        """Add the items of a dict, or (key, value) pairs."""
        found = pairs(call, items)
        if isinstance(found, Unknown):
            self._blur(call, found)
            return
        for name, value in found:
            self.set_item(call, name, value)

    def elements(self) -> list[Value] | None:
        return None if self.doubt() else list(self.names())

    def item(self, call: Call, key: object) -> Value:
        if why := self.doubt():
            return Unknown(why)
        if not isinstance(key, str):
            return key if isinstance(key, Unknown) else Unknown(f"the key {key!r}")
        if key not in self.names():
            certainly_raises(call, "KeyError", repr(key), at="key")
        return self.__dict__[key]

    def set_item(self, call: Call, key: object, value: object) -> None:
        self.add_module(call, key, value)

    def delete_item(self, call: Call, key: object) -> None:
        if isinstance(key, str):
            self._renew(call, [(n, v) for n, v in self.members() if n != key])
        else:
            self._blur(call, Unknown("a member whose key is not known was removed"))

    def pop(self, call: Call, key: object) -> Value:
        value = self.item(call, key)
        self.delete_item(call, key)
        return value

    def clear(self, call: Call) -> None:
        self._renew(call, ())

    def update(self, call: Call, modules: object) -> None:
        self._fill(call, modules)

    def keys(self, call: Call) -> Value:
        return self._listed(call, list(self.names()))

    def values(self, call: Call) -> Value:
        return self._listed(call, [value for _, value in self.members()])

    def items(self, call: Call) -> Value:
        return self._listed(call, list(self.members()))

    def _listed(self, call: Call, values: list[Value]) -> Value:
        """A view of the members, as a list."""
        why = self.doubt()
        return Unknown(why) if why else call.host.new(List(values))


@models("torch.nn.ModuleDict")
class ModuleDict(Keyed):
    """A dict of modules."""

    __slots__ = ()

    def __init__(self, call: Call, modules: object = None) -> None:
        super().__init__(call)
        if modules is not None:
            self._fill(call, modules)

    def describe(self) -> str:
        return f"ModuleDict of {self.count()}"


@models("torch.nn.ParameterDict")
class ParameterDict(Keyed):
    """A dict of parameters, or of anything else."""

    __slots__ = ()

    holds: ClassVar[tuple[type, ...]] = ()

    def __init__(self, call: Call, parameters: object = None) -> None:
        super().__init__(call)
        if parameters is not None:
            self._fill(call, parameters)

    def _checked(self, call: Call, value: Value) -> Value:
        return as_parameter(value)

    def get(self, call: Call, key: object, default: object = None) -> Value:
        if why := self.doubt():
            return Unknown(why)
        return default if isinstance(key, str) and key not in self.names() else self.item(call, key)


def as_parameter(value: Value) -> Value:
    """A tensor becomes a parameter, as these containers make it."""
    if isinstance(value, Tensor) and value.kind != "parameter":
        value = value.like()
        value.kind = "parameter"
    return value


def whole_numbers(index: slice) -> bool:
    """Whether the bounds of a slice are known."""
    return all(p is None or isinstance(p, int) for p in (index.start, index.stop, index.step))


def pairs(call: Call, items: object) -> list[tuple[Value, Value]] | Unknown:
    """The items of a dict, of a ModuleDict, or of an iterable of pairs."""
    if isinstance(items, Dict) and items.vague:
        return Unknown(items.vague)
    if isinstance(items, dict):
        return list(items.items())
    if isinstance(items, Keyed):
        why = items.doubt()
        return Unknown(why) if why else items.members()
    held = call.host.elements(items, call.site)
    if isinstance(held, Unknown):
        return held
    return list(split(held)) if all(map(is_pair, held)) else Unknown("pairs that are not known")


def is_pair(value: Value) -> bool:
    return isinstance(value, (tuple, list)) and len(value) == 2 and not getattr(value, "vague", "")


def split(held: Sequence[Value]) -> Iterator[tuple[Value, Value]]:
    return ((key, value) for key, value in held)
