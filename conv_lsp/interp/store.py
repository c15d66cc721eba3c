"""The one store, with a log.

Known objects are real and mutable. Every change that interpreted code makes to one goes through
here, so that an undecided branch can be run, rolled back, and merged with the other one, and so
that a call knows whether it wrote to anything older than itself.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterable
from typing import Any

from conv_lsp.values import MISSING, Derived, Dict, Instance, List, Unknown, Value, join, same

Entry = tuple[Any, Any, Value]
"""(container, key, value before); for a list or set as a whole the key is WHOLE, the value a copy."""

WHOLE: Any = type("Whole", (), {"__repr__": lambda _: "WHOLE"})()
Change = dict[tuple[int, Any], tuple[Any, Any, Value]]
"""Locations by identity: (container, key, value after)."""


NEWBORN = sys.maxsize
"""Birth of an object whose constructor runs: its writes to itself are nobody else's business, and
no call on it is like any other.
"""


class Store:
    """Births, writes and the log of what to undo."""

    __slots__ = ("clock", "epoch", "log", "marks", "oldest", "rewinds", "world", "writes")

    def __init__(self) -> None:
        self.clock = 1
        """Serial number of the newest object."""
        self.oldest = self.clock
        """Birth of the oldest object written to since it was last reset."""
        self.world = 0
        """Counts the writes that a call cannot see in its arguments."""
        self.epoch = 0
        """Counts the writes to module attributes; structural keys are valid within one."""
        self.rewinds = 0
        """Counts the changes that are made to attributes without naming their object."""
        self.writes = 0
        """Counts all writes but those to variables of functions."""
        self.log: list[Entry] = []
        self.marks = 0

    # -- births and writes --------------------------------------------------------------------

    def born(self) -> int:
        """The serial number of a new object."""
        self.clock += 1
        return self.clock

    def wrote(self, birth: int, call_start: int) -> None:
        """Note a write to an object; one older than the running call is seen by the world."""
        self.writes += 1
        if birth < self.oldest:
            self.oldest = birth
        if birth < call_start:
            self.world += 1

    def set_item(self, container: dict[Any, Value], key: Any, value: Value) -> None:
        """`container[key] = value`."""
        if self.marks:
            self.log.append((container, key, container.get(key, MISSING)))
        container[key] = value

    def delete(self, container: dict[Any, Value], key: Any) -> None:
        """`del container[key]`."""
        if self.marks:
            self.log.append((container, key, container.get(key, MISSING)))
        container.pop(key, None)

    def before_change(self, container: list[Value] | set[Value] | dict[Any, Value]) -> None:
        """Remember the content of a container that is about to be changed in place."""
        self.writes += 1
        if self.marks:
            self.log.append((container, WHOLE, _copy(container)))

    # -- branches -----------------------------------------------------------------------------

    def begin(self) -> int:
        """Start logging; a mark to roll back to."""
        self.marks += 1
        return len(self.log)

    def end(self, mark: int) -> None:
        """The mark is not needed any more."""
        self.marks -= 1
        if not self.marks:
            self.log.clear()

    def changes(self, mark: int) -> Change:
        """What has changed since the mark, with the values of now."""
        seen: Change = {}
        for container, key, _ in self.log[mark:]:
            at = (id(container), key)
            if at not in seen:
                seen[at] = (container, key, _now(container, key))
        return seen

    def before(self, mark: int) -> Change:
        """What has changed since the mark, with the values of then."""
        seen: Change = {}
        for container, key, old in self.log[mark:]:
            seen.setdefault((id(container), key), (container, key, old))
        return seen

    def steady(self, mark: int) -> bool:
        """Whether what was written since the mark is as it was: the same, or as little known."""
        return all(
            same(old, now) or (isinstance(old, Unknown) and isinstance(now, Unknown))
            for (_, _, old), (_, _, now) in zip(
                self.before(mark).values(), self.changes(mark).values(), strict=True
            )
        )

    def aside(self) -> tuple[list[Entry], int]:
        """Put the log aside: what is written until `back` stays on every path."""
        kept = (self.log, self.marks)
        self.log, self.marks = [], 0
        return kept

    def back(self, kept: tuple[list[Entry], int]) -> None:
        """Go on with the log that was put aside."""
        self.log, self.marks = kept

    def rollback(self, mark: int) -> Change:
        """Undo everything since the mark; the changes that were undone."""
        changed = self.changes(mark)
        for container, key, old in reversed(self.log[mark:]):
            _put(container, key, old)
        del self.log[mark:]
        if changed:
            self.epoch += 1
            self.rewinds += 1
        return changed

    def apply(self, changed: Change) -> None:
        """Make undone changes again."""
        for container, key, value in changed.values():
            self._write(container, key, value)

    def merge(self, one: Change, other: Change, why: str, local: dict[str, Value]) -> None:
        """Of two alternative sets of changes to the present state: what holds either way.

        A variable that only one of them binds has that value: on the other path it cannot be used.
        """
        for at in {**one, **other}:
            container, key, _ = one.get(at) or other[at]
            now = _now(container, key)
            a = one[at][2] if at in one else now
            b = other[at][2] if at in other else now
            if a is MISSING or b is MISSING:
                value = (b if a is MISSING else a) if container is local else _perhaps(why, a, b)
            else:
                value = _join(container, key, a, b, why)
            self._write(container, key, value)

    def blur(self, mark: int, why: str, keep: dict[str, Value] | None = None) -> None:
        """Join every value written since the mark with the one before: the writes may not happen."""
        before = self.before(mark)
        self.merge({}, before, why, keep if keep is not None else {})

    def _write(self, container: Any, key: Any, value: Value) -> None:
        if self.marks:
            old = _copy(container) if key is WHOLE else container.get(key, MISSING)
            self.log.append((container, key, old))
        _put(container, key, value)
        self.epoch += 1
        self.rewinds += 1


def _perhaps(why: str, a: Value, b: Value) -> Value:
    return join(None, b if a is MISSING else a, why)


def _join(container: Any, key: Any, a: Value, b: Value, why: str) -> Value:
    if key is not WHOLE:
        return join(a, b, why)
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        joined = List([join(x, y, why) for x, y in zip(a, b, strict=True)])
        joined.vague = getattr(a, "vague", "") or getattr(b, "vague", "")
        return joined
    vague = List(a) if isinstance(a, list) else Dict()
    vague.vague = why
    return vague


def _now(container: Any, key: Any) -> Value:
    return _copy(container) if key is WHOLE else container.get(key, MISSING)


def _copy(container: Any) -> Any:
    if isinstance(container, List):
        twin = List(container)
        twin.vague = container.vague
        return twin
    if isinstance(container, Dict):
        whole = Dict(container.items())
        whole.vague = container.vague
        return whole
    return copy.copy(container)


def _put(container: Any, key: Any, value: Value) -> None:
    if key is WHOLE:
        if isinstance(container, list):
            container[:] = value
        else:
            container.clear()
            container.update(value)
        if isinstance(container, (List, Dict)):
            container.vague = getattr(value, "vague", "")
    elif value is MISSING:
        container.pop(key, None)
    else:
        container[key] = value


def escape(values: Iterable[Value], depth: int = 0) -> None:
    """Containers that become reachable from an older object count as old as that."""
    for value in values:
        if isinstance(value, (List, Dict)) and value.birth:
            value.birth = 0
            if depth < 4:
                escape(value if isinstance(value, List) else value.values(), depth + 1)
                if isinstance(value, Derived):
                    escape(value.__dict__.values(), depth + 1)
        elif isinstance(value, tuple) and depth < 4:
            escape(value, depth + 1)
        elif isinstance(value, Instance) and value.birth and depth < 4:
            value.birth = 0
            escape(value.__dict__.values(), depth + 1)
