"""Attributes of objects, and what `object` itself does about them."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable

from conv_lsp.interp.contexts import ContextFunction
from conv_lsp.interp.frames import BoundMethod, Function, NativeInit
from conv_lsp.interp.machine import Machine, exception_names
from conv_lsp.interp.objects.methods import BoundOp, describe, real_attribute
from conv_lsp.interp.signals import Raised
from conv_lsp.library.registry import exposed
from conv_lsp.values import (
    MISSING,
    UNTOLD,
    Attributes,
    Class,
    Derived,
    Dict,
    Instance,
    Module,
    Reserved,
    Site,
    Submodules,
    Unknown,
    Value,
    method_of,
)

PYTHONS_OWN = (
    Reserved,
    types.FunctionType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
)


def instance_attribute(
    m: Machine, value: Instance, name: str, site: Site, raw: bool = False
) -> Value:
    """Own attributes, then the class's, then the library's methods, then `__getattr__`.

    As in torch, a submodule comes after what its name means in the class.
    raw: as `object.__getattribute__` gives it, whatever the class says.
    """
    kind = value.kind
    if kind.__class__ is Class and kind.intercepts and not raw and name[:2] != "__":
        return m.invoke(kind.find("__getattribute__"), (value, name), {}, site)
    held = value.__dict__.get(name, MISSING)
    if held is not MISSING and not isinstance(held, Module):
        return held
    if "__dict__" in value.__dict__ and name[:2] != "__":
        shared = shared_attribute(m, value, kind, name)
        if shared is not MISSING:
            return shared
    if isinstance(kind, Class):
        found = kind.find(name)
        if found is not MISSING and not isinstance(found, PYTHONS_OWN):
            return bind(m, found, value, kind, site)
    method = exposed(type(value)).get(name)
    if method is not None:
        return BoundOp(method, value)
    if held is not MISSING:
        return held
    if name in SLOTS:
        return functools.partial(SLOTS[name], m, site, value)
    if name == "__class__":
        return kind
    if name == "__dict__":
        held = [(n, v) for n, v in value.__dict__.items() if v is not MISSING and n != UNTOLD]
        return Attributes(value, held)
    if isinstance(value, Module):
        if name == "_modules":
            return Submodules(value, value.submodules())
        if name in ("_parameters", "_buffers"):
            return Submodules(value, value.registered(name[1:-1]))
    if isinstance(kind, Class):
        getter = kind.find("__getattr__")
        if isinstance(getter, Function):
            return m.invoke(getter, (value, name), {}, site)
    return class_constant(type(value), name)


def shared_attribute(m: Machine, value: Instance, kind: Value, name: str) -> Value:
    """An attribute of an object whose `__dict__` was set to a dict that others share."""
    m.store.wrote(0, m.start)  # what a call reads there is not seen by those who remember it
    linked = value.__dict__["__dict__"]
    known = isinstance(linked, Dict)
    if known and name in linked:
        return linked[name]
    if (known and not linked.vague) or (isinstance(kind, Class) and kind.find(name) is not MISSING):
        return MISSING
    return Unknown("the attributes of the object are those of a dict that is not known")


def derived_attribute(m: Machine, value: Value, name: str, site: Site) -> Value:
    """Of an object of a class that derives from one of Python's own types."""
    kind: Class = value.interpreted
    held = value.__dict__.get(name, MISSING)
    if held is not MISSING and name != "__dict__":
        return held
    found = method_of(value, name)
    if found is not MISSING:
        return bind(m, found, value, kind, site)
    linked = value.__dict__.get("__dict__")
    if isinstance(linked, dict) and name in linked:
        return linked[name]
    if name == "__class__":
        return kind
    if name == "__dict__":
        return value if linked is value else Attributes(value, value.__dict__.items())
    if name in SLOTS:
        return functools.partial(SLOTS[name], m, site, value)
    found = real_attribute(value, name)
    if found is MISSING:
        getter = method_of(value, "__getattr__")
        if isinstance(getter, Function):
            return m.invoke(getter, (value, name), {}, site)
    return found


