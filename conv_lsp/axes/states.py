"""What can be known of an axis on a source, and how that of several paths becomes one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final, Literal, TypeAlias

from conv_lsp.fields import GLOBAL, Extent, Field


class Link(Enum):
    """What is known of an axis that has no field on a source."""

    NO_LINK = "no link"
    LOST = "lost"

    def __repr__(self) -> str:
        return self.name


NO_LINK: Final = Link.NO_LINK
LOST: Final = Link.LOST

# A field, GLOBAL, NO_LINK, or None where it is not known.
Reading: TypeAlias = Extent | Literal[Link.NO_LINK]

# As a `Reading`; of the unknown ones, LOST stays unknown where each unit sees the whole axis.
State: TypeAlias = Extent | Link

# How the states of several paths into one of so many units (None: not known how many) become one;
# NO_LINK is not among them.
Join: TypeAlias = Callable[[Sequence[State], "int | None"], State]


def all_lost(states: Sequence[State]) -> bool:
    return all(state is LOST for state in states)


def largest(states: Sequence[State], units: int | None) -> State:
    if GLOBAL in states:
        return GLOBAL
    if all_lost(states):
        return LOST
    fields = [state for state in states if isinstance(state, Field)]
    if len(fields) < len(states):
        return None
    union: Field | None = fields[0]
    for other in fields[1:]:
        if union is None:
            return None
        union = union.join(other, units)
    return union


def smallest(states: Sequence[State], units: int | None) -> State:  # noqa: ARG001  # as others
    if all_lost(states):
        return LOST
    if any(state is None or state is LOST for state in states):
        return None
    fields = [state for state in states if isinstance(state, Field)]
    if not fields:
        return GLOBAL
    # With different jumps the smallest path depends on what follows.
    if len({one.jump for one in fields}) > 1:
        return None
    return min(fields, key=lambda one: one.size)


def bypassing(states: Sequence[State], units: int | None) -> State:
    local = [state for state in states if state is not GLOBAL]
    return largest(local, units) if local else GLOBAL
