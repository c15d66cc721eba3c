"""Data classes: what `@dataclass` makes of the annotations of a class body."""

from __future__ import annotations

import ast
import dataclasses
import types
from collections.abc import Iterator, Mapping, Sequence

from conv_lsp.interp.frames import Function, NativeInit
from conv_lsp.interp.machine import Machine
from conv_lsp.library.registry import NAMES, OPS, Call, op
from conv_lsp.values import (
    MISSING,
    Class,
    Derived,
    Dict,
    Instance,
    List,
    Site,
    Unknown,
    Value,
    kind_of,
    same,
)


class DataclassOptions:
    """What `dataclass(...)` with options gives."""

    takes_abstract = True

    def __init__(self, options: Mapping[str, Value]) -> None:
        self.options = options

    def __call__(self, kind: Value) -> Value:
        if isinstance(kind, Class):
            make_dataclass(kind, self.options)
        return kind


def DATACLASS(*args: Value, **options: Value) -> Value:  # noqa: N802
    """Stands for dataclasses.dataclass where it is called, also by code that makes classes."""
    made = DataclassOptions(options)
    return made(args[0]) if args else made


class Field:
    """What `dataclasses.field(...)` gives; `name` once its class is made.

    given: whether only `__post_init__` gets it (an InitVar).
    """

    __slots__ = ("compare", "default", "factory", "given", "init", "kw_only", "name")

    def __init__(
        self,
        default: Value = MISSING,
        default_factory: Value = MISSING,
        init: Value = True,
        kw_only: Value = MISSING,
        compare: Value = True,
        **rest: Value,
    ) -> None:
        self.name = ""
        self.default = MISSING if default is dataclasses.MISSING else default
        self.factory = MISSING if default_factory is dataclasses.MISSING else default_factory
        self.init = init
        self.kw_only = kw_only
        self.compare = compare
        self.given = False


Field.takes_abstract = True  # type: ignore[attr-defined]
DATACLASS.takes_abstract = True  # type: ignore[attr-defined]
NAMES["dataclasses.dataclass"] = DATACLASS
NAMES["dataclasses.field"] = Field
NAMES["dataclasses.MISSING"] = dataclasses.MISSING

Fields = dict[str, Field]


def fields_of(kind: Value) -> Fields | None:
    """The fields of a data class by name, bases first; None for another class."""
    found: Value = None
    if isinstance(kind, Class):
        made = (k.extra.get("fields") for k in kind.mro if isinstance(k, Class))
        found = next((fields for fields in made if fields is not None), None)
    return found  # type: ignore[no-any-return]


def make_dataclass(kind: Class, options: Mapping[str, Value]) -> None:
    """Give a class its fields, and the methods that they make unless it has its own."""
    fields: Fields = {}
    for base in reversed(kind.mro[1:]):
        fields.update(base.extra.get("fields", ()) if isinstance(base, Class) else ())
    keyword_only: Value = options.get("kw_only", False)
    for name, annotation in kind.attributes.get("__annotations__", {}).items():
        words = annotation_words(annotation)
        if "KW_ONLY" in words:
            keyword_only = True
        elif "ClassVar" not in words:
            fields[name] = own_field(kind, name, keyword_only, given="InitVar" in words)
    kind.extra["fields"] = fields
    kind.attributes["__dataclass_fields__"] = Dict((n, shown(f)) for n, f in fields.items())
    methods: dict[str, Value] = {"__init__": NativeInit(initialize)}
    if options.get("eq", True) is True:
        methods["__eq__"] = equal
    if options.get("repr", True) is True:
        methods["__repr__"] = described
    kind.attributes["__match_args__"] = tuple(f.name for f in fields.values() if f.init is True)
    for name, method in methods.items():
        kind.attributes.setdefault(name, method)


def own_field(kind: Class, name: str, keyword_only: Value, *, given: bool) -> Field:
    """The field that an annotation of the class body declares."""
    default = kind.attributes.get(name, MISSING)
    field = default if isinstance(default, Field) else Field(default)
    field.name = name
    field.given = given
    if field.kw_only is MISSING:
        field.kw_only = keyword_only
    if field is default:
        del kind.attributes[name]
        if field.default is not MISSING:
            kind.attributes[name] = field.default
    return field


def annotation_words(annotation: ast.expr) -> str:
    """The text of a field's annotation; kept on the node."""
    known: str | None = getattr(annotation, "conv_lsp_words", None)
    if known is None:
        known = annotation.conv_lsp_words = ast.unparse(annotation)  # type: ignore[attr-defined]
    return known


