"""Attributes of classes, of types, and of `super()`."""

from __future__ import annotations

import functools
import types
from collections import OrderedDict
from enum import Enum

from conv_lsp.interp.frames import BoundMethod, Super
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.objects.instances import PYTHONS_OWN, SLOTS, bind, class_constant
from conv_lsp.interp.objects.methods import REAL, BoundOp, RealMethod
from conv_lsp.library.registry import OPS, exposed, find
from conv_lsp.values import (
    MISSING,
    Class,
    Derived,
    Dict,
    Instance,
    Module,
    Reserved,
    Site,
    Unknown,
    Value,
    host_of,
    kind_of,
)


def class_attribute(m: Machine, kind: Class, name: str, site: Site) -> Value:
    """`SomeClass.name`."""
    found = kind.extra.get(name, MISSING) if name == "__members__" else MISSING
    if found is not MISSING:
        return found
    found = kind.find(name)
    if isinstance(found, (types.GetSetDescriptorType, types.MemberDescriptorType)):
        found = MISSING
    if name == "__doc__" and name not in kind.attributes:
        found = MISSING
    if name in SLOTS and name != "__getattr__":
        if found is MISSING or isinstance(found, PYTHONS_OWN):
            return functools.partial(SLOTS[name], m, None)
    if isinstance(found, Reserved):
        found = MISSING
    if isinstance(found, types.FunctionType):
        return found if found in exposed(kind.python_type).values() else MISSING
    if isinstance(found, staticmethod):
        return found.__func__
    host = host_of(kind)
    if host is not None and not any(name in k.attributes for k in kind.mro if isinstance(k, Class)):
        inherited = getattr(host, name, MISSING) if not name.startswith("__") else MISSING
        if inherited is not MISSING:
            return RealMethod(host, name) if callable(inherited) else inherited
    if isinstance(found, classmethod):
        return BoundMethod(found.__func__, kind)
    if found is not MISSING:
        return found
    if name in ("__name__", "__qualname__"):
        return kind.name
    if name == "__module__":
        return kind.namespace.name
    if name == "__mro__":
        return resolution(kind)
    if name == "__bases__":
        return kind.bases
    if name == "__doc__":
        return Unknown("the documentation of a class")
    if name == "__subclasses__":
        return functools.partial(_subclasses, m, kind)
    if name == "__dict__":
        return Dict(kind.attributes.items())
    return MISSING


def resolution(kind: Class) -> Value:
    """`__mro__`. That of a library's layer is not its real one, but for the base of all layers."""
    real = [k for k in kind.mro if k is not Instance and k is not Module]
    if any(isinstance(k, type) and issubclass(k, Instance) for k in real[:-1]):
        return Unknown("the bases of a class of a library") if not base_only(kind) else tuple(real)
    return tuple(real)


def base_only(kind: Class) -> bool:
    """Whether all that a class takes from libraries is one class right below `Module`."""
    layers = [k for k in kind.mro if isinstance(k, type) and issubclass(k, Instance)]
    return Module in layers[:2]


def _subclasses(m: Machine, kind: Class) -> Value:
    return m.list(kind.extra.get("subclasses", ()))


def type_attribute(m: Machine, kind: type, name: str) -> Value:
    """`nn.Conv2d.name`, `dict.name`: exposed methods, or a real type's."""
    if issubclass(kind, Instance):
        method = exposed(kind).get(name)
        if method is not None:
            return method
        found = find(f"{getattr(kind, 'path', '')}.{name}")
        return class_constant(kind, name) if found is MISSING else found
    if name in ("__name__", "__qualname__"):
        return kind.__name__
    if kind is object and name in SLOTS:
        return functools.partial(SLOTS[name], m, None)
    if kind in REAL or issubclass(kind, (Enum, tuple, OrderedDict)):
        found = getattr(kind, name, MISSING)
        if callable(found) and not isinstance(found, type):
            return RealMethod(kind, name)
        return found
    return MISSING


def super_attribute(m: Machine, value: Super, name: str, site: Site) -> Value:
    """The attribute after `owner` in the resolution order of the object's class."""
    target = value.self
    bound_class = isinstance(target, Class)
    kind = target if bound_class else kind_of(target)
    if not isinstance(kind, Class) or value.owner not in kind.mro:
        return Unknown("super() of an object that is not known")
    for base in kind.mro[kind.mro.index(value.owner) + 1 :]:
        if isinstance(base, Class):
            if name in base.attributes:
                found = base.attributes[name]
                return found if bound_class else bind(m, found, target, kind, site)
        elif isinstance(base, type):
            method = exposed(base).get(name) if issubclass(base, Instance) else None
            if method is not None:
                return BoundOp(method, target)
            if isinstance(target, Derived) and name not in SLOTS and name in base.__dict__:
                return RealMethod(target, name)
            if name == "__init__" and not issubclass(base, Instance) and name in base.__dict__:
                break  # Python's own, which leads no further
    if name == "__init__":
        return OPS.get("object.__init__", MISSING)
    if name in SLOTS:
        return functools.partial(SLOTS[name], m, site, target)
    if name == "__new__" and isinstance(target, Class) and "making" in target.extra:
        return functools.partial(_made, target)
    if name == "__new__":
        return OPS.get("object.__new__", MISSING)
    if name == "__init_subclass__":
        return OPS.get("object.__init__", MISSING)
    return MISSING


def _made(metaclass: Class, *args: Value, **kwargs: Value) -> Value:
    """`type.__new__` called by a metaclass: the class that is being made."""
    made: Class = metaclass.extra["making"]
    if len(args) > 2 and isinstance(args[-1], dict):
        made.attributes.update(args[-1])
    return made
