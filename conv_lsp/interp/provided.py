"""What only the interpreter can give of Python's own modules: it knows functions and classes."""

from __future__ import annotations

import ast
import functools
import inspect
import types
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from conv_lsp.interp.classes import NAMED_TUPLE, class_of_parts
from conv_lsp.interp.contexts import ContextFunction, Suppressing
from conv_lsp.interp.frames import BoundMethod, Function
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import import_module, missing_module
from conv_lsp.interp.objects import BoundOp
from conv_lsp.library.registry import NAMES, OPS, Call, Op, exposed, op
from conv_lsp.values import Class, Dict, Instance, List, Unknown, Value

NAMES["typing.NamedTuple"] = NAMED_TUPLE
NAMES["inspect.Parameter"] = inspect.Parameter
NAMES["builtins.super"] = super
NAMES.pop("contextlib.suppress", None)

KINDS = inspect.Parameter
CLASS_OF = OPS["builtins.type"]


@op("builtins.type")
def type_(call: Call, obj: object, *args: object, **kwargs: object) -> Value:
    """The class of a value, or with three arguments a new one."""
    if not args:
        return call.invoke(CLASS_OF, obj)
    bases, body = args if len(args) == 2 else ((), None)
    known = isinstance(body, dict) and not getattr(body, "vague", "") and isinstance(obj, str)
    if not known or not isinstance(bases, tuple) or not isinstance(call.host, Machine):
        return Unknown("a class made by type() of what is not known")
    if not all(isinstance(b, (Class, type)) for b in bases):
        return Unknown("a class with a base that is not known")
    return class_of_parts(call.host, str(obj), bases, body, call.site)  # type: ignore[arg-type]


@op("inspect.signature")
def signature(call: Call, callable: object) -> Value:  # noqa: A002  torch's users write this name
    """Parameters of a function, of a method without its first, of a class's constructor."""
    found = parameters_of_any(callable)
    if found is None:
        return Unknown("the signature of what is not interpreted")
    return types.SimpleNamespace(
        parameters=OrderedDict((p.name, p) for p in found),
        bind=functools.partial(bound, found, "bind"),
        bind_partial=functools.partial(bound, found, "bind_partial"),
    )


def parameters_of_any(found: Value) -> list[inspect.Parameter] | None:
    """The parameters that a call of a value has."""
    skip = 0
    if isinstance(found, Class):
        found = found.find("__init__")
        skip = 1
    elif isinstance(found, type) and issubclass(found, Instance):
        found = exposed(found).get("__init__")
    if isinstance(found, (BoundMethod, BoundOp)):
        found = found.function
        skip = 1
    while isinstance(found, Function) and "__wrapped__" in found.attributes:
        found = found.attributes["__wrapped__"]
    if isinstance(found, Function):
        return list(parameters(found).values())[skip:]
    if isinstance(found, Op):
        return list(inspect.signature(found.function).parameters.values())[1 + skip :]
    if isinstance(found, types.FunctionType):
        return list(inspect.signature(found).parameters.values())[2:]
    return None


def bound(found: Sequence[inspect.Parameter], method: str, *args: Value, **kwargs: Value) -> Value:
    """Which argument each parameter gets."""
    try:
        return getattr(inspect.Signature(found), method)(*args, **kwargs)
    except TypeError as error:
        return Unknown(str(error))


@op("inspect.getfullargspec")
def full_argument_spec(call: Call, func: object) -> Value:
    """The same by sorts, with the first of a method."""
    function = func.function if isinstance(func, BoundMethod) else func
    if not isinstance(function, Function):
        return Unknown("the signature of what is not interpreted")
    a = function.code.arguments
    return types.SimpleNamespace(
        args=call.host.new(List([p.arg for p in (*a.posonlyargs, *a.args)])),
        varargs=a.vararg.arg if a.vararg else None,
        varkw=a.kwarg.arg if a.kwarg else None,
        defaults=tuple(function.defaults) or None,
        kwonlyargs=call.host.new(List([p.arg for p in a.kwonlyargs])),
        kwonlydefaults=call.host.new(Dict(function.keyword_defaults.items())),
    )


