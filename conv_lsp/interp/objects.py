"""Attributes, elements and items of every kind of value."""

from __future__ import annotations

import ast
import functools
import inspect
import types
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from conv_lsp.dims import Expr, product
from conv_lsp.findings import RULES
from conv_lsp.interp.contexts import ContextFunction
from conv_lsp.interp.frames import BoundMethod, Function, NativeInit, Super
from conv_lsp.interp.machine import LENGTH, Machine, exception_names
from conv_lsp.interp.namespaces import NamesOf, Namespace, Package
from conv_lsp.interp.registries import missing
from conv_lsp.interp.signals import Raised
from conv_lsp.library.asking import lacking
from conv_lsp.library.registry import (
    ARRAY_ATTRIBUTES,
    ATTRIBUTES,
    METHODS,
    OPS,
    PROPERTIES,
    TRANSPARENT,
    Call,
    Op,
    exposed,
    find,
)
from conv_lsp.values import (
    MISSING,
    Attributes,
    Class,
    Derived,
    Dict,
    Instance,
    List,
    Module,
    Once,
    Site,
    Size,
    Submodules,
    Tensor,
    Unknown,
    Value,
    host_of,
    kind_of,
    method_of,
)

MUTATORS = {
    list: set(
        "append extend insert pop remove clear sort reverse __setitem__ __delitem__ "
        "appendleft extendleft popleft rotate".split()
    ),
    dict: set("update pop setdefault clear popitem move_to_end __setitem__ __delitem__".split()),
    set: {"add", "remove", "discard", "update", "clear", "pop", "difference_update"},
}
REAL = (
    str,
    bytes,
    int,
    float,
    bool,
    complex,
    list,
    tuple,
    dict,
    set,
    frozenset,
    range,
    slice,
    type(None),
    property,
    types.SimpleNamespace,
    inspect.Parameter,
    inspect.BoundArguments,
)
"""Types whose methods are called for real."""


class BoundOp:
    """A method of a tensor, or of a library object."""

    __slots__ = ("function", "self")

    def __init__(self, function: Any, self_value: Value) -> None:
        self.function = function
        self.self = self_value


class RealMethod:
    """A method of a known Python object."""

    __slots__ = ("name", "self")

    def __init__(self, self_value: Value, name: str) -> None:
        self.self = self_value
        self.name = name


def attribute_or_unknown(m: Machine, value: Value, name: str, site: Site) -> Value:
    """`value.name`; where there is none, AttributeError if that is caught, else Unknown."""
    found = attribute(m, value, name, site)
    if found is not MISSING:
        return found
    message = f"{describe(value)} has no attribute '{name}'"
    if m.catches("AttributeError"):
        raise Raised(exception_names("AttributeError"), message, site)
    return Unknown(message)


def describe(value: Value) -> str:
    """What kind of thing it is, in words."""
    if isinstance(value, Instance):
        kind = value.kind
        return kind.name if isinstance(kind, Class) else kind.__name__
    return repr(value) if isinstance(value, (Class, Function)) else type(value).__name__


