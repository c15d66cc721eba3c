"""Objects: running constructors, and copying what an equal one has made."""

from __future__ import annotations

import ast
import types
from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any

from conv_lsp.interp.calls import MAKERS, call_function
from conv_lsp.interp.frames import Function, NativeInit, spreads
from conv_lsp.interp.machine import Machine, is_plain
from conv_lsp.interp.objects import (
    BoundOp,
)
from conv_lsp.interp.real import call_real, fill
from conv_lsp.interp.records import Remembered, Use
from conv_lsp.interp.remembering import call_key
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
        if found is not None:
            return copy_of(m, found, values, site)
    made = blank(m, python_type, kind, site)
    birth, made.birth = made.birth, NEWBORN
    store = m.store
    outer, store.oldest = store.oldest, NEWBORN
    ran = len(m.trail)
    try:
        call_function(m, init, (made, *args), kwargs, site, None, None)
        pure = store.oldest > birth
    finally:
        made.birth = birth
        store.oldest = min(outer, store.oldest)
    record = m.record
    if key is not None and pure and record is not None and record.uses and not store.marks:
        # Under a mark the object may be undone; then it could not be copied any more.
        inner = record.uses[-1].record
        # The object is about to be used and may be written to: a copy is put aside.
        aside = Copies(m, birth)
        kept = aside.of(made)
        if inner is not None and not aside.failed:
            found = Remembered(inner, (), kept, code=m.ran_since(ran), world=store.world)
            found.inputs, found.parts = values, aside.pairs
            m.memo[key] = found
    return made


def copy_of(m: Machine, found: Remembered, values: tuple[Value, ...], site: Site) -> Value:
    """One more object like one that was constructed before; the record is shared."""
    kept: Instance = found.result
    m.reach(*found.code)
    copies = Copies(m, kept.birth)
    copies.align(found.inputs, values)
    made: Instance = copies.of(kept)
    made.made = site
    record = m.record
    assert record is not None
    use = Use(site, found.record, None, (), None, not m.undecided)
    use.twins = {id(part): now for part, now in copies.pairs}
    use.twins.update((id(part), use.twins[id(aside)]) for part, aside in found.parts)
    use.fact_at = len(record.facts)
    record.uses.append(use)
    return made


class Copies:
    """Copies of an object and all that is as young as it; older parts are shared.

    failed: there is something that cannot be copied. pairs: modules and their copies.
    """

    __slots__ = ("_rewinds", "_since", "_store", "failed", "known", "pairs")

    def __init__(self, m: Machine, since: int) -> None:
        self._store = m.store
        self._rewinds = m.store.rewinds
        self._since = since
        self.known: dict[int, Any] = {}
        self.pairs: list[tuple[Module, Module]] = []
        self.failed = False

    def of(self, value: Value) -> Any:
        """The copy of a value, or itself if it cannot change. A weight is one of its own: what is
        one object in a module is counted once, and what two layers made is counted twice.
        """
        if value.__class__ is Tensor and value.kind:
            return self._weight(value)
        if is_plain(value):
            return value
        known = self.known.get(id(value))
        if known is not None:
            return known
        if isinstance(value, Derived):
            held = isinstance(value, (List, Dict, set))
            self.failed |= held and getattr(value, "birth", self._since) >= self._since
            return value
        if isinstance(value, Instance):
            return value if value.birth < self._since else self._instance(value)
        if isinstance(value, (List, Dict)):
            return self._container(value)
        if isinstance(value, tuple):
            parts = [self.of(v) for v in value]
            if all(map(is_, parts, value)):
                return value
            return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
        if isinstance(value, Function):
            self.failed |= value.closure is not None
        elif not isinstance(value, (Class, type, Op, bytes, Unknown)):
            self.failed = True
        return value

    def align(self, recorded: Value, now: Value) -> None:
        """Put what is now given in the place of an equal value that was given before."""
        if recorded is now or is_plain(recorded) or id(recorded) in self.known:
            return
        if isinstance(recorded, Instance):
            self.known[id(recorded)] = now
            if isinstance(recorded, Module) and isinstance(now, Module):
                self.pairs.append((recorded, now))
            for name, part in recorded.__dict__.items():
                self.align(part, now.__dict__.get(name))
        elif isinstance(recorded, (List, tuple)):
            if isinstance(recorded, List):
                self.known[id(recorded)] = now
            for one, other in zip(recorded, now, strict=True):
                self.align(one, other)
        elif isinstance(recorded, Dict):
            self.known[id(recorded)] = now
            for name, part in recorded.items():
                self.align(part, now[name])

    def _instance(self, value: Instance) -> Instance:
        copy: Instance = value.__class__.__new__(value.__class__)
        Instance.__init__(copy)
        copy.kind, copy.made, copy.birth = value.kind, value.made, self._store.born()
        self.known[id(value)] = copy
        if isinstance(value, Module):
            assert isinstance(copy, Module)
            self.pairs.append((value, copy))
        key = value.plain_key
        if key is not None and key[0] == self._rewinds:
            copy.plain_key = key
            weight = self._weight
            copy.__dict__.update(
                {
                    n: weight(v) if v.__class__ is Tensor and v.kind else v
                    for n, v in value.__dict__.items()
                }
            )
        else:
            of = self.of
            copy.__dict__.update({n: of(v) for n, v in value.__dict__.items()})
        return copy

    def _weight(self, value: Tensor) -> Tensor:
        known: Tensor | None = self.known.get(id(value))
        if known is None:
            known = self.known[id(value)] = value.like()
            known.strides, known.data, known.kind = value.strides, value.data, value.kind
            known.family = value.family
        return known

    def _container(self, value: List | Dict) -> List | Dict:
        copy: List | Dict
        birth = self._store.born()
        if type(value) is List:
            copy = self.known[id(value)] = List((), birth)
            copy.extend([self.of(v) for v in value])
        elif type(value) is Dict:
            copy = self.known[id(value)] = Dict((), birth)
            copy.update({k: self.of(v) for k, v in value.items()})
        else:
            self.failed = True
            return value
        self.failed |= bool(value.vague)
        return copy


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
            call_made.lenient = m.guessing and spreads(node)
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
