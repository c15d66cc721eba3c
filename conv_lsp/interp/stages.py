"""What an analysis of a file did, part by part, so that the next one begins where an edit is felt.

A part is a top-level statement or an entry. Before each it is noted how things stand. To begin
again at one, variables are put back and what ran since is forgotten; objects are as they were if
no part since has written to one that is older than the part to begin at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import Namespace
from conv_lsp.source import Statement
from conv_lsp.values import Value

PARTS = 400
"""Parts of a file, past which none is kept: each holds the variables of its beginning."""
REPEATS = 50
"""Times that one analysis goes on from another; then what has gathered is given up."""


@dataclass(slots=True)
class Part:
    """How things stood before a part, and what it did.

    wrote: birth of the oldest object that it wrote to. code: the definitions that ran in it.
    run: what an entry left.
    """

    key: object
    variables: dict[str, Value]
    functions: int
    roots: int
    trail: int
    clock: int
    world: int
    steps: int
    certain: bool
    inputs: frozenset[str]
    wrote: int = sys.maxsize
    code: frozenset[int] = frozenset()
    run: Any = None


@dataclass(slots=True)
class Stages:
    """The parts of one file in the order in which they ran."""

    machine: Machine
    space: Namespace
    statements: tuple[Statement, ...]
    """Those of the file; what is the same after an edit is the same object."""
    whole: Any = None
    """What the statements together left."""
    parts: list[Part] = field(default_factory=list)
    usable: bool = True
    """Whether a later analysis may go on from here."""
    repeats: int = 0
    earlier: dict[object, Part] = field(default_factory=dict)
    """Entries of the analysis before that an edit has not touched."""
    held: list[object] = field(default_factory=list)
    """Nodes that were taken out of the file, so that no other gets the identity of one."""

    def run(self, key: object, work: Callable[[], Any]) -> Any:
        """Do the work of a part, unless an equal one was done before."""
        m = self.machine
        if len(self.parts) >= PARTS:
            self.usable = False
            return work()
        known = self.earlier.get(key)
        part = self._begin(key)
        if known is not None and known.world == part.world:
            m.reach(*known.code)
            part.code, part.run = known.code, known.run
            return part.run
        outer = m.store.oldest
        m.store.oldest = m.store.clock + 1
        try:
            part.run = work()
        finally:
            part.wrote = m.store.oldest
            m.store.oldest = min(outer, part.wrote)
            part.code = m.ran_since(part.trail)
        return part.run

    def _begin(self, key: object) -> Part:
        m, space = self.machine, self.space
        part = Part(
            key=key,
            variables=dict(space.variables),
            functions=len(space.functions),
            roots=len(m.roots),
            trail=len(m.trail),
            clock=m.store.clock,
            world=m.store.world,
            steps=m.steps,
            certain=m.certain,
            inputs=frozenset(m.inputs),
        )
        self.parts.append(part)
        return part

    @property
    def entries(self) -> list[Part]:
        """The parts after those of the statements."""
        return self.parts[len(self.statements) :]

    def first_with(self, code: Collection[int]) -> int:
        """The first part in which one of these definitions ran."""
        for at, part in enumerate(self.parts):
            if not part.code.isdisjoint(code):
                return at
        return len(self.parts)

    def rewind(
        self, at: int, code: Collection[int] = (), new: Collection[Statement] = ()
    ) -> int | None:
        """Be as before the part `at`, or one further up, whose number is the result; definitions
        with these identities are not what they were, and these statements were not there. None if
        what has been written cannot be undone.
        """
        self.earlier.clear()
        if at >= len(self.parts):
            return at
        oldest = min(part.wrote for part in self.parts[at:])
        while self.parts[at].clock >= oldest:
            if at == 0:
                return None
            at -= 1
            oldest = min(oldest, self.parts[at].wrote)
        self._restore(self.parts[at], code)
        if at < len(self.statements):
            self.whole = None
        again = {name for s in (*self.statements[at:], *new) for name in s.names}
        if self.space.asked.isdisjoint(again):
            self.earlier = {
                part.key: part
                for part in self.entries
                if part.wrote > part.clock and part.code.isdisjoint(code)
            }
        else:  # what functions have read may have other values now
            self.machine.memo.clear()
        del self.parts[at:]
        return at

    def _restore(self, part: Part, code: Collection[int]) -> None:
        m, space = self.machine, self.space
        space.variables.clear()
        space.variables.update(part.variables)
        del space.functions[part.functions :]
        # Statements of other files, once run, stay so.
        m.roots[part.roots :] = [
            r for r in m.roots[part.roots :] if r.statement.path != space.source.path
        ]
        del m.trail[part.trail :]
        m.reached = set(m.trail)
        m.inputs = set(part.inputs)
        m.store.world = part.world
        m.steps = part.steps
        m.memo = {
            key: found
            for key, found in m.memo.items()
            if found.world <= part.world and found.code.isdisjoint(code)
        }
        m.rest()
        m.certain = part.certain