def attribute(m: Machine, value: Value, name: str, site: Site) -> Value:
    """`value.name`, or MISSING."""
    kind = value.__class__
    if kind is Tensor:
        return tensor_attribute(m, value, name, site)
    if isinstance(value, Instance):
        return instance_attribute(m, value, name, site)
    if kind is Unknown:
        return Unknown(value.why)
    if kind is Class:
        return class_attribute(m, value, name, site)
    if kind is Namespace or kind is Package:
        if name == "__dict__":
            return NamesOf(value)
        return value.member(m, name)
    if kind is Super:
        return super_attribute(m, value, name, site)
    if kind is Size and name == "numel":
        return functools.partial(_numel, value)
    if kind is Function:
        return function_attribute(value, name)
    if isinstance(value, functools.partial):
        return {
            "func": value.func,
            "args": value.args,
            "keywords": Dict(value.keywords.items()),
        }.get(name, MISSING)
    if isinstance(value, type):
        return type_attribute(m, value, name)
    if isinstance(value, BoundMethod):
        if name == "__self__":
            return value.self
        return attribute(m, value.function, name, site)
    if isinstance(value, Op):
        if name in ("__name__", "__qualname__"):
            return value.name.rpartition(".")[2]
        return find(f"{value.name}.{name}")
    if isinstance(value, Derived):
        return derived_attribute(m, value, name, site)
    if isinstance(value, REAL):
        return real_attribute(value, name)
    if isinstance(value, BaseException):
        known = name == "args" and "..." not in value.args
        return value.args if known else MISSING
    if kind in SPECIAL_ATTRIBUTES:
        return SPECIAL_ATTRIBUTES[kind](m, value, name)
    if kind in TRANSPARENT:
        return real_attribute(value, name)
    if isinstance(value, Tensor):
        return array_attribute(value, name)
    return MISSING


def array_attribute(value: Tensor, name: str) -> Value:
    """An attribute or a method of an array; what is not modelled is Unknown."""
    getter = ARRAY_ATTRIBUTES.get(name)
    if getter is not None:
        return getter(value)
    op = OPS.get(f"array.{name}")
    return Unknown(f"ndarray.{name} is not modelled") if op is None else BoundOp(op, value)


def _numel(size: Size) -> Value:
    return product(size)


def tensor_attribute(m: Machine, value: Tensor, name: str, site: Site) -> Value:
    """An attribute or a method of a tensor; what is not modelled is Unknown."""
    getter = ATTRIBUTES.get(name)
    if getter is not None:
        return getter(value)
    op = METHODS.get(name)
    if op is not None:
        return BoundOp(op, value)
    op = PROPERTIES.get(name)
    if op is not None:
        return m.invoke(op, (value,), {}, site)
    return lacking(f"torch.Tensor.{name}", value)


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
        return Attributes(value, [(n, v) for n, v in value.__dict__.items() if v is not MISSING])
    if isinstance(value, Module):
        if name == "_modules":
            return Submodules(value, value.submodules())
        if name in ("_parameters", "_buffers"):
            return OrderedDict(value.registered(name[1:-1]))
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


def set_slot(m: Machine, site: Site | None, value: Value, name: Value, new: Value) -> None:
    """`object.__setattr__`; under a name that is not known it may have set any attribute."""
    if isinstance(name, str):
        m.set_attribute(value, name, new)
    elif isinstance(value, Instance) and isinstance(value.kind, Class):
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
PYTHONS_OWN = (
    types.FunctionType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
)


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


def function_attribute(value: Function, name: str) -> Value:
    if name in value.attributes:
        return value.attributes[name]
    if name == "__name__":
        return value.name
    if name == "__qualname__":
        around = value.closure.function if value.closure is not None else None
        outer = None if around is None else function_attribute(around, name)
        return value.name if outer is None else f"{outer}.<locals>.{value.name}"
    if name == "__module__":
        return value.namespace.name
    if name == "__doc__":
        node = value.node
        return None if isinstance(node, ast.Lambda) else ast.get_docstring(node, clean=False)
    if name == "__defaults__":
        return tuple(value.defaults)
    return MISSING


def real_attribute(value: Value, name: str) -> Value:
    """An attribute of a known Python object: its methods stay unbound from the real one."""
    if name.startswith("__") and name not in (
        "__len__",
        "__contains__",
        "__getitem__",
        "__class__",
    ):
        return MISSING
    if name == "__class__":
        return type(value)
    if isinstance(value, types.SimpleNamespace):
        return value.__dict__.get(name, MISSING)
    try:
        found = getattr(value, name)
    except AttributeError:
        return MISSING
    return RealMethod(value, name) if callable(found) and not _is_field(value, name) else found


