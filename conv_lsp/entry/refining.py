"""Calls on inputs of which little is known: the first use of one tells its shape, and the call starts again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from conv_lsp.dims import Dim, substitute
from conv_lsp.interp.machine import GUESSED, LIKELY, SURE, Machine
from conv_lsp.interp.records import Complaint, Record
from conv_lsp.interp.signals import Raised, Refined, Settled
from conv_lsp.values import Shape, Unknown, Value

RESTARTS = 4
"""Times that an entry starts again with inputs that it has refined."""

Inputs: TypeAlias = dict[str, Shape]
"""What is known of an entry's inputs, by parameter."""


def refining(m: Machine, work: Callable[[Inputs], Value], inputs: Inputs) -> Value:
    """Call a module; when an input's first use tells its shape, start again with it.

    A use that is not sure of the rank shows sizes and proves nothing: where it leads to complaints,
    less is believed. Of two runs the one with fewer complaints stays, and of its complaints those
    that come without any belief.
    """
    record = m.record
    assert record is not None
    result, learnt = believing(m, record, GUESSED, work, inputs)
    if not learnt or not any(complaints_in(record)):
        return result
    kept = list(record.uses)
    for level in (LIKELY, SURE):
        before = complaint_keys(record)
        record.uses.clear()
        other, _ = believing(m, record, level, work, inputs)
        after = complaint_keys(record)
        if len(after) < len(before):
            result, kept = other, list(record.uses)
        record.uses[:] = kept
        if level == SURE:
            keep_complaints(record, after)
    return result


def believing(
    m: Machine, record: Record, level: int, work: Callable[[Inputs], Value], inputs: Inputs
) -> tuple[Value, bool]:
    """Call a module, taking from uses of its inputs what they tell at this level of certainty."""
    first = inputs
    m.refinable = level
    for _ in range(RESTARTS):
        mark = m.store.begin()
        held = len(record.uses)
        try:
            return work(inputs), inputs is not first
        except (Refined, Settled) as lesson:
            inputs = learn(inputs, lesson)
            undo(m, record, mark, held)
        except Raised:
            return Unknown("it raises"), inputs is not first
        finally:
            m.store.end(mark)
            m.refinable = level
    return Unknown("the inputs are used in more than one way"), True


def undo(m: Machine, record: Record, mark: int, held: int) -> None:
    """Be as before a call that will be made again."""
    m.store.rollback(mark)
    m.rest()
    m.inputs.clear()
    m.record = record
    del record.uses[held:]


def complaint_keys(record: Record) -> set[object]:
    """All complaints of a record and below it."""
    return {complaint_key(c) for held in complaints_in(record) for c in held}


def keep_complaints(record: Record, keys: set[object]) -> None:
    """Take back all complaints of a record and below it but those that another run made too."""
    for held in complaints_in(record):
        held[:] = [c for c in held if complaint_key(c) in keys]


def complaint_key(complaint: Complaint) -> object:
    """What makes two complaints of two runs the same one."""
    return (complaint.rule.code, id(complaint.site.node), id(complaint.at))


def complaints_in(record: Record) -> Iterator[list[Complaint]]:
    """The lists of complaints of a record and of all below it that have some."""
    todo, seen = [record], {id(record)}
    while todo:
        found = todo.pop()
        if found.complaints:
            yield found.complaints
        for use in found.uses:
            if use.record is not None and id(use.record) not in seen:
                seen.add(id(use.record))
                todo.append(use.record)


def learn(inputs: Inputs, lesson: Refined | Settled) -> Inputs:
    """The inputs with what a use of them has told."""
    if isinstance(lesson, Refined):
        return {**inputs, lesson.unknown.parameter: lesson.shape}
    sizes: dict[str, Dim] = {lesson.symbol: lesson.value}
    return {
        name: tuple(d if isinstance(d, int) else substitute(d, sizes) for d in shape)
        for name, shape in inputs.items()
    }
