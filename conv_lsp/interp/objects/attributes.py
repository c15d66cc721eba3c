"""Attributes of every kind of value."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable

from conv_lsp.dims import product
from conv_lsp.interp.absence import report_absent
from conv_lsp.interp.frames import BoundMethod, Function, Super
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import NamesOf, Namespace, Package
from conv_lsp.interp.objects.classes import class_attribute, super_attribute, type_attribute
from conv_lsp.interp.objects.instances import derived_attribute, instance_attribute, no_attribute
from conv_lsp.interp.objects.methods import REAL, BoundOp, real_attribute
from conv_lsp.library.asking import lacking
from conv_lsp.library.registry import (
    ARRAY_ATTRIBUTES,
    ATTRIBUTES,
    METHODS,
    OPS,
    PROPERTIES,
    TRANSPARENT,
    Op,
    find,
)
from conv_lsp.values import (
    MISSING,
    Class,
    Derived,
    Dict,
    Instance,
    Site,
    Size,
    Tensor,
    Unknown,
    Value,
)

SPECIAL_ATTRIBUTES: dict[type, Callable[[Machine, Value, str], Value]] = {}
"""What an attribute of such a value is."""


def attribute_or_unknown(m: Machine, value: Value, name: str, site: Site) -> Value:
    """`value.name`; where there is none, AttributeError if that is caught, else Unknown."""
    found = attribute(m, value, name, site)
    if found is not MISSING:
        return found
    if not m.catches("AttributeError"):
        report_absent(m, value, name, site)
    return no_attribute(m, value, name, site)


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