def _is_field(value: Value, name: str) -> bool:
    """Whether an attribute is a part of the value, and not a method."""
    if isinstance(value, inspect.Parameter):
        return name != "replace"
    return name in getattr(value, "_fields", ())


# -- elements ---------------------------------------------------------------------------------


def elements(m: Machine, value: Value, site: Site) -> Sequence[Value] | Unknown:
    """What iterating over the value gives, in order."""
    if isinstance(value, (List, Dict)) and value.vague:
        return Unknown(value.vague)
    if isinstance(value, Derived):
        own = method_of(value, "__iter__")
        if isinstance(own, Function):
            return elements(m, m.invoke(own, (value,), {}, site), site)
    if isinstance(value, Once):
        if value.endless:
            return Unknown(value.endless)
        taken = tuple(value)
        m.writes(value)
        value.clear()
        return taken
    if isinstance(value, (tuple, list)):
        return value
    if isinstance(value, range):
        if len(value) > LENGTH:
            return Unknown(f"stopped: a range of more than {LENGTH:,} elements")
        return value
    if isinstance(value, (dict, set, frozenset, str, bytes)):
        return list(value)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, NamesOf):
        names = value.known(m)
        return names if isinstance(names, Unknown) else list(names)
    if isinstance(value, Tensor):
        if value.__class__ is not Tensor:
            return elements(m, m.invoke(OPS["array.elements"], (value,), {}, site), site)
        return tensor_rows(m, value, site)
    if isinstance(value, Instance):
        return instance_elements(m, value, site)
    if isinstance(value, Class) and "members" in value.extra:
        return list(value.extra["members"].values())
    if isinstance(value, type({}.items())) or type(value).__name__ in (
        "dict_keys",
        "dict_values",
        "dict_items",
        "odict_items",
        "odict_keys",
        "odict_values",
        "list_iterator",
        "tuple_iterator",
        "range_iterator",
    ):
        return list(value)
    return Unknown(f"iteration over {describe(value)}")


def tensor_rows(m: Machine, value: Tensor, site: Site) -> Sequence[Value] | Unknown:
    """A tensor iterates over its first axis."""
    if isinstance(value.shape, Unknown):
        return value.shape
    if not value.sizes or not isinstance(value.sizes[0], int):
        return Unknown("iteration over a tensor of unknown length")
    if value.sizes[0] > 4096:
        return Unknown("stopped: iteration over a tensor of more than 4,096 rows")
    op = OPS["operator.getitem"]
    call = Call(m, site, "iteration")
    return [op(call, (value, i), {}) for i in range(value.sizes[0])]


def instance_elements(m: Machine, value: Instance, site: Site) -> Sequence[Value] | Unknown:
    kind = value.kind
    if isinstance(kind, Class):
        for name in ("__iter__", "__getitem__"):
            found = kind.find(name)
            if isinstance(found, Function):
                if name == "__getitem__":
                    break
                return elements(m, m.invoke(found, (value,), {}, site), site)
    method = exposed(type(value)).get("iterate")
    if method is not None:
        return elements(m, m.invoke(BoundOp(method, value), (), {}, site), site)
    inner = getattr(type(value), "elements", None)
    held = inner(value) if inner is not None else None
    if held is not None:
        return held  # type: ignore[no-any-return]
    return Unknown(f"iteration over {describe(value)}")


# -- items ------------------------------------------------------------------------------------


