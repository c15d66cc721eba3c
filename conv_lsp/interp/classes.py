"""Class statements: resolution order, enumerations, data classes, named tuples."""

from __future__ import annotations

import ast
import enum
from collections import namedtuple
from collections.abc import Mapping, Sequence

from conv_lsp.interp.calls import call
from conv_lsp.interp.expressions import closure_of, evaluate
from conv_lsp.interp.frames import Frame, Function, NativeInit
from conv_lsp.interp.machine import Machine
from conv_lsp.values import (
    MISSING,
    Class,
    Dict,
    Instance,
    Site,
    Unknown,
    Value,
)


def define_class(m: Machine, node: ast.ClassDef, frame: Frame) -> Value:
    """The value of a class statement."""
    bases: list[Class | type] = []
    lost = ""
    metaclass: Class | None = None
    for base_node in node.bases:
        base = evaluate(m, base_node, frame)
        if isinstance(base, (Class, type)):
            bases.append(base)
        elif isinstance(base, Unknown):
            lost = base.why
        elif base.__class__.__name__ == "Op":
            bases.append(Instance)
    for keyword in node.keywords:
        given = evaluate(m, keyword.value, frame)
        if keyword.arg == "metaclass" and isinstance(given, Class):
            metaclass = given
    body = Frame({}, frame.namespace, frame.statement, frame.record, closure_of(frame))
    body.transparent = True
    body.variables["__module__"] = frame.namespace.name
    run_class_body(m, node, body)
    attributes = body.variables
    if NAMED_TUPLE in bases:
        value: Value = named_tuple(m, node, attributes)
    else:
        value = make_class(m, node, tuple(bases), attributes, frame)
    if isinstance(value, Class):
        if lost:
            value.extra["lost"] = lost
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
            call(m, hook, (value,), {}, frame.site(node), None)
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
            make_dataclass(m, value)
        return value
    if isinstance(decorator, Unknown):
        return value
    result = call(m, decorator, (value,), {}, frame.site(node), None)
    return value if isinstance(result, Unknown) else result


# -- data classes -----------------------------------------------------------------------------


class DataclassOptions:
    """What `dataclass(...)` with options gives."""


def DATACLASS(*args: Value, **options: Value) -> Value:  # noqa: N802
    """Stands for dataclasses.dataclass where it is called."""
    return args[0] if args else DataclassOptions()


class Field:
    """What `dataclasses.field(...)` gives."""

    __slots__ = ("default", "factory")

    def __init__(
        self, default: Value = MISSING, default_factory: Value = MISSING, **rest: Value
    ) -> None:
        self.default = default
        self.factory = default_factory


Field.takes_abstract = True  # type: ignore[attr-defined]
DATACLASS.takes_abstract = True  # type: ignore[attr-defined]


def fields_of(kind: Class) -> dict[str, Value]:
    """Field names and defaults, bases first, in order."""
    fields: dict[str, Value] = {}
    for base in reversed(kind.mro):
        if isinstance(base, Class):
            annotations = base.attributes.get("__annotations__", {})
            for name, annotation in annotations.items():
                if not is_class_variable(annotation):
                    fields[name] = base.attributes.get(name, MISSING)
    return fields


def is_class_variable(annotation: ast.expr) -> bool:
    """Whether a field's annotation says ClassVar; kept on the node."""
    known: bool | None = getattr(annotation, "conv_lsp_class_variable", None)
    if known is None:
        known = "ClassVar" in ast.unparse(annotation)
        annotation.conv_lsp_class_variable = known  # type: ignore[attr-defined]
    return known


def make_dataclass(m: Machine, kind: Class) -> None:
    """Give a class the constructor that its fields make, unless it has its own."""
    kind.extra["fields"] = True
    if isinstance(kind.attributes.get("__init__"), Function):
        return

    def initialize(
        m: Machine, made: Instance, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
    ) -> None:
        fields = fields_of(kind)
        given = dict(zip(fields, args, strict=False))
        for name, default in fields.items():
            value = given.get(name, kwargs.get(name, default))
            if isinstance(value, Field):
                made_value = value.factory is not MISSING
                value = m.invoke(value.factory, (), {}, site) if made_value else value.default
            if value is MISSING:
                value = Unknown(f"the field {name} has no value", name=name)
            m.set_attribute(made, name, value)
        after = made.kind.find("__post_init__") if isinstance(made.kind, Class) else MISSING
        if isinstance(after, Function):
            m.invoke(after, (made,), {}, site)

    kind.attributes["__init__"] = NativeInit(initialize)


# -- named tuples and enumerations ------------------------------------------------------------


def named_tuple(m: Machine, node: ast.ClassDef, attributes: dict[str, Value]) -> Value:
    """A real named tuple type with the fields and defaults of the class body."""
    names = list(attributes.get("__annotations__", {}))
    defaults = [attributes[n] for n in names if n in attributes]
    try:
        return namedtuple(node.name, names, defaults=defaults)  # noqa: PYI024
    except (TypeError, ValueError) as error:
        return Unknown(str(error))


def make_members(m: Machine, kind: Class) -> None:
    """Turn the assignments of an enumeration's body into members."""
    members: dict[str, Instance] = {}
    values: dict[int, Value] = {}
    for name, value in list(kind.attributes.items()):
        if name.startswith("_") or isinstance(
            value, (Function, property, staticmethod, classmethod)
        ):
            continue
        if isinstance(value, enum.auto):
            value = len(members) + 1
        member = Instance()
        member.kind = kind
        member.birth = m.store.born()
        member.__dict__.update(name=name, value=value, _name_=name, _value_=value)
        members[name] = member
        values[id(member)] = value
        kind.attributes[name] = member
    if not members:
        return

    def find(m: Machine, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site) -> Value:
        wanted = args[0] if args else None
        for member in members.values():
            if member is wanted or values[id(member)] is wanted:
                return member
            if isinstance(wanted, (str, int)) and values[id(member)] == wanted:
                return member
        return (
            wanted
            if isinstance(wanted, Unknown)
            else Unknown(f"no member of {kind.name} has this value")
        )

    kind.extra["members"] = members
    kind.extra["make"] = find
    kind.extra["__members__"] = Dict(members.items())
