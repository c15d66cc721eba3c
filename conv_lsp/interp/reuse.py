"""What one analysis leaves for the next: units of work that need not be done again.

A unit is one top-level statement, or one entry that is run. While it runs it notes every name of a
file and every module that it reads, and what it binds. In the next analysis it is not run but
replayed if its code is the same object, all that it read is the same object again, and the same
units have written before it to objects older than themselves. So a replayed unit is one that would
do the same.

Objects outlive an analysis, so their changes are undone: a write to an object older than the unit
that runs is kept in `Machine.undo`, taken back before the next analysis begins, and made again
where the unit is replayed. Two kinds of state are not followed: real iterators and their like,
which are not kept past an analysis, and variables of closures that are written (`Machine.forget`).
"""

from __future__ import annotations

from ast import AST
from collections.abc import Callable
from functools import partial
from inspect import Parameter
from types import BuiltinFunctionType, FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

from conv_lsp.dims import Expr
from conv_lsp.interp.frames import BoundMethod, Function, NativeInit
from conv_lsp.interp.store import WHOLE, content, put
from conv_lsp.library.registry import Op
from conv_lsp.values import MISSING, Class, Instance, Size, Tensor, Unknown, Value

if TYPE_CHECKING:
    from conv_lsp.interp.machine import Machine
    from conv_lsp.interp.namespaces import Namespace

R = TypeVar("R")

WRITES = 200
"""Writes to older objects, past which a unit is not kept."""
MEMBERS = 5_000
"""Objects looked at to tell whether a value can be kept."""


class Unit:
    """What a top-level statement or an entry read and did.

    reads: by namespace and name the value read; a module by its name; with None for a name, the
    statements of a file whose names were listed. bound: names that it bound itself.
    before, after: which units had written to older objects, as `Machine.chain`.
    """

    __slots__ = (
        "after",
        "before",
        "bound",
        "effects",
        "inputs",
        "nested",
        "reached",
        "reads",
        "result",
        "rewrites",
        "state",
        "steps",
        "undone",
        "whole",
    )

    def __init__(self, m: Machine) -> None:
        self.before = m.chain
        self.state = state_of(m)
        self.reads: dict[tuple[Any, str | None], Value] = {}
        self.bound: dict[tuple[Namespace, str], None] = {}
        self.whole = False
        """Whether it looked at all names of a file at once."""
        self.nested = 0
        """Steps of the units inside it."""
        self.undone = 0
        """Writes of the units inside it to older objects."""

    def read(self, space: Any, name: str | None, value: Value) -> None:
        """Note what a name was before the unit bound it."""
        key = (space, name)
        if key not in self.bound and self.reads.setdefault(key, value) is MISSING:
            self.reads[key] = value


class Names(dict[str, Value]):
    """The variables of a file. The unit that runs learns what is read and bound."""

    __slots__ = ("space",)

    def __init__(self, space: Namespace, names: dict[str, Value]) -> None:
        super().__init__(names)
        self.space = space

    def _unit(self) -> Unit | None:
        machine = self.space.machine
        return None if machine is None else machine.unit

    def get(self, name: str, default: Value = None) -> Value:  # type: ignore[override]
        found = dict.get(self, name, MISSING)
        unit = self._unit()
        if unit is not None:
            unit.read(self.space, name, found)
        return default if found is MISSING else found

    def __getitem__(self, name: str) -> Value:
        found = self.get(name, MISSING)
        if found is MISSING:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return self.get(name, MISSING) is not MISSING  # type: ignore[arg-type]

    def __setitem__(self, name: str, value: Value) -> None:
        unit = self._unit()
        if unit is not None:
            unit.bound[self.space, name] = None
        dict.__setitem__(self, name, value)

    def setdefault(self, name: str, value: Value = None) -> Value:  # type: ignore[override]
        if name not in self:
            self[name] = value
        return self[name]

    def pop(self, name: str, default: Value = None) -> Value:  # type: ignore[override]
        unit = self._unit()
        if unit is not None:
            unit.bound[self.space, name] = None
        return dict.pop(self, name, default)

    def items(self) -> Any:
        self._look()
        return dict.items(self)

    def values(self) -> Any:
        self._look()
        return dict.values(self)

    def keys(self) -> Any:
        self._look()
        return dict.keys(self)

    def __iter__(self) -> Any:
        self._look()
        return dict.__iter__(self)

    def _look(self) -> None:
        unit = self._unit()
        if unit is not None:
            unit.whole = True


def once(m: Machine, key: object, work: Callable[[], R]) -> tuple[R, bool]:
    """Do the work of a unit, or replay it; its result, and whether it was replayed.

    Where nothing is kept, the work is done.
    """
    if m.units is None:
        return work(), False
    outer, since, steps, chain, undone = m.unit, m.since, m.steps, m.chain, len(m.undo)
    kept = m.units.get(key)
    m.unit = None
    try:
        replayed = kept is not None and holds(m, kept)
    finally:
        m.unit = outer
    if kept is not None and replayed:
        replay(m, kept)
        m.renewed[key] = kept
        result: R = kept.result
    else:
        result = do(m, key, work)
    m.since = since
    if outer is not None:
        outer.nested += m.steps - steps
        if m.chain is not chain:
            outer.undone += len(m.undo) - undone
        m.since = m.store.clock + 1
    return result, replayed