def class_constant(kind: type, name: str) -> Value:
    """A plain attribute of a library class, such as its path's last word as `__name__`."""
    if name == "__name__":
        return kind.__name__
    found = getattr(kind, name, MISSING) if not name.startswith("_") else MISSING
    return found if isinstance(found, (int, str, tuple, bool)) else MISSING


def bind(m: Machine, found: Value, value: Value, kind: Class, site: Site) -> Value:
    """What a class attribute is when asked of an instance (descriptors)."""
    if isinstance(found, (Function, NativeInit, ContextFunction)):
        return BoundMethod(found, value)
    if isinstance(found, Instance):
        getter = method_of(found, "__get__")
        if isinstance(getter, Function):
            return m.invoke(getter, (found, value, kind), {}, site)
        binding = exposed(type(found)).get("bind")
        if binding is not None:
            return m.invoke(BoundOp(binding, found), (value,), {}, site)
    if isinstance(found, property):
        return m.invoke(found.fget, (value,), {}, site)
    if isinstance(found, functools.cached_property):
        function: Value = found.func
        made = m.invoke(function, (value,), {}, site)
        if isinstance(function, Function):
            m.set_attribute(value, function.name, made)
        return made
    if isinstance(found, staticmethod):
        return found.__func__
    if isinstance(found, classmethod):
        return BoundMethod(found.__func__, kind)
    return found


def set_slot(m: Machine, site: Site | None, value: Value, name: Value, new: Value) -> None:
    """`object.__setattr__`; under a name that is not known it may have set any attribute."""
    if isinstance(name, str):
        m.set_attribute(value, name, new)
    elif isinstance(value, Instance) and isinstance(value.kind, Class):
        m.set_attribute(value, UNTOLD, True)
        tables = [k.attributes for k in value.kind.mro if isinstance(k, Class)]
        for each in {n: None for table in (*tables, value.__dict__) for n in table}:
            if not each.startswith("__") and not is_code(value.kind.find(each)):
                m.set_attribute(
                    value, each, Unknown("an attribute was set whose name is not known")
                )


def is_code(value: Value) -> bool:
    """Whether a class attribute is a method or a descriptor."""
    return isinstance(value, (Function, NativeInit, property, staticmethod, classmethod, Class))


def delete_slot(m: Machine, site: Site | None, value: Value, name: Value) -> None:
    """`object.__delattr__`."""
    if isinstance(name, str):
        m.set_attribute(value, name, MISSING)


def get_slot(m: Machine, site: Site | None, value: Value, name: Value) -> Value:
    """`torch.nn.Module.__getattr__`."""
    if not isinstance(name, str) or not isinstance(value, (Instance, Derived)):
        return Unknown("an attribute whose name is not known")
    found = value.__dict__.get(name, MISSING)
    return no_attribute(m, value, name, site) if found is MISSING else found


def get_raw(m: Machine, site: Site | None, value: Value, name: Value) -> Value:
    """`object.__getattribute__`."""
    at = value.made if site is None and isinstance(value, Instance) else site
    if not isinstance(name, str) or not isinstance(value, Instance) or at is None:
        return Unknown("an attribute whose name is not known")
    found = instance_attribute(m, value, name, at, raw=True)
    return no_attribute(m, value, name, site) if found is MISSING else found


def no_attribute(m: Machine, value: Value, name: str, site: Site | None) -> Value:
    """AttributeError where that is caught, else Unknown."""
    message = f"{describe(value)} has no attribute '{name}'"
    if site is not None and m.catches("AttributeError"):
        raise Raised(exception_names("AttributeError"), message, site)
    return Unknown(message)


SLOTS: dict[str, Callable[..., Value]] = {
    "__setattr__": set_slot,
    "__delattr__": delete_slot,
    "__getattribute__": get_raw,
    "__getattr__": get_slot,
}
"""What Python itself does for attributes, where the code calls it by name."""
