"""What iterating over a value gives."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.interp.frames import Function
from conv_lsp.interp.machine import LENGTH, Machine
from conv_lsp.interp.namespaces import NamesOf
from conv_lsp.interp.objects.methods import BoundOp, describe
from conv_lsp.library.registry import OPS, Call, exposed
from conv_lsp.values import (
    Class,
    Derived,
    Dict,
    Instance,
    List,
    Once,
    Site,
    Tensor,
    Unknown,
    Value,
    method_of,
)


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