def item(m: Machine, value: Value, index: Value, site: Site, node: ast.AST | None = None) -> Value:
    """`value[index]`."""
    kind = value.__class__
    if kind is Tensor:
        call = Call(m, site, "indexing")
        if isinstance(node, ast.Subscript):
            call.arguments = {"self": node.value, "index": node.slice}
        from conv_lsp.interp.rules import guarded

        return guarded(m, OPS["operator.getitem"], call, (value, index), {})
    if kind is Unknown:
        return Unknown(value.why)
    if isinstance(value, (List, Dict)) and value.vague:
        return Unknown(value.vague)
    if isinstance(value, Derived):
        own = method_of(value, "__getitem__")
        if isinstance(own, Function):
            return m.invoke(own, (value, index), {}, site)
    if isinstance(value, (tuple, list, str, range, bytes)):
        return sequence_item(m, value, index, site)
    if isinstance(value, dict):
        return dict_item(m, value, index, site)
    if isinstance(value, Instance):
        return instance_item(m, value, index, site)
    if isinstance(value, Class) and "members" in value.extra:
        return value.extra["members"].get(index, Unknown(f"there is no member {index!r}"))
    if isinstance(value, Class):
        metaclass = value.extra.get("metaclass")
        method = MISSING if metaclass is None else metaclass.find("__getitem__")
        if isinstance(method, Function):
            return m.invoke(method, (value, index), {}, site)
    if isinstance(value, (type, Class, Package, Op)) or value is None:
        return value
    if isinstance(value, Tensor):
        return m.invoke(OPS["array.getitem"], (value, index), {}, site)
    if kind in SPECIAL_ITEMS:
        return SPECIAL_ITEMS[kind](m, value, index, site)
    if type(value).__name__ == "deque" and isinstance(index, int):
        return value[index] if -len(value) <= index < len(value) else Unknown("index out of range")
    if isinstance(value, (int, float)):
        kind = type(value).__name__
        if m.catches("TypeError"):
            message = f"'{kind}' object is not subscriptable"
            raise Raised(exception_names("TypeError"), message, site)
        words = {"error": f"TypeError: '{kind}' object is not subscriptable"}
        m.report(RULES["always-raises"], site, None, words)
    return Unknown(f"an item of {describe(value)}")


SPECIAL_ITEMS: dict[type, Callable[[Machine, Value, Value, Site], Value]] = {}
"""What a subscript of such a value gives."""
SPECIAL_ATTRIBUTES: dict[type, Callable[[Machine, Value, str], Value]] = {}
"""The same of attributes."""


def sequence_item(m: Machine, value: Any, index: Value, site: Site) -> Value:
    if isinstance(index, Tensor):
        index = index.data if isinstance(index.data, int) else Unknown("a tensor as an index")
    if isinstance(index, slice):
        parts = (index.start, index.stop, index.step)
        if any(p is not None and not isinstance(p, int) for p in parts):
            return Unknown("a slice whose bounds are not known")
    elif isinstance(index, Unknown):
        return Unknown(index.why)
    elif not isinstance(index, int):
        return Unknown(f"the index {index} is not known")
    try:
        found = value[index]
    except Exception as error:
        name = type(error).__name__
        if m.catches(name):
            raise Raised(exception_names(name), str(error), site) from None
        own = isinstance(value, tuple) or (isinstance(value, List) and value.birth)
        if own and name == "IndexError":
            # Nothing that is not known can have changed it: see `calls.call` for lists.
            kind = "list" if isinstance(value, list) else "tuple"
            what = "a tensor's shape" if isinstance(value, Size) else f"a {kind}"
            words = {"error": f"IndexError: index {index} of {what} of length {len(value)}"}
            m.report(RULES["always-raises"], site, None, words)
        return Unknown(f"{name}: {error}")
    if isinstance(index, slice):
        if isinstance(value, Size):
            return Size(found)
        if isinstance(value, list):
            return m.list(found)
    return found


def dict_item(m: Machine, value: Any, index: Value, site: Site) -> Value:
    if isinstance(index, Unknown):
        return Unknown(index.why)
    try:
        if index in value:
            return value[index]
        if isinstance(index, Instance):
            key = equal_key(m, value, index, site)
            if key is not MISSING:
                return Unknown(key.why) if isinstance(key, Unknown) else value[key]
    except TypeError as error:
        return Unknown(str(error))
    if hasattr(value, "default_factory") and value.default_factory is not None:
        made = m.invoke(value.default_factory, (), {}, site)
        m.writes(value)
        value[index] = made
        return made
    if isinstance(value, Counter):
        return 0
    maker = method_of(value, "__missing__") if isinstance(value, Derived) else MISSING
    if isinstance(maker, Function):
        return m.invoke(maker, (value, index), {}, site)
    if id(value) in m.shared:
        open_ = missing(m, value, index, needed=True)
        if open_ is not None or index in value:
            return open_ or value[index]
    if m.catches("KeyError"):
        raise Raised(exception_names("KeyError"), repr(index), site)
    return Unknown(f"there is no key {index!r}")


