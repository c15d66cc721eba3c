"""Readings of the links: fields on a source, why there is none, how far branches are apart."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from conv_lsp.axes.links import (
    Axis,
    Cut,
    Gathered,
    Joined,
    Lost,
    Merged,
    Slid,
    Source,
    WholeAxis,
)
from conv_lsp.axes.states import (
    LOST,
    NO_LINK,
    Join,
    Reading,
    State,
    all_lost,
    bypassing,
    largest,
    smallest,
)
from conv_lsp.dims import Dim, product
from conv_lsp.fields import GLOBAL, IDENTITY, MAX_PHASES, Field


def field(axis: Axis | None, source: Source) -> Reading:
    """The receptive field of the units of `axis` on `source`, over all paths."""
    return _reading(axis, source, largest)


def field_minimum(axis: Axis | None, source: Source) -> Reading:
    """The field over the smallest path: where paths join, the smallest of them is taken."""
    return _reading(axis, source, smallest)


def field_bypassing(axis: Axis | None, source: Source) -> Reading:
    """The field with global paths left out where others join them, e.g. squeeze-excitation."""
    return _reading(axis, source, bypassing)


def why_unknown(axis: Axis | None, source: Source) -> str:
    """Where the field of an axis is lost, in words; empty if it is known."""
    if field(axis, source) is not None:
        return ""
    node = axis
    while node is not None:
        deeper = (part for part in node.parts if field(part, source) is None)
        part = next(deeper, None)
        if part is None:
            break
        node = part
    if isinstance(node, Slid):
        return f"what {node.step.formula(node.size)} takes from where is not known"
    if isinstance(node, Joined):
        return "branches with different jumps join on an axis whose size is not known"
    if isinstance(node, Merged):
        if None in node.of and not node.sizes:
            return "the units of an axis were put in another order, or together with others"
        return "several axes were put together into one"
    if isinstance(node, Gathered):
        return "each unit sees the input along several axes"
    return "elements were picked or rearranged in a way that is not followed"


def misalignment(axis: Axis | None, source: Source) -> Fraction | None:
    """How far apart, in inputs, the centres are of what the paths see that join in an axis.

    After up-sampling the mean of a period counts, and of paths with different jumps the unit at
    which they are the furthest apart. None if fewer than two paths are known to see a part of the
    input that moves on with the units. Joins further down the paths are not looked at.
    """
    while isinstance(axis, Cut):
        axis = axis.made
    if not isinstance(axis, Joined):
        return None
    states = [field(part, source) for part in axis.parts]
    paths = [state for state in states if isinstance(state, Field) and state.advance > 0]
    if len(paths) < 2:
        return None
    if len({path.jump for path in paths}) == 1:
        period = lcm(*(path.period for path in paths))
        places = [(0, min(period, MAX_PHASES))]
    else:
        places = [(unit, 1) for unit in range(min(units_of(axis) or 0, MAX_PHASES))]
    furthest: Fraction | None = None
    for place in places:
        centres = [c for path in paths if (c := path.centre(*place)) is not None]
        if len(centres) > 1:
            apart = max(centres) - min(centres)
            furthest = apart if furthest is None else max(apart, furthest)
    return furthest


def _reading(axis: Axis | None, source: Source, join: Join) -> Reading:
    state = NO_LINK if axis is None else _state(axis, source, join)
    return None if state is LOST else state


def _state(axis: Axis, source: Source, join: Join) -> State:
    """The state of an axis, parts first; each axis keeps what was read from it."""
    key = source, join
    pending = [axis]
    while pending:
        node = pending[-1]
        if key in node.states:
            pending.pop()
        elif not node.parts:
            node.states[key] = IDENTITY if node is source else NO_LINK
        elif missing := [part for part in node.parts if key not in part.states]:
            pending.extend(missing)
        else:
            if isinstance(node, Gathered):
                node.states[key] = _gathered_state(node, key)
                continue
            if isinstance(node, Cut):
                node.states[key] = node.made.states[key]
                continue
            states = (part.states[key] for part in node.parts)
            linked = [state for state in states if state is not NO_LINK]
            node.states[key] = _combined(node, linked, join) if linked else NO_LINK
    return axis.states[key]


def _combined(node: Axis, states: Sequence[State], join: Join) -> State:
    """The state of a node from those of its parts that have a link."""
    if isinstance(node, Slid):
        state = states[0]
        return node.step.field(state, node.size) if isinstance(state, Field) else state
    if isinstance(node, Joined):
        return states[0] if len(states) == 1 else _joined_state(node, states, join)
    if isinstance(node, Lost) or all_lost(states):
        return LOST
    return GLOBAL if isinstance(node, WholeAxis) or GLOBAL in states else None


def _joined_state(node: Axis, states: Sequence[State], join: Join) -> State:
    """The state of several paths; the units are counted only where their number matters."""
    state = join(states, None)
    if state is None and not (None in states or LOST in states):
        units = units_of(node)
        return None if units is None else join(states, units)
    return state


def _gathered_state(node: Gathered, key: tuple[Source, Join]) -> State:
    """Of one axis that is linked, and of what all units see."""
    linked = [axis for axis in node.of if axis.states[key] is not NO_LINK]
    states = [axis.states[key] for axis in linked]
    if sum(isinstance(state, Field) for state in states) > 1:
        return None
    every = NO_LINK if node.seen is None else node.seen.states[key]
    if isinstance(every, Field) and linked:
        every = Field(1, 0, (every.of(0),))  # one unit, for all
    states += [] if every is NO_LINK else [every]
    if len(states) < 2:
        return states[0] if states else NO_LINK
    return _joined_state(linked[0] if linked else node, states, key[1])


def units_of(axis: Axis) -> int | None:
    """The size of an axis, if a step on the way to it or its source tells a number."""
    seen: set[Axis] = set()
    pending = [axis]
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        size: Dim | None = None
        if isinstance(node, Slid):
            size = node.step.size(node.size)
        elif isinstance(node, Source):
            size = node.size
        elif isinstance(node, Merged) and node.sizes:
            size = product(node.sizes)
        if size is not None:
            return size if isinstance(size, int) else None
        if isinstance(node, (Joined, Cut)):
            pending.extend(node.parts[:1] if isinstance(node, Cut) else node.parts)
    return None
