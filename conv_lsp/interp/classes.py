"""Class statements: resolution order, enumerations, data classes, named tuples."""

from __future__ import annotations

import ast
import enum
from collections import namedtuple
from collections.abc import Mapping, Sequence

from conv_lsp.interp.absence import exposes
from conv_lsp.interp.calls import call
from conv_lsp.interp.dataclasses import DATACLASS, DataclassOptions, make_dataclass
from conv_lsp.interp.expressions import closure_of, evaluate
from conv_lsp.interp.frames import Frame, Function
from conv_lsp.interp.machine import Machine, exception_names
from conv_lsp.interp.signals import Raised
from conv_lsp.values import (
    MISSING,
    Class,
    Dict,
    Instance,
    Site,
    Unknown,
    Value,
    host_of,
    method_of,
    same,
)


def define_class(m: Machine, node: ast.ClassDef, frame: Frame) -> Value:
    """The value of a class statement."""
    bases: list[Class | type] = []
    lost = ""
    doubtful = False
    metaclass: Class | None = None
    for base_node in node.bases:
        base = evaluate(m, base_node, frame)
        if isinstance(base, (Class, type)):
            bases.append(base)
        elif isinstance(base, Unknown):
            lost = base.why
        else:
            doubtful = True
            if base.__class__.__name__ == "Op":
                bases.append(Instance)
    words: dict[str, Value] = {}
    for keyword in node.keywords:
        given = evaluate(m, keyword.value, frame)
        if keyword.arg == "metaclass":
            metaclass = given if isinstance(given, Class) else None
            if metaclass is None and not isinstance(given, type):
                doubtful = True
        elif keyword.arg is not None:
            words[keyword.arg] = given
    body = Frame({}, frame.namespace, frame.statement, frame.record, closure_of(frame))
    body.transparent = True
    body.variables["__module__"] = frame.namespace.name
    outer = frame.variables.get("__qualname__") if frame.transparent else None
    body.variables["__qualname__"] = f"{outer}.{node.name}" if outer else node.name
    body.variables["__doc__"] = ast.get_docstring(node, clean=False)
    run_class_body(m, node, body)
    del body.variables["__qualname__"]
    attributes = body.variables
    if NAMED_TUPLE in bases:
        value: Value = named_tuple(m, node, attributes)
        if isinstance(value, type) and has_methods(attributes):
            fields = attributes.pop("__annotations__", {})
            own = {n: v for n, v in attributes.items() if n not in fields}
            value = make_class(m, node, (value,), own, frame)
    else:
        value = make_class(m, node, tuple(bases), attributes, frame)
    if isinstance(value, Class):
        if lost:
            value.extra["lost"] = lost
        if doubtful:
            value.extra["open"] = True
        if any(isinstance(k, type) and issubclass(k, enum.Enum) for k in value.mro):
            make_members(m, value)
        hook = next(
            (
                k.attributes["__init_subclass__"]
                for k in value.mro[1:]
                if isinstance(k, Class) and "__init_subclass__" in k.attributes
            ),
            None,
        )
        if hook is not None:
            hook = hook.__func__ if isinstance(hook, classmethod) else hook
            call(m, hook, (value,), words, frame.site(node), None)
        value = apply_metaclass(m, value, metaclass, frame.site(node))
    for decorator_node in reversed(node.decorator_list):
        value = decorate(m, value, decorator_node, frame)
    return value


def apply_metaclass(m: Machine, kind: Class, given: Class | None, site: Site) -> Value:
    """Run what the metaclass of a class, its own or a base's, does when a class is made."""
    inherited = (k.extra.get("metaclass") for k in kind.mro[1:] if isinstance(k, Class))
    metaclass = given or next((k for k in inherited if k is not None), None)
    if metaclass is None:
        return kind
    kind.extra["metaclass"] = metaclass
    body = Dict(kind.attributes.items())
    new = metaclass.find("__new__")
    made: Value = kind
    if isinstance(new, Function):
        metaclass.extra["making"] = kind
        made = call(m, new, (metaclass, kind.name, kind.bases, body), {}, site, None)
    init = metaclass.find("__init__")
    if isinstance(init, Function):
        call(m, init, (made, kind.name, kind.bases, body), {}, site, None)
    return made


def run_class_body(m: Machine, node: ast.ClassDef, body: Frame) -> None:
    from conv_lsp.interp.statements import run_block

    run_block(m, node.body, body)


class NamedTupleBase:
    """Stands for typing.NamedTuple among the bases of a class."""


NAMED_TUPLE = NamedTupleBase


def make_class(
    m: Machine,
    node: ast.ClassDef,
    bases: tuple[Class | type, ...],
    attributes: dict[str, Value],
    frame: Frame,
) -> Value:
    """A class with its functions knowing their owner, for `super()`."""
    order = resolution_order(bases)
    if order is None:
        return Unknown(f"the bases of {node.name} have no consistent order")
    made = Class(node.name, bases, order, attributes, frame.namespace, frame.site(node))
    for value in attributes.values():
        own(value, made)
    for name, value in list(attributes.items()):
        told = method_of(value, "__set_name__") if isinstance(value, Instance) else MISSING
        if isinstance(told, Function):
            call(m, told, (value, made, name), {}, frame.site(node), None)
    for base in bases:
        if isinstance(base, Class):
            base.extra.setdefault("subclasses", []).append(made)
    return made