def initialize(
    m: Machine, made: Value, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> None:
    """The constructor that the fields make."""
    fields = fields_of(kind_of(made)) or {}
    places = [f.name for f in fields.values() if f.init is True and f.kw_only is not True]
    values = {**kwargs, **dict(zip(places, args, strict=False))}
    given: list[Value] = []
    for name, field in fields.items():
        value = values.get(name, MISSING) if field.init is True else MISSING
        if value is MISSING:
            value = default_of(m, field, site)
        if field.given:
            given.append(value)
        elif value is not MISSING:
            m.assign_attribute(made, name, value, site)
        elif field.init is True:
            unknown = Unknown(f"the field {name} has no value", name=name)
            m.assign_attribute(made, name, unknown, site)
    kind = kind_of(made)
    after = kind.find("__post_init__") if isinstance(kind, Class) else MISSING
    if isinstance(after, Function):
        m.invoke(after, (made, *given), {}, site)


def default_of(m: Machine, field: Field, site: Site) -> Value:
    """What a field has that is not given, or MISSING."""
    return field.default if field.factory is MISSING else m.invoke(field.factory, (), {}, site)


# -- methods ----------------------------------------------------------------------------------


def held_fields(obj: Value) -> Iterator[tuple[Field, Value]]:
    """The fields of an object with their values."""
    for name, field in (fields_of(kind_of(obj)) or {}).items():
        if not field.given:
            missing = Unknown(f"the field {name} has no value")
            yield field, obj.__dict__.get(name, missing)


def equal(self: Value, call: Call, other: object) -> Value:
    """`==`: of the same class, with equal fields."""
    if isinstance(other, Unknown):
        return Unknown(other.why)
    if kind_of(other) is not kind_of(self):
        return NotImplemented
    if self is other:
        return True
    decided = True
    for (field, mine), (_, its) in zip(held_fields(self), held_fields(other), strict=True):
        if field.compare is not True or same(mine, its):
            continue
        verdict = call.host.truth(call.invoke(OPS["operator.eq"], mine, its))
        if verdict is False:
            return False
        decided = decided and verdict is True
    return True if decided else Unknown("whether data is equal")


def described(self: Value, call: Call) -> Value:
    """`repr()`"""
    parts: list[str] = []
    for field, value in held_fields(self):
        text = call.invoke(OPS["builtins.repr"], value)
        if not isinstance(text, str):
            return Unknown("the text of what is not known")
        parts.append(f"{field.name}={text}")
    return f"{kind_of(self).name}({', '.join(parts)})"  # type: ignore[union-attr]


# -- functions --------------------------------------------------------------------------------


def is_data(obj: Value) -> bool:
    """Whether it is an object of a data class."""
    return isinstance(obj, (Instance, Derived)) and fields_of(kind_of(obj)) is not None


@op("dataclasses.replace", "copy.replace")
def replace(call: Call, obj: object, /, **changes: object) -> Value:
    if not is_data(obj):
        return Unknown("replace of what is no data class")
    for field, value in held_fields(obj):
        if field.init is True:
            changes.setdefault(field.name, value)
    return call.invoke(kind_of(obj), **changes)


@op("dataclasses.asdict")
def asdict(call: Call, obj: object, *, dict_factory: object = None) -> Value:
    if not is_data(obj):
        return Unknown("asdict of what is no data class")
    if dict_factory is not None and dict_factory is not dict:
        pairs = List([(f.name, plain_data(call, v)) for f, v in held_fields(obj)])
        return call.invoke(dict_factory, call.host.new(pairs))
    return plain_data(call, obj)


@op("dataclasses.astuple")
def astuple(call: Call, obj: object) -> Value:
    if not is_data(obj):
        return Unknown("astuple of what is no data class")
    return tuple(
        astuple(call, v) if is_data(v) else plain_data(call, v) for _, v in held_fields(obj)
    )


def plain_data(call: Call, value: Value, depth: int = 0) -> Value:
    """Data classes as dicts, all the way down, in new containers."""
    if depth > DEPTH:
        return Unknown(f"stopped: data of more than {DEPTH} levels")
    if is_data(value):
        own = ((f.name, plain_data(call, v, depth + 1)) for f, v in held_fields(value))
        return call.host.new(Dict(own))
    if isinstance(value, (List, Dict)) and value.vague:
        return Unknown(value.vague)
    if value.__class__ is List:
        return call.host.new(List([plain_data(call, v, depth + 1) for v in value]))
    if value.__class__ is Dict:
        items = ((k, plain_data(call, v, depth + 1)) for k, v in value.items())
        return call.host.new(Dict(items))
    if value.__class__ is tuple:
        return tuple([plain_data(call, v, depth + 1) for v in value])
    return value


DEPTH = 100
"""Data inside data, past which it is unknown."""


def shown(f: Field) -> types.SimpleNamespace:
    """A field as `dataclasses.fields` shows it."""
    return types.SimpleNamespace(
        name=f.name,
        default=dataclasses.MISSING if f.default is MISSING else f.default,
        default_factory=dataclasses.MISSING if f.factory is MISSING else f.factory,
        init=f.init,
        kw_only=f.kw_only,
        compare=f.compare,
        type=Unknown("the type of a field"),
        metadata=Unknown("the metadata of a field"),
    )


@op("dataclasses.fields")
def data_fields(call: Call, class_or_instance: object) -> Value:
    kind = class_or_instance
    fields = fields_of(kind if isinstance(kind, Class) else kind_of(kind))
    if fields is None:
        return Unknown("fields of what is no data class")
    return tuple(shown(f) for f in fields.values() if not f.given)


@op("dataclasses.is_dataclass")
def is_dataclass(call: Call, obj: object) -> Value:
    if isinstance(obj, Unknown):
        return Unknown(obj.why)
    return fields_of(obj if isinstance(obj, Class) else kind_of(obj)) is not None
