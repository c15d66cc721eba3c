"""What running code leaves behind: a tree of call records.

A record is what one call of one function did. Equal calls share a record; each `Use` says where
it was called from, on which module, and how the links of its arguments translate.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from conv_lsp.axes import Axis
from conv_lsp.dims import Comparison
from conv_lsp.findings import Rule
from conv_lsp.source import Statement
from conv_lsp.values import Instance, Module, Site, Tensor, Value

Needed = tuple[Comparison, Site, Rule]
"""What must hold of sizes for the code to run on, where, and what is complained of where it does not."""
Noted = tuple[ast.AST, Value, bool]
"""(node, its value, whether it is certain to have run when its function runs)."""


@dataclass(slots=True)
class Complaint:
    """A finding before it has a place in the file: `at` is the argument at fault, if written."""

    rule: Rule
    site: Site
    at: ast.AST | None
    message: str
    certain: bool
    layer: Module | None = None
    raised: bool = False
    words: tuple[tuple[str, object], ...] = ()
    owner: Instance | None = None
    """The object that lacks an attribute, where that is what is wrong."""


@dataclass(slots=True)
class Record:
    """One call: facts, findings and undecided conditions in order, and the uses of the records of
    calls inside it.
    """

    statement: Statement
    name: str
    start: int
    module: Module | None = None
    facts: list[Noted] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    conditions: list[Needed] = field(default_factory=list)
    left_at: tuple[int, int, int] | None = None
    """How many complaints, uses and conditions there were where it may first have returned: all that
    comes after may not happen.
    """


@dataclass(slots=True)
class Use:
    """One place where a call stands in its caller's record. A library layer has no record."""

    site: Site
    record: Record | None
    module: Module | None
    inputs: tuple[Value, ...]
    output: Value
    certain: bool
    links: Mapping[Axis, Axis | None] | None = None
    """From the links of the recorded arguments to those of this use; None where they are the same."""
    fact_at: int = 0
    """How many facts its caller had noted before; keeps the order of execution."""
    pairs: tuple[tuple[Module, Module], ...] = ()
    """Arguments of the recorded call, and the equal ones that stand in their place in this use."""
    twins: Mapping[int, Module] | None = None
    """The same for all modules of a constructed object, by identity."""
    named: Mapping[str, Value] | None = None
    """The arguments that were given by name; those of a library layer are among the inputs, last."""
    caught: bool = False
    """Of a record that stands for an equal call: whether what goes wrong in it may be made good."""
    relinked: dict[Axis, Axis | None] = field(default_factory=dict)
    """Links of the record as they are in this use, as far as they have been asked for."""


@dataclass(slots=True)
class Remembered:
    """A record that can stand for an equal call, with what it returned."""

    record: Record
    axes: tuple[Axis, ...]
    result: Value
    inputs: tuple[Value, ...] = ()
    """The arguments of the recorded call."""
    parts: Sequence[tuple[Module, Module]] = ()
    """Of a constructed object: the modules in it, and their copies in `result`."""
    code: frozenset[int] = frozenset()
    """Identities of the definitions that ran in it."""
    world: int = 0
    """The state of what calls share, as the store counts it, in which it ran."""


def sample(value: Value, depth: int = 0) -> Value:
    """A tensor, or a container's tensors as nested tuples (None for what is no tensor).

    MISSING-free and immutable: what a fact keeps of a list that may still change.
    """
    if value.__class__ is Tensor:
        return value
    if depth < 4 and isinstance(value, (tuple, list, dict)) and 0 < len(value) <= 64:
        parts = value.values() if isinstance(value, dict) else value
        kept = tuple([sample(part, depth + 1) for part in parts])
        return kept if any(k is not None for k in kept) else None
    return None


def needs_of(record: Record) -> list[Needed]:
    """The conditions of a record and of what is certain to run below it."""
    return [need for part in certain_records(record) for need in part.conditions[: ends(part)[2]]]


def fails(record: Record) -> bool:
    """Whether it is certain that a call raises, whatever the sizes are."""
    return any(
        complaint.certain and complaint.rule.severity == "error"
        for part in certain_records(record)
        for complaint in part.complaints[: ends(part)[0]]
    )


def ends(record: Record) -> tuple[int | None, int | None, int | None]:
    """How many complaints, uses and conditions of a record are certain to come; None for all."""
    return record.left_at or (None, None, None)


def certain_records(record: Record) -> Iterator[Record]:
    """A record and all that are certain to be run below it, each once."""
    todo, seen = [record], {id(record)}
    while todo:
        found = todo.pop()
        yield found
        for use in reversed(found.uses[: ends(found)[1]]):
            if (
                use.certain
                and not use.caught
                and use.record is not None
                and id(use.record) not in seen
            ):
                seen.add(id(use.record))
                todo.append(use.record)