def class_of_parts(
    m: Machine, name: str, bases: tuple[Class | type, ...], body: Mapping[str, Value], site: Site
) -> Value:
    """`type(name, bases, body)`"""
    order = resolution_order(bases)
    if order is None:
        return Unknown(f"the bases of {name} have no consistent order")
    space = next((b.namespace for b in bases if isinstance(b, Class)), m.script)
    made = Class(name, bases, order, dict(body), space, site)
    for value in made.attributes.values():
        own(value, made)
    return made


def own(value: Value, kind: Class) -> None:
    """Tell functions in a class body which class they belong to."""
    if isinstance(value, Function):
        if value.owner is None:
            value.owner = kind
    elif isinstance(value, (staticmethod, classmethod)):
        own(value.__func__, kind)
    elif isinstance(value, property):
        for function in (value.fget, value.fset):
            own(function, kind)
    elif hasattr(value, "func") and isinstance(getattr(value, "func", None), Function):
        own(value.func, kind)


def resolution_order(bases: tuple[Class | type, ...]) -> tuple[Class | type, ...] | None:
    """The C3 linearization of the bases, without the class itself; None where there is none."""
    lists = [list(b.mro) if isinstance(b, Class) else list(b.__mro__) for b in bases]
    lists.append(list(bases))
    order: list[Class | type] = []
    while any(lists):
        lists = [rest for rest in lists if rest]
        for rest in lists:
            head = rest[0]
            if not any(head in other[1:] for other in lists):
                break
        else:
            return None
        order.append(head)
        for rest in lists:
            if rest[0] is head:
                rest.pop(0)
    return tuple(order)


def decorate(m: Machine, value: Value, node: ast.expr, frame: Frame) -> Value:
    """Apply a class decorator; data classes are made here."""
    decorator = evaluate(m, node, frame)
    if decorator is DATACLASS or isinstance(decorator, DataclassOptions):
        if isinstance(value, Class):
            options = decorator.options if isinstance(decorator, DataclassOptions) else {}
            make_dataclass(value, options)
        return value
    if isinstance(decorator, Unknown):
        exposes(m, (value,))
        return value
    result = call(m, decorator, (value,), {}, frame.site(node), None)
    if isinstance(result, Unknown):
        exposes(m, (value,))
        return value
    return result


# -- named tuples and enumerations ------------------------------------------------------------


def named_tuple(m: Machine, node: ast.ClassDef, attributes: dict[str, Value]) -> Value:
    """A real named tuple type with the fields and defaults of the class body."""
    names = list(attributes.get("__annotations__", {}))
    defaults = [attributes[n] for n in names if n in attributes]
    try:
        return namedtuple(node.name, names, defaults=defaults)  # noqa: PYI024
    except (TypeError, ValueError) as error:
        return Unknown(str(error))


def has_methods(attributes: Mapping[str, Value]) -> bool:
    """Whether the body of a named tuple defines more than fields."""
    fields = attributes.get("__annotations__", {})
    return any(n not in fields and not n.startswith("__") for n in attributes)


def make_members(m: Machine, kind: Class) -> None:
    """Turn the assignments of an enumeration's body into members; equal values are one member."""
    members: dict[str, Value] = {}
    named: dict[str, Value] = {}
    for name, value in list(kind.attributes.items()):
        if name.startswith("_") or isinstance(
            value, (Function, property, staticmethod, classmethod, Class)
        ):
            continue
        if isinstance(value, enum.auto):
            value = automatic(kind, name, members)
        member = next((k for k in members.values() if same(k.__dict__["_value_"], value)), MISSING)
        if member is MISSING:
            member = members[name] = make_member(m, kind, name, value)
        kind.attributes[name] = named[name] = member
    if not members:
        return

    def find(m: Machine, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site) -> Value:
        wanted = args[0] if args else None
        if isinstance(wanted, Unknown):
            return wanted
        for member in members.values():
            if member is wanted or same(member.__dict__["_value_"], wanted):
                return member
        missing = kind.find("_missing_")
        if isinstance(missing, classmethod):
            return call(m, missing.__func__, (kind, wanted), {}, site, None)
        message = f"{wanted!r} is not a valid {kind.name}"
        if m.catches("ValueError"):
            raise Raised(exception_names("ValueError"), message, site)
        return Unknown(message)

    kind.extra["members"] = members
    kind.extra["make"] = find
    kind.extra["__members__"] = Dict(named.items())


def make_member(m: Machine, kind: Class, name: str, value: Value) -> Value:
    """A member: an object, or a text or number of the class where it derives from that."""
    host = host_of(kind)
    member: Value
    if host is not None and isinstance(value, PLAIN_VALUES):
        member = host(value)
    else:
        member = Instance()
        member.kind = kind
        member.birth = m.store.born()
    member.__dict__.update(name=name, value=value, _name_=name, _value_=value)
    init = kind.find("__init__")
    if isinstance(init, Function):
        args = value if isinstance(value, tuple) else (value,)
        assert kind.site is not None
        call(m, init, (member, *args), {}, kind.site, None)
    return member


def automatic(kind: Class, name: str, members: Mapping[str, Value]) -> Value:
    """What `auto()` gives."""
    if any(isinstance(k, type) and k.__name__ == "StrEnum" for k in kind.mro):
        return name.lower()
    if "_generate_next_value_" in kind.attributes:
        return Unknown("a value that a function of the class gives")
    if any(isinstance(k, type) and issubclass(k, enum.Flag) for k in kind.mro):
        return 1 << len(members)
    numbers = [v.__dict__["_value_"] for v in members.values()]
    return max((n for n in numbers if isinstance(n, int)), default=0) + 1


PLAIN_VALUES = (str, int, float)
