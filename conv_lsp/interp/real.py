"""Calling real Python: pure functions, and methods of known lists, dicts, strings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from conv_lsp.dims import Expr
from conv_lsp.interp.frames import BoundMethod, Function, Super
from conv_lsp.interp.machine import LENGTH, Machine, exception_names
from conv_lsp.interp.objects import (
    RealMethod,
    describe,
    dict_item,
    equal_key,
    equal_to,
    sequence_item,
    set_real_item,
)
from conv_lsp.interp.registries import missing
from conv_lsp.interp.signals import Raised
from conv_lsp.library.registry import (
    OPS,
)
from conv_lsp.values import (
    MISSING,
    UNTOLD,
    Class,
    Derived,
    Dict,
    Instance,
    List,
    Site,
    Submodules,
    Tensor,
    Unknown,
    Value,
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
"""Methods that change a container."""


def weight(value: Value) -> int:
    """How many parts a value has, with all inside; counting stops past LENGTH."""
    if not isinstance(value, (list, tuple, dict, set, range)):
        return 1
    count = 0
    todo = [value]
    while todo and count <= LENGTH:
        part = todo.pop()
        count += len(part)
        if count <= LENGTH and not isinstance(part, range):
            held = part.values() if isinstance(part, dict) else part
            todo.extend(v for v in held if isinstance(v, (list, tuple, dict, set, range)))
    return count


def too_large(args: Sequence[Value], kwargs: Mapping[str, Value]) -> Unknown | None:
    """Why arguments cannot be given to a real Python function, if they have too many parts."""
    if any(weight(v) > LENGTH for v in args) or any(weight(v) > LENGTH for v in kwargs.values()):
        return Unknown(f"stopped: a value of more than {LENGTH:,} parts")
    return None


def abstract(value: Value, depth: int = 0) -> Unknown | None:
    """Why a value cannot be given to a real Python function, if so."""
    if isinstance(value, Unknown):
        return Unknown(value.why)
    if isinstance(value, (Tensor, Expr, Instance, Function, BoundMethod, Class, Super)):
        return Unknown(f"{describe(value)} given to a function that takes known values")
    if isinstance(value, (List, Dict)) and value.vague:
        return Unknown(value.vague)
    if depth < 4 and isinstance(value, (tuple, list, dict, set)):
        for part in value.values() if isinstance(value, dict) else value:
            found = abstract(part, depth + 1)
            if found is not None:
                return found
    return None


def call_real(
    m: Machine,
    function: Callable[..., Any],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    """Call a pure function of Python's own on known values."""
    m.step()
    large = too_large(args, kwargs)
    if large is not None:
        return large
    if not getattr(function, "takes_abstract", False) and not (
        isinstance(function, type)
        and issubclass(function, (tuple, property, staticmethod, classmethod))
    ):
        for value in (*args, *kwargs.values()):
            why = abstract(value)
            if why is not None:
                return why
    try:
        return adopted(m, function(*args, **kwargs))
    except Exception as error:
        return failure(m, error, site)


def adopted(m: Machine, value: Value) -> Value:
    """A result of real Python as a value: lists and dicts get a birth."""
    if value.__class__ is list:
        return m.list(value)
    if value.__class__ is dict:
        return Dict(value.items(), m.store.born())
    return value


def failure(m: Machine, error: Exception, site: Site) -> Value:
    """A real function raised: so does the code, where it catches that."""
    name = type(error).__name__
    if m.catches(name):
        raise Raised(exception_names(name), str(error), site)
    return Unknown(f"{name}: {error}")


