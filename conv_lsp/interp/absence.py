"""Attributes that an object certainly does not have."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from conv_lsp.findings import RULES
from conv_lsp.interp.frames import BoundMethod
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.records import Complaint
from conv_lsp.values import (
    UNTOLD,
    Class,
    Instance,
    Module,
    Site,
    Value,
)

NEAR = 0.7
"""How alike two names have to be for one to be meant by the other: `difflib`'s ratio."""
TELLING = frozenset(("__getattr__", "__getattribute__", "__setattr__", UNTOLD))
"""What a class has that may give its objects any attribute."""
OPEN = frozenset(("lost", "make", "open"))
"""What is noted of classes of which not all is known."""
PLAIN_BASES = frozenset(("object", "ABC", "Generic", "Protocol"))
"""Python's own classes that give their objects no attributes but private ones."""


def report_absent(m: Machine, value: Value, name: str, site: Site) -> None:
    """Complain of `value.name`, if nothing that is not known can have set it."""
    if isinstance(value, Instance) and certainly_absent(value, name):
        kind = value.kind
        assert isinstance(kind, Class)
        near = nearest(value, kind, name)
        rule = RULES["missing-attribute"]
        hint = f"; did you mean '{near}'?" if near else ""
        words = {"kind": kind.name, "name": name, "hint": hint, "near": near}
        if m.record is not None and m.sure_to_raise and not m.tolerated:
            m.record.complaints.append(
                Complaint(
                    rule,
                    site,
                    None,
                    rule.message.format(**words),
                    certain=True,
                    words=tuple(words.items()),
                    owner=value,
                )
            )


def certainly_absent(value: Instance, name: str) -> bool:
    """Whether an object without an attribute of this name has none that is not seen either."""
    kind = value.kind
    if not isinstance(kind, Class) or "__" in name or UNTOLD in value.__dict__:
        return False
    return all(tells_all(k, name) for k in kind.mro) and "__dict__" not in value.__dict__


def tells_all(kind: Class | type, name: str) -> bool:
    """Whether a class, and what its constructor does, has no attribute of this name unseen."""
    if isinstance(kind, Class):
        own = kind.attributes
        return TELLING.isdisjoint(own) and OPEN.isdisjoint(kind.extra)
    if issubclass(kind, Instance):
        names = vars(kind).get("attribute_names", frozenset())
        return kind in (Instance, Module) or (bool(names) and name not in names)
    return kind.__name__ in PLAIN_BASES


def nearest(value: Instance, kind: Class, name: str) -> str:
    """The attribute of an object that a name is spelt nearly like, if there is one.

    Of attributes that differ in nothing but their numbers none is nearer than the others.
    """
    tables = (value.__dict__, *(k.attributes for k in kind.mro if isinstance(k, Class)))
    names = {n for table in tables for n in table if n[:2] != "__"}
    near = difflib.get_close_matches(name, sorted(names), 1, NEAR)
    alike = [n for n in names if unnumbered(n) == unnumbered(name)]
    if near and unnumbered(near[0]) == unnumbered(name) and len(alike) > 1:
        return ""
    return near[0] if near else ""


def unnumbered(name: str) -> str:
    """A name without its numbers."""
    return re.sub(r"\d+", "", name)


# -- what is not known may set attributes ---------------------------------------------------------


def exposes(m: Machine, values: Iterable[Value]) -> None:
    """Objects given to what is not known, and all below them, may have other attributes from now."""
    for value in values:
        for held in objects_in(value):
            if isinstance(held, Class):
                held.extra["open"] = True
            elif UNTOLD not in held.__dict__:
                m.set_attribute(held, UNTOLD, True)


def objects_in(value: Value, depth: int = 0) -> Iterator[Instance | Class]:
    """Classes, and objects of interpreted classes, in a value."""
    if isinstance(value, BoundMethod):
        value = value.self
    if isinstance(value, Class):
        yield value
    elif isinstance(value, Module):
        yield from [held for _, held in value.tree() if isinstance(held.kind, Class)]
    elif isinstance(value, Instance):
        if isinstance(value.kind, Class):
            yield value
        if depth < 2:
            for part in list(value.__dict__.values()):
                yield from objects_in(part, depth + 1)
    elif isinstance(value, (tuple, list, dict)) and depth < 2:
        for part in list(value.values() if isinstance(value, dict) else value):
            yield from objects_in(part, depth + 1)
