"""Objects: running constructors, and copying what an equal one has made."""

from __future__ import annotations

import ast
import types
from collections.abc import Mapping, Sequence

from conv_lsp.interp.calls import MAKERS, call_function, call_key
from conv_lsp.interp.frames import Function, NativeInit
from conv_lsp.interp.machine import Machine, is_plain
from conv_lsp.interp.objects import (
    BoundOp,
)
from conv_lsp.interp.real import call_real, fill
from conv_lsp.interp.records import Remembered, Use
from conv_lsp.interp.rules import FAULTS, argument_nodes, call_exposed, call_library, internal
from conv_lsp.interp.signals import Raised
from conv_lsp.interp.store import NEWBORN
from conv_lsp.library.registry import (
    OPS,
    Call,
    Failed,
    Op,
    apply_method,
    exposed,
    parameters_of,
)
from conv_lsp.values import (
    Class,
    Derived,
    Dict,
    Instance,
    List,
    Module,
    Site,
    Size,
    Tensor,
    Unknown,
    Value,
    host_of,
    is_named_tuple,
    is_subclass,
    kind_of,
)


def construct(
    m: Machine,
    kind: Class,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """An instance of a class of the interpreted code."""
    maker = kind.extra.get("make")
    if maker is not None:
        return maker(m, args, kwargs, site)
    new = method_in(kind, "__new__")
    host = host_of(kind)
    if isinstance(new, Function) or host is not None:
        return construct_new(m, kind, new, args, kwargs, site)
    python_type = kind.python_type
    if not issubclass(python_type, Instance):
        python_type = Instance
    init = kind.find("__init__")
    if isinstance(init, Function) and init.closure is None:
        return construct_once(m, kind, python_type, init, args, kwargs, site)
    made = blank(m, python_type, kind, site)
    if isinstance(init, Function):
        call_function(m, init, (made, *args), kwargs, site, node, None)
    elif isinstance(init, NativeInit):
        init.run(m, made, args, kwargs, site)
    elif isinstance(init, types.FunctionType) and issubclass(python_type, Module):
        call_exposed(m, BoundOp(init, made), args, kwargs, site, node)
    elif "args" not in made.__dict__ and any(
        isinstance(b, type) and issubclass(b, BaseException) for b in kind.mro
    ):
        made.__dict__["args"] = tuple(args)
    return made


def method_in(kind: Class, name: str) -> Value:
    """What an interpreted class or one of its interpreted bases defines under a name."""
    found = kind.find(name)
    return found.__func__ if isinstance(found, staticmethod) else found


def construct_new(
    m: Machine,
    kind: Class,
    new: Value,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    """An object made by `__new__`: the class's own, or that of a real type it derives from."""
    if isinstance(new, Function):
        made = call_function(m, new, (kind, *args), kwargs, site, None, None)
        if not is_subclass(kind_of(made), kind):
            return made
    else:
        made = new_object(m, kind, args, kwargs, site)
    init = kind.find("__init__")
    if isinstance(made, Unknown):
        return made
    if isinstance(init, Function):
        call_function(m, init, (made, *args), kwargs, site, None, None)
    elif isinstance(init, NativeInit):
        init.run(m, made, args, kwargs, site)
    elif isinstance(init, types.FunctionType) and isinstance(made, Module):
        call_exposed(m, BoundOp(init, made), args, kwargs, site, None)
    elif isinstance(made, Derived):
        fill(m, made, args, kwargs, site)
    return made


def new_object(
    m: Machine, kind: Class, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """What `super().__new__(kind, ...)` gives."""
    host = host_of(kind)
    if host is None:
        python_type = kind.python_type if issubclass(kind.python_type, Instance) else Instance
        return blank(m, python_type, kind, site)
    if issubclass(host, (List, Dict, set)):
        made: Value = host()
        if not isinstance(made, set):
            made.birth = m.store.born()
        return made
    own = next(k for k in kind.mro if isinstance(k, type) and issubclass(host, k))
    content = construct_type(m, own, args, kwargs, site, None)
    if isinstance(content, Unknown) or not isinstance(content, own):
        return Unknown(f"{kind.name} of what is not known")
    parts: Value = content if is_named_tuple(host) else (content,)
    return host(*parts)


def make_object(call: Call, cls: object = None, *args: object, **kwargs: object) -> Value:
    """`object.__new__` and that of types that classes derive from."""
    if not isinstance(cls, Class) or not isinstance(call.host, Machine):
        return Unknown("an object of what is no class")
    return new_object(call.host, cls, args, kwargs, call.site)


OPS["object.__new__"] = Op("object.__new__", make_object)


def blank(m: Machine, python_type: type, kind: Class | type, site: Site) -> Instance:
    """An object before its constructor has run."""
    made: Instance = object.__new__(python_type)
    Instance.__init__(made)
    made.kind = kind
    made.birth = m.store.born()
    made.made = site
    return made


def construct_once(
    m: Machine,
    kind: Class,
    python_type: type,
    init: Function,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    """Run a constructor, or copy what an equal call of it has made."""
    values = (*args, *kwargs, *kwargs.values(), len(args))
    key = call_key(m, init, values, {})
    if key is not None:
        key = (id(kind), key)
        found = m.memo.get(key)
        if found is not None and is_as_made(m, found):
            return copy_of(m, found, site)
    made = blank(m, python_type, kind, site)
    birth, made.birth = made.birth, NEWBORN
    store = m.store
    outer, store.oldest = store.oldest, NEWBORN
    ran = len(m.trail)
    outermost, m.building = not m.building, True
    try:
        call_function(m, init, (made, *args), kwargs, site, None, None)
        pure = store.oldest > birth
    finally:
        made.birth = birth
        store.oldest = min(outer, store.oldest)
        m.building = not outermost
    record = m.record
    if key is not None and pure and record is not None and record.uses and not store.marks:
        # Under a mark the object may be undone; then it could not be copied any more.
        inner = record.uses[-1].record
        if inner is not None:
            structure = m.instance_key(made)
            # What is about to be used may be written to: of a whole network one is put aside.
            aside = outermost and copyable(made, birth, set())
            kept = duplicate(m, made, birth, {}) if aside else made
            found = Remembered(
                inner, (), kept, structure=m.instance_key(kept) if aside else structure
            )
            found.original = made
            found.code, found.world = m.ran_since(ran), store.world
            m.memo[key] = found
    return made


def is_as_made(m: Machine, found: Remembered) -> bool:
    """Whether an object is still as its constructor left it, and made of what can be copied."""
    made: Instance = found.result
    return m.instance_key(made) == found.structure and copyable(made, made.birth, set())


def copyable(value: Value, since: int, seen: set[int]) -> bool:
    """Whether an object, of which the structural key is known, and all that was made with it can be
    copied part by part.
    """
    if is_plain(value):
        return True
    if isinstance(value, Derived):
        return not isinstance(value, (List, Dict, set)) or getattr(value, "birth", since) < since
    if isinstance(value, Instance):
        if value.birth < since or value.plain_key is not None or id(value) in seen:
            return True
        seen.add(id(value))
        return all(copyable(v, since, seen) for v in value.__dict__.values())
    if isinstance(value, (List, Dict)):
        if value.vague or type(value) not in (List, Dict):
            return False
        if id(value) in seen:
            return True
        seen.add(id(value))
        parts = value.values() if isinstance(value, Dict) else value
        return all(copyable(v, since, seen) for v in parts)
    if isinstance(value, tuple):
        return all(copyable(v, since, seen) for v in value)
    if isinstance(value, Function):
        return value.closure is None
    return isinstance(value, (Class, type, Op, bytes, Unknown, Size))


def copy_of(m: Machine, found: Remembered, site: Site) -> Value:
    """One more object like one that was constructed before; the record is shared."""
    kept: Instance = found.result
    m.reach(*found.code)
    made = duplicate(m, kept, kept.birth, {})
    made.made = site
    record = m.record
    assert record is not None
    use = Use(site, found.record, None, (), None, not m.undecided)
    assert found.original is not None
    use.pairs = ((found.original, made),)
    use.fact_at = len(record.facts)
    record.uses.append(use)
    return made


def duplicate(m: Machine, value: Value, since: int, made: dict[int, Value]) -> Value:
    """A copy of what is as young as `since`; older parts are shared."""
    known = made.get(id(value))
    if known is not None:
        return known
    if isinstance(value, Derived):
        return value
    if isinstance(value, Instance):
        if value.birth < since:
            return value
        copy: Value = value.__class__.__new__(value.__class__)
        Instance.__init__(copy)
        copy.kind, copy.made, copy.birth = value.kind, value.made, m.store.born()
        made[id(value)] = copy
        attributes = copy.__dict__
        layer_key = value.plain_key
        if layer_key is not None and layer_key[0] == m.store.rewinds:
            copy.plain_key = layer_key
            attributes.update(value.__dict__)
            return copy
        for name, part in value.__dict__.items():
            kind = part.__class__
            plain = kind is int or kind is Tensor or kind is bool or part is None
            attributes[name] = part if plain else duplicate(m, part, since, made)
        return copy
    if isinstance(value, List):
        copy = made[id(value)] = List((), m.store.born())
        copy.extend([duplicate(m, v, since, made) for v in value])
        copy.vague = value.vague
        return copy
    if isinstance(value, Dict):
        copy = made[id(value)] = Dict((), m.store.born())
        copy.update({k: duplicate(m, v, since, made) for k, v in value.items()})
        copy.vague = value.vague
        return copy
    if value.__class__ is tuple and any(
        isinstance(v, (Instance, List, Dict, tuple)) for v in value
    ):
        return tuple([duplicate(m, v, since, made) for v in value])
    return value


def construct_type(
    m: Machine,
    kind: type,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """A layer of the library, or an object of a real Python type."""
    if issubclass(kind, Instance):
        made = blank(m, kind, kind, site)
        init = exposed(kind).get("__init__")
        if init is not None:
            m.step()
            call_made = Call(m, site, kind.__name__)
            if node is not None:
                call_made.arguments = argument_nodes(parameters_of(init).names, node, 0)
            outer, m.layer = m.layer, None
            try:
                apply_method(init, made, call_made, args, kwargs)
            except Failed as failed:
                return Unknown(f"{kind.__name__}: {failed.why}")
            except (Raised, RecursionError):
                raise
            except FAULTS as error:
                return Unknown(internal(m, call_made, kind.__name__, error))
            finally:
                m.layer = outer
        return made
    op = OPS.get(f"builtins.{kind.__name__}")
    if op is not None:
        return call_library(m, op, args, kwargs, site, node)
    return call_real(m, kind, args, kwargs, site)


MAKERS[Class] = construct
MAKERS[type] = construct_type