def equal_to(m: Machine, value: Value, site: Site) -> Callable[[Value], bool | None]:
    """Whether something equals an object by the method of its class."""
    method = method_of(value, "__eq__")

    def verdict(other: Value) -> bool | None:
        if other is value or kind_of(other) is not kind_of(value):
            return other is value
        return m.truth(m.invoke(method, (value, other), {}, site))

    return verdict


def equal_key(m: Machine, held: Value, key: Instance, site: Site) -> Value:
    """The key of a dict that an object equals by its class's `__eq__`, or MISSING."""
    method = method_of(key, "__eq__")
    if method is MISSING:
        return MISSING
    for other in held:
        if kind_of(other) is key.kind:
            truth = m.truth(m.invoke(method, (key, other), {}, site))
            if truth is None:
                return Unknown("whether two keys are equal")
            if truth:
                return other
    return MISSING


def instance_item(m: Machine, value: Instance, index: Value, site: Site) -> Value:
    kind = value.kind
    if isinstance(kind, Class):
        found = kind.find("__getitem__")
        if isinstance(found, Function):
            return m.invoke(found, (value, index), {}, site)
    method = exposed(type(value)).get("item")
    if method is not None:
        return m.invoke(BoundOp(method, value), (index,), {}, site)
    return Unknown(f"an item of {describe(value)}")


def set_item(
    m: Machine, value: Value, index: Value, new: Value, site: Site, node: ast.Subscript
) -> None:
    """`value[index] = new`."""
    if isinstance(value, Tensor):
        from conv_lsp.interp.rules import guarded

        call = Call(m, site, "assignment")
        call.arguments = {"self": node.value, "index": node.slice}
        guarded(m, OPS["operator.setitem"], call, (value, index, new), {})
        return
    if isinstance(value, Submodules):
        if isinstance(index, str):
            m.set_attribute(value.owner, index, new)
        return
    if isinstance(value, Derived):
        own = method_of(value, "__setitem__")
        if isinstance(own, Function):
            m.invoke(own, (value, index, new), {}, site)
            return
    set_real_item(m, value, index, new, site)


def set_real_item(m: Machine, value: Value, index: Value, new: Value, site: Site) -> None:
    """The same for what has no method of its own for it in a real container."""
    if isinstance(value, (list, dict)):
        m.writes(value)
        if isinstance(index, (Unknown, Expr)) and isinstance(value, (List, Dict)):
            value.vague = "an element whose index is not known was set"
            return
        if isinstance(index, Instance) and isinstance(value, dict):
            key = equal_key(m, value, index, site)
            if isinstance(key, Unknown) and isinstance(value, Dict):
                value.vague = key.why
                return
            index = index if key is MISSING else key
        if isinstance(index, slice) and isinstance(value, List):
            value.vague = value.vague or getattr(new, "vague", "")
        try:
            value[index] = new
        except Exception as error:
            if m.catches(type(error).__name__):
                raise Raised(exception_names(type(error).__name__), str(error), site) from None
        return
    if isinstance(value, Instance):
        kind = value.kind
        if isinstance(kind, Class):
            found = kind.find("__setitem__")
            if isinstance(found, Function):
                m.invoke(found, (value, index, new), {}, site)
                return
        method = exposed(type(value)).get("set_item")
        if method is not None:
            m.invoke(BoundOp(method, value), (index, new), {}, site)