def call_real_method(
    m: Machine, method: RealMethod, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """A method of a known list, dict, str ..."""
    m.step()
    target, name = method.self, method.name
    large = too_large(args, kwargs)
    if large is not None:
        return large
    if isinstance(target, Derived) and name in BASIC:
        return BASIC[name](m, target, args, kwargs, site)
    if isinstance(target, (list, dict, set)):
        return container_method(m, target, name, args, kwargs, site)
    if not isinstance(target, (tuple, type, property)):
        for value in (*args, *kwargs.values()):
            why = abstract(value)
            if why is not None:
                return why
    if isinstance(target, str) and too_long(target, name, args):
        return Unknown(f"stopped: a string of more than {LENGTH:,} characters")
    try:
        return adopted(m, getattr(target, name)(*args, **kwargs))
    except Exception as error:
        return failure(m, error, site)


def fill(
    m: Machine, target: Any, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> None:
    """`dict.__init__` and its like, on an object of a class that derives from it."""
    if not isinstance(target, (List, Dict, set)):
        return  # made by `__new__`
    if isinstance(target, Dict) and any(k is defaultdict for k in target.interpreted.mro):  # type: ignore[attr-defined]
        m.set_attribute(target, "default_factory", args[0] if args else None)
        args = args[1:]
    kind = next(k for k in (list, dict, set) if isinstance(target, k))
    content = m.invoke(OPS[f"builtins.{kind.__name__}"], args, kwargs, site)
    m.writes(target)
    target.clear()
    if isinstance(content, list):
        target.extend(content)
    elif isinstance(content, (dict, set)):
        target.update(content)
    elif isinstance(target, (List, Dict)):
        target.vague = content.why if isinstance(content, Unknown) else "what it is made of"


def basic_item(
    m: Machine, target: Any, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`super().__getitem__(index)`."""
    if isinstance(target, dict):
        return dict_item(m, target, args[0], site)
    return sequence_item(m, target, args[0], site)


def basic_set_item(
    m: Machine, target: Any, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> None:
    """`super().__setitem__(index, value)`."""
    set_real_item(m, target, args[0], args[1], site)


def basic_iter(
    m: Machine, target: Any, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`super().__iter__()`."""
    return Unknown(target.vague) if getattr(target, "vague", "") else m.list(list(target))


BASIC: dict[str, Callable[..., Value]] = {
    "__init__": fill,
    "__getitem__": basic_item,
    "__setitem__": basic_set_item,
    "__iter__": basic_iter,
}
"""Methods of Python's own types, where a class that derives from one of them calls its base's."""


def too_long(target: str, name: str, args: Sequence[Value]) -> bool:
    """Whether a method of a string may give one that is too long."""
    if name == "format":
        return bool(re.search(r"\d{4}", target))
    return len(target) > LENGTH or any(isinstance(a, int) and a > LENGTH for a in args)


TAKEN_IN: Final = (
    "update",
    "intersection_update",
    "difference_update",
    "symmetric_difference_update",
)
"""Methods that take in what is in their arguments."""


def container_method(
    m: Machine,
    target: Any,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    """Methods of lists, dicts and sets; the ones that change them are logged."""
    kind = list if isinstance(target, list) else dict if isinstance(target, dict) else set
    if isinstance(target, Submodules) and name in MUTATORS[dict]:
        return change_owner(m, target, name, args, kwargs, site)
    vague = getattr(target, "vague", "")
    if args and isinstance(args[0], Instance) and method_of(args[0], "__eq__") is not MISSING:
        if kind is list and name in ("index", "count", "remove") and not vague:
            return by_equality(m, target, name, args[0], site)
        if kind is dict:
            key = equal_key(m, target, args[0], site)
            if isinstance(key, Unknown):
                return key
            args = args if key is MISSING else (key, *args[1:])
    if name in MUTATORS[kind]:
        m.writes(target)
        if name in ("extend", "extendleft") and args:
            held = m.elements(args[0], site)
            if isinstance(held, Unknown):
                if isinstance(target, List):
                    target.vague = held.why
                return None
            args = (held,)
        if kind is list and name == "sort":
            return sort_in_place(m, target, kwargs, site)
        doubt = next((a.vague for a in args if isinstance(a, (List, Dict)) and a.vague), "")
        if doubt and name in TAKEN_IN:
            if isinstance(target, (List, Dict)):
                target.vague = doubt
            elif isinstance(target, set):
                target.add(Unknown(doubt))
            return None
        if vague and name not in ("append", "update", "add", "clear"):
            return Unknown(vague)
        if any(isinstance(a, Unknown) for a in args) and name in (
            "pop",
            "insert",
            "remove",
            "update",
            "setdefault",
        ):
            if isinstance(target, (List, Dict)) and isinstance(args[0], Unknown):
                target.vague = args[0].why
                return args[0]
        if len(target) > LENGTH:
            return Unknown(f"stopped: more than {LENGTH:,} elements")
    elif vague:
        return Unknown(vague)
    elif args and isinstance(args[0], Unknown) and name in ("get", "index", "count"):
        return args[0]
    elif name == "get" and id(target) in m.shared and args and args[0] not in target:
        open_ = missing(m, target, args[0])
        if open_ is not None:
            return open_
    try:
        return adopted(m, getattr(target, name)(*args, **kwargs))
    except Exception as error:
        return failure(m, error, site)


def change_unknowably(m: Machine, method: RealMethod, why: str) -> None:
    """What a call with arguments that are not known leaves of a list, dict or set."""
    target = method.self
    if not isinstance(target, (list, dict, set)):
        return
    kind = list if isinstance(target, list) else dict if isinstance(target, dict) else set
    if method.name not in MUTATORS[kind]:
        return
    m.writes(target)
    if isinstance(target, (List, Dict)):
        target.vague = why
    elif isinstance(target, set):
        target.add(Unknown(why))


def by_equality(m: Machine, target: list[Value], name: str, wanted: Instance, site: Site) -> Value:
    """`index`, `count` and `remove` for an object whose class says what equals it."""
    verdicts = list(map(equal_to(m, wanted, site), list(target)))
    if None in verdicts:
        return Unknown("which of the objects are equal")
    if name == "count":
        return verdicts.count(True)
    if True not in verdicts:
        return failure(m, ValueError("the object is not in the list"), site)
    at = verdicts.index(True)
    if name == "index":
        return at
    m.writes(target)
    del target[at]
    return None


def change_owner(
    m: Machine,
    target: Submodules,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    """A method that changes `object.__dict__` changes the object."""
    if any(isinstance(a, Unknown) or getattr(a, "vague", "") for a in args):
        m.set_attribute(target.owner, UNTOLD, True)
        return Unknown("attributes that are not known")
    before = dict(target)
    try:
        result = getattr(target, name)(*args, **kwargs)
    except Exception as error:
        return failure(m, error, site)
    for key in {**before, **target}:
        if before.get(key, MISSING) is not target.get(key, MISSING):
            m.set_attribute(target.owner, key, target.get(key, MISSING))
    return result


def sort_in_place(
    m: Machine, target: list[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`list.sort`, by the rule for `sorted`."""
    result = m.invoke(OPS["builtins.sorted"], (target,), kwargs, site)
    if isinstance(result, list):
        target[:] = result
    elif isinstance(target, List):
        target.vague = result.why if isinstance(result, Unknown) else "sorted by what is not known"
    return None
