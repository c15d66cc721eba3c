"""What a subscript gives and sets."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from typing import Any

from conv_lsp.dims import Expr
from conv_lsp.findings import RULES
from conv_lsp.interp.frames import Function
from conv_lsp.interp.machine import Machine, exception_names
from conv_lsp.interp.namespaces import Package
from conv_lsp.interp.objects.methods import BoundOp, describe
from conv_lsp.interp.registries import missing
from conv_lsp.interp.signals import Raised
from conv_lsp.library.registry import OPS, Call, Op, exposed
from conv_lsp.values import (
    MISSING,
    UNTOLD,
    Class,
    Derived,
    Dict,
    Given,
    Instance,
    List,
    Site,
    Size,
    Submodules,
    Tensor,
    Unknown,
    Value,
    kind_of,
    method_of,
)

SPECIAL_ITEMS: dict[type, Callable[[Machine, Value, Value, Site], Value]] = {}
"""What a subscript of such a value gives."""


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
        if own and not isinstance(value, Given) and name == "IndexError":
            # Nothing that is not known can have changed it: see `calls.call` for lists.
            kind = "list" if isinstance(value, list) else "tuple"
            what = "a tensor's shape" if isinstance(value, Size) else f"a {kind}"
            words = {"error": f"IndexError: index {index} of {what} of length {len(value)}"}
            m.report(RULES["always-raises"], site, None, words)
        return Unknown(f"{name}: {error}")
    if isinstance(index, slice):
        if isinstance(value, (Size, Given)):
            return type(value)(found)
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
        m.set_attribute(value.owner, index if isinstance(index, str) else UNTOLD, new)
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