def do(m: Machine, key: object, work: Callable[[], R]) -> R:
    """Run a unit and keep it, unless it cannot be replayed."""
    assert m.units is not None
    unit = Unit(m)
    outer, since, start, steps = m.unit, m.since, len(m.undo), m.steps
    reached, m.reached = m.reached, set()
    m.unit, m.since = unit, m.store.clock + 1
    try:
        result = work()
    finally:
        unit.reached, m.reached = m.reached, m.reached | reached
        m.unit, m.since = outer, since
        written = m.undo[start:]
        mine = len(written) - unit.undone
        if mine:
            m.chain = object()
    unit.after = m.chain
    unit.steps = m.steps - steps - unit.nested
    unit.result = result
    unit.inputs = frozenset(m.inputs)
    unit.effects = [
        (space, name, dict.get(space.variables, name, MISSING)) for space, name in unit.bound
    ]
    unit.rewrites = []
    if mine:
        last = {(id(c), id(k) if k is WHOLE else k): (c, k) for c, k, _ in written}
        unit.rewrites = [(c, k, content(c, k)) for c, k in last.values()]
    seen: dict[int, Value] = {}
    kept = (
        not unit.whole
        and not (mine and unit.undone)
        and mine <= WRITES
        and all(lasting(value, seen) for _, _, value in (*unit.effects, *unit.rewrites))
    )
    if kept:
        m.renewed[key] = unit
    return result


def state_of(m: Machine) -> object:
    """What a unit depends on besides names and objects."""
    return m.certain, m.inside, frozenset(m.inputs), bool(m.catching)


def holds(m: Machine, unit: Unit) -> bool:
    """Whether a unit would do again what it did. Units that it needs are renewed on the way."""
    from conv_lsp.interp.namespaces import import_module

    if m.chain is not unit.before or state_of(m) != unit.state:
        return False
    if m.steps + unit.steps > m.budget:
        return False
    for (space, name), value in unit.reads.items():
        if isinstance(space, str):
            if not same_module(import_module(m, space), value):
                return False
        elif not space.current(m):
            return False
        elif name is None:
            if space.source.statements != value:
                return False
        elif not same_value(space.own(m, name), value):
            return False
    return m.chain is (unit.before if unit.rewrites else unit.after)


def same_module(a: Value, b: Value) -> bool:
    """Whether two imports gave the same."""
    return a is b or (isinstance(a, Unknown) and isinstance(b, Unknown) and a.why == b.why)


def same_value(a: Value, b: Value) -> bool:
    """Whether a name has the value that it had: the same object, or an equal plain one."""
    kind = a.__class__
    return a is b or (kind is b.__class__ and kind in (int, str, bool, bytes) and bool(a == b))


def replay(m: Machine, unit: Unit) -> None:
    """Leave what the unit left; its result, the caller knows about."""
    m.steps += unit.steps
    m.reached |= unit.reached
    m.inputs = set(unit.inputs)
    for space, name, value in unit.effects:
        if value is MISSING:
            dict.pop(space.variables, name, None)
        else:
            dict.__setitem__(space.variables, name, value)
    for container, key, value in unit.rewrites:
        m.undo.append((container, key, content(container, key)))
        put(container, key, value)
    if unit.rewrites:
        m.store.epoch += 1
        m.store.world += 1
    m.chain = unit.after


def lasting(value: Value, seen: dict[int, Value]) -> bool:
    """Whether a value changes through the store alone, so that it can be kept."""
    kind = value.__class__
    if kind in ATOMS or id(value) in seen:
        return True
    if len(seen) > MEMBERS:
        return False
    seen[id(value)] = value
    parts: list[Value]
    if kind is Function:
        closure = value.closure
        parts = [*value.defaults, *value.keyword_defaults.values(), *value.attributes.values()]
        while closure is not None:
            parts += dict.values(closure.variables)
            closure = closure.closure
    elif kind is Class:
        parts = [*value.attributes.values(), *value.bases]
    elif isinstance(value, Instance):
        parts = list(value.__dict__.values())
    elif isinstance(value, (tuple, list, set, frozenset)):
        parts = list(value)
    elif isinstance(value, dict):
        parts = [*dict.values(value), getattr(value, "default_factory", None)]
    elif kind is BoundMethod:
        parts = [value.function, value.self]
    elif isinstance(value, partial):
        parts = [value.func, *value.args, *value.keywords.values()]
    elif isinstance(value, (staticmethod, classmethod)):
        parts = [value.__func__]
    elif isinstance(value, property):
        parts = [value.fget, value.fset]
    elif isinstance(value, slice):
        parts = [value.start, value.stop, value.step]
    elif kind.__name__ in ("BoundOp", "RealMethod"):
        parts = [value.self]
    elif kind.__name__ == "Field":
        parts = [value.default, value.factory]
    elif kind is Parameter:
        parts = [value.default]
    elif kind is SimpleNamespace:
        parts = list(value.__dict__.values())
    else:
        return isinstance(value, (type, AST)) or kind.__name__ in ("Package", "Namespace")
    return all([lasting(part, seen) for part in parts])


ATOMS = frozenset(
    (int, float, str, bool, type(None), bytes, complex, range, type, Op, Expr, Tensor, Unknown)
    + (NativeInit, Size, FunctionType, BuiltinFunctionType, type(MISSING), type(NotImplemented), type(...))
)
"""Types of values that never change."""