def parameters(function: Function) -> dict[str, inspect.Parameter]:
    """Real parameter objects, whose defaults are values of the interpreted code."""
    a = function.code.arguments
    positional = [*a.posonlyargs, *a.args]
    first = len(positional) - len(function.defaults)
    made: dict[str, inspect.Parameter] = {}
    for i, p in enumerate(positional):
        kind = KINDS.POSITIONAL_ONLY if i < len(a.posonlyargs) else KINDS.POSITIONAL_OR_KEYWORD
        default = function.defaults[i - first] if i >= first else KINDS.empty
        made[p.arg] = KINDS(p.arg, kind, default=default, annotation=annotation(p))
    if a.vararg is not None:
        made[a.vararg.arg] = KINDS(a.vararg.arg, KINDS.VAR_POSITIONAL)
    for p in a.kwonlyargs:
        default = function.keyword_defaults.get(p.arg, KINDS.empty)
        made[p.arg] = KINDS(p.arg, KINDS.KEYWORD_ONLY, default=default, annotation=annotation(p))
    if a.kwarg is not None:
        made[a.kwarg.arg] = KINDS(a.kwarg.arg, KINDS.VAR_KEYWORD)
    return made


def annotation(parameter: ast.arg) -> Any:
    """The annotation as text."""
    return KINDS.empty if parameter.annotation is None else ast.unparse(parameter.annotation)


@op("importlib.import_module")
def imported_by_name(call: Call, name: object, package: object = None) -> Value:
    """A module whose whole name is known, as an import statement gives it."""
    host = call.host
    if not isinstance(name, str) or name.startswith(".") or not isinstance(host, Machine):
        return Unknown("a module loaded by name")
    found = import_module(host, name)
    missing_module(host, found, call.site)
    return found


@op("builtins.__import__")
def imported_package(call: Call, name: object, *args: object, **kwargs: object) -> Value:
    """The outermost package of a module that is imported by name."""
    if not isinstance(name, str) or args or kwargs:
        return Unknown("an import by name")
    found = imported_by_name(call, name)
    if isinstance(found, Unknown) or not isinstance(call.host, Machine):
        return found
    return import_module(call.host, name.partition(".")[0])


@op("importlib.util.find_spec")
def find_spec(call: Call, name: object, package: object = None) -> Value:
    """Something for a module that is found; whether another one is installed is not known."""
    if isinstance(name, str) and not name.startswith(".") and isinstance(call.host, Machine):
        if not isinstance(import_module(call.host, name), Unknown):
            return types.SimpleNamespace(name=name)
    return Unknown("whether a module is installed")


@op("inspect.unwrap")
def unwrap(call: Call, func: object, *, stop: object = None) -> Value:
    """The function under the wrappers."""
    if stop is not None:
        return Unknown("a function that is not unwrapped to the end")
    found: Any = func
    while isinstance(found, Function) and "__wrapped__" in found.attributes:
        found = found.attributes["__wrapped__"]
    return found


@op("inspect.getsourcefile", "inspect.getfile")
def source_file(call: Call, object: object) -> Value:  # noqa: A002  Python's own name
    """The path of the file that defines a function or a class."""
    found: Any = object.function if isinstance(object, BoundMethod) else object
    if isinstance(found, (Function, Class)):
        return found.namespace.source.path
    return Unknown("the file of what is not interpreted")


@op("functools.wraps")
def wraps(call: Call, wrapped: object, *args: object, **kwargs: object) -> Value:
    """A decorator that gives a function the name and the `__wrapped__` of another."""

    def decorate(function: Value) -> Value:
        if isinstance(function, Function) and isinstance(wrapped, Function):
            function.attributes["__wrapped__"] = wrapped
            function.attributes["__name__"] = wrapped.attributes.get("__name__", wrapped.name)
            function.attributes["__module__"] = wrapped.namespace.name
        return function

    decorate.takes_abstract = True  # type: ignore[attr-defined]
    return decorate


@op("functools.update_wrapper")
def update_wrapper(call: Call, wrapper: object, wrapped: object, *args: object) -> Value:
    return wrapper


@op("contextlib.contextmanager", "contextlib.asynccontextmanager")
def context_manager(call: Call, func: object) -> Value:
    """Calling it gives a context whose body runs where the generator yields."""
    return ContextFunction(func) if isinstance(func, Function) else func


@op("contextlib.suppress")
def suppress(call: Call, *exceptions: object) -> Value:
    """A context that swallows exceptions."""
    return Suppressing(exceptions)
