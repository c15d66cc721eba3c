"""Rules of the library are asked without an interpreter, and what they say is put as their judge puts it."""

from __future__ import annotations

import collections
import copy
from collections.abc import Callable, Sequence
from typing import Any

from conv_lsp.dims import Expr, symbol
from conv_lsp.library import registry
from conv_lsp.library.registry import Call, Failed, Op
from conv_lsp.values import MISSING, Dict, Instance, List, Tensor, Unknown
from tests import opcheck

H, W = symbol("H"), symbol("W")

WHY = Unknown("not known")

NAMED = Unknown("a parameter", name="width")


class Host(opcheck.Host):
    """As much of an interpreter as these rules ask for: attributes, elements, truth."""

    def invoke(self, function: Any, args: Any, kwargs: Any, site: Any) -> Any:
        if isinstance(function, Unknown):
            return function
        if isinstance(function, tuple):
            method, target = function
            return registry.apply_method(method, target, Call(self, None), args, kwargs)  # type: ignore[arg-type]
        if isinstance(function, Instance) and "__call__" in registry.exposed(type(function)):
            return self.invoke(
                (registry.exposed(type(function))["__call__"], function), args, kwargs, site
            )
        if isinstance(function, type) and issubclass(function, Instance):
            made = function.__new__(function)
            Instance.__init__(made)
            init = registry.exposed(function).get("__init__")
            if init is not None:
                registry.apply_method(init, made, Call(self, None), args, kwargs)  # type: ignore[arg-type]
            return made
        if isinstance(function, type):
            op = registry.OPS.get(f"builtins.{function.__name__}", function)
            return opcheck.call_value(op, args, kwargs, self)
        return opcheck.call_value(function, args, kwargs, self)

    def attribute(self, value: Any, name: str, site: Any) -> Any:
        if not isinstance(value, Instance):
            return MISSING
        if name in value.__dict__:
            return value.__dict__[name]
        method = registry.exposed(type(value)).get(name)
        return MISSING if method is None else (method, value)

    def elements(self, value: Any, site: Any) -> Any:
        if isinstance(value, Unknown):
            return value
        if getattr(value, "vague", "") and isinstance(value, (List, Dict)):
            return Unknown(value.vague)
        if isinstance(value, Instance):
            method = registry.exposed(type(value)).get("iterate")
            if method is not None:
                return self.invoke((method, value), (), {}, site)
            inner = getattr(value, "elements", None)
            held = inner() if inner is not None else None
            return Unknown("an object") if held is None else held
        return (
            list(value) if isinstance(value, collections.abc.Iterable) else Unknown("no iterable")
        )

    def truth(self, value: Any) -> bool | None:
        return None if isinstance(value, (Tensor, Unknown, Expr)) else bool(value)


def ask(path: str, *args: Any, **kwargs: Any) -> Any:
    """What a function of the library gives; the exception's name where it certainly raises."""
    host = Host()
    try:
        return host.invoke(registry.find(path), args, kwargs, None)
    except Failed as failed:
        return failed.why.partition("raises ")[2].partition(":")[0]


def ask_op(path: str, *args: Any, **kwargs: Any) -> Any:
    """As `ask`, for the rule behind a type of Python."""
    host = Host()
    try:
        return host.invoke(registry.OPS[path], args, kwargs, None)
    except Failed as failed:
        return failed.why.partition("raises ")[2].partition(":")[0]


def send(target: Instance, name: str, *args: Any, **kwargs: Any) -> Any:
    """What a method of a library object gives; the exception's name where it certainly raises."""
    host = Host()
    try:
        return host.invoke((registry.exposed(type(target))[name], target), args, kwargs, None)
    except Failed as failed:
        return failed.why.partition("raises ")[2].partition(":")[0]


def made(path: str, *args: Any, **kwargs: Any) -> Any:
    """A new object of the library."""
    return Host().invoke(registry.find(path), args, kwargs, None)


def real(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """What Python gives; a list for an iterator, the exception's name where it raises."""
    try:
        found = function(*copy.deepcopy(list(args)), **kwargs)
    except Exception as error:
        return type(error).__name__
    return list(found) if isinstance(found, collections.abc.Iterator) else found


CONV = made("torch.nn.Conv2d", 3, 4, 3)

X = Tensor((2, 3, 8, 8))


def _double(call: Call, x: object) -> Any:
    return Unknown(x.why) if isinstance(x, Unknown) else x * 2  # type: ignore[operator]


DOUBLE = Op("double", _double)
