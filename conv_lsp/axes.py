"""How tensor axes descend from the axes of the network's inputs.

Each axis of a tensor links to the step that made it. The links form an immutable graph that is
built while a model is interpreted; receptive fields are read from it only when they are shown.
An axis of None has no link to any input (channels, constants).

A unit of a tensor may see an input through several of its axes, e.g. the channels that
squeeze-excitation made from the whole height: `field(gathered(*tensor_axes), source)` is the field
of the tensor, `field(axis, source)` what one of its axes contributes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from fractions import Fraction
from itertools import count
from math import lcm
from typing import Final, Literal, TypeAlias

from conv_lsp.dims import Dim, product
from conv_lsp.fields import GLOBAL, IDENTITY, MAX_PHASES, Extent, Field
from conv_lsp.windows import Adaptive, Repeat, Step, Whole, Window


class Link(Enum):
    """What is known of an axis that has no field on a source."""

    NO_LINK = "no link"
    LOST = "lost"

    def __repr__(self) -> str:
        return self.name


NO_LINK: Final = Link.NO_LINK
_LOST: Final = Link.LOST

# A field, GLOBAL, NO_LINK, or None where it is not known.
Reading: TypeAlias = Extent | Literal[Link.NO_LINK]

# As a `Reading`; of the unknown ones, LOST stays unknown where each unit sees the whole axis.
_State: TypeAlias = Extent | Link

# How the states of several paths into one of so many units (None: not known how many) become one;
# NO_LINK is not among them.
_Join: TypeAlias = Callable[[Sequence[_State], "int | None"], _State]

_serials = count()


def next_serial() -> int:
    """A serial above those of all axes so far and below those of all axes to come."""
    return next(_serials)


class Axis:
    """One axis of a tensor; compared by identity.

    serial: the order of creation. parts: the axes it is made of. states: what was read from it.
    """

    __slots__ = ("parts", "serial", "states")

    def __init__(self, *parts: Axis) -> None:
        self.serial = next(_serials)
        self.parts = parts
        self.states: dict[tuple[Source, _Join], _State] = {}


class Source(Axis):
    """An axis of a network input; size: how many units it has, if that is told."""

    __slots__ = ("name", "size")

    def __init__(self, name: str, size: Dim | None = None) -> None:
        super().__init__()
        self.name = name
        self.size = size

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


class _Slid(Axis):
    __slots__ = ("size", "step")

    def __init__(self, step: Step, of: Axis, size: Dim) -> None:
        super().__init__(of)
        self.step = step
        self.size = size


class _Joined(Axis):
    __slots__ = ()


class _Whole(Axis):
    __slots__ = ()


class _Merged(Axis):
    """of: the axes with the None among them; sizes: theirs, or empty where they do not matter."""

    __slots__ = ("of", "sizes")

    def __init__(self, of: tuple[Axis | None, ...], sizes: tuple[Dim, ...]) -> None:
        super().__init__(*_linked(of))
        self.of = of
        self.sizes = sizes


class _Lost(Axis):
    __slots__ = ()


class _Cut(Axis):
    """One of the axes that `of` was cut into, found inside of it: `made`.

    size, sizes, index, linked: what was asked, and which of the axes have a link. Over another
    axis the cut is made again: what is inside of that one may be something else.
    """

    __slots__ = ("index", "linked", "made", "of", "size", "sizes")

    def __init__(
        self, of: Axis, size: Dim, sizes: tuple[Dim, ...], found: tuple[Axis | None, ...], i: int
    ) -> None:
        made = found[i]
        assert made is not None
        super().__init__(made, of)
        self.made = made
        self.of = of
        self.size = size
        self.sizes = sizes
        self.index = i
        self.linked = tuple([part is not None for part in found])

    def over(self, of: Axis | None) -> Axis | None:
        """The same of another axis."""
        found = cut(of, self.size, self.sizes)
        if tuple([part is not None for part in found]) != self.linked:
            return lost(of)
        return found[self.index]


class _Gathered(Axis):
    """of: the axes of a tensor, and what all its units see (`seen`)."""

    __slots__ = ("of", "seen")

    def __init__(self, of: tuple[Axis, ...], seen: Axis | None) -> None:
        super().__init__(*_linked([*of, seen]))
        self.of = of
        self.seen = seen


def slid(step: Step, of: Axis | None, size: Dim) -> Axis | None:
    """The axis that a step makes of `of`, which has `size` units (the input's size)."""
    if of is None:
        return None
    if isinstance(step, Whole) or (isinstance(step, Adaptive) and step.out == 1):
        return whole(of)
    return _Slid(step, of, size)


def step_of(axis: Axis | None) -> tuple[Step, Dim] | None:
    """The step that made an axis and the size it worked on, if a step made it."""
    return (axis.step, axis.size) if isinstance(axis, _Slid) else None


def is_joined(axis: Axis) -> bool:
    """Whether unit i of it sees unit i of each of its parts, and no more."""
    return isinstance(axis, _Joined)


def is_whole(axis: Axis) -> bool:
    """Whether each unit of it sees all units of its parts."""
    return isinstance(axis, _Whole)


def joined(*axes: Axis | None) -> Axis | None:
    """Unit i sees unit i of each of the axes: a sum, a `cat` of channels, a product.

    An axis of size 1 that is broadcast must be slid by `Expand` first.
    """
    linked = _linked(axes)
    return _Joined(*linked) if len(linked) > 1 else linked[0] if linked else None


def whole(*axes: Axis | None) -> Axis | None:
    """Each unit sees all units of each of the axes: global pooling, attention, `Linear`."""
    linked = _linked(axes)
    return _Whole(*linked) if linked else None


def merged(*axes: Axis | None, sizes: tuple[Dim, ...] = ()) -> Axis | None:
    """Several axes flattened into one, None for those without a link.

    A unit is one combination of theirs: there is no field until `whole` makes it global. With
    their sizes told, `cut` finds them again.
    """
    if len(axes) == 1:
        return axes[0]
    return _Merged(axes, sizes) if any(axes) else None


def cut(axis: Axis | None, size: Dim, sizes: tuple[Dim, ...]) -> tuple[Axis | None, ...]:
    """An axis of `size` units as several, the last of them the fastest.

    The first then stands for runs of units, with the window that a run is; the axes that were
    merged come back.
    """
    if axis is None:
        return (None,) * len(sizes)
    inner = axis
    while isinstance(inner, _Cut):
        inner = inner.made
    if not isinstance(inner, (_Joined, _Whole, _Merged)) and not _repeats(inner, sizes):
        return _cut_node(axis, size, sizes)
    found = _cuts(inner, size, sizes)
    return tuple(
        [
            None if part is None else _Cut(axis, size, sizes, found, i)
            for i, part in enumerate(found)
        ]
    )


def _cuts(axis: Axis, size: Dim, sizes: tuple[Dim, ...]) -> tuple[Axis | None, ...]:
    """As `cut`, with the axes that are found inside."""
    found: dict[Axis, tuple[Axis | None, ...]] = {}
    pending = [axis]
    while pending:
        node = pending[-1]
        if node in found:
            pending.pop()
        elif isinstance(node, _Cut):
            if node.made in found:
                found[node] = found[node.made]
            else:
                pending.append(node.made)
        elif isinstance(node, _Joined) and (new := [p for p in node.parts if p not in found]):
            pending.extend(new)
        elif isinstance(node, _Joined):
            cuts = [found[part] for part in node.parts]
            found[node] = tuple(joined(*places) for places in zip(*cuts, strict=True))
        else:
            found[node] = _cut_node(node, size, sizes)
    return found[axis]


def _repeats(node: Axis, sizes: tuple[Dim, ...]) -> bool:
    """Whether each unit of the first axis is one that was repeated."""
    if not isinstance(node, _Slid) or not isinstance(node.step, Repeat):
        return False
    return node.step.factor == product(sizes[1:])


def _cut_node(node: Axis, size: Dim, sizes: tuple[Dim, ...]) -> tuple[Axis | None, ...]:
    if isinstance(node, _Whole):
        return (node,) * len(sizes)
    if isinstance(node, _Merged) and node.sizes == sizes:
        return node.of
    run = product(sizes[1:])
    if _repeats(node, sizes):
        return (node.parts[0], *(None,) * (len(sizes) - 1))
    if isinstance(node, (_Merged, _Lost)):
        return (lost(node),) * len(sizes)
    return (slid(Window(run, run), node, size), *(None,) * (len(sizes) - 1))


def lost(*axes: Axis | None) -> Axis | None:
    """The units see something of the axes, and what is not known, not even under `whole`."""
    linked = _linked(axes)
    return _Lost(*linked) if linked else None


def gathered(*axes: Axis | None, seen: Axis | None = None) -> Axis | None:
    """What the units of a tensor see through any of its axes; `seen`: what all of them see.

    There is no field where units see the same input along two axes, as the scores of attention do.
    """
    of = tuple([axis for axis in axes if axis is not None])
    return _Gathered(of, seen) if len(of) > 1 or (of and seen) else of[0] if of else seen


def field(axis: Axis | None, source: Source) -> Reading:
    """The receptive field of the units of `axis` on `source`, over all paths."""
    return _reading(axis, source, _largest)


def field_minimum(axis: Axis | None, source: Source) -> Reading:
    """The field over the smallest path: where paths join, the smallest of them is taken."""
    return _reading(axis, source, _smallest)


def field_bypassing(axis: Axis | None, source: Source) -> Reading:
    """The field with global paths left out where others join them, e.g. squeeze-excitation."""
    return _reading(axis, source, _bypassing)


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
    if isinstance(node, _Slid):
        return f"what {node.step.formula(node.size)} takes from where is not known"
    if isinstance(node, _Joined):
        return "branches with different jumps join on an axis whose size is not known"
    if isinstance(node, _Merged):
        if None in node.of and not node.sizes:
            return "the units of an axis were put in another order, or together with others"
        return "several axes were put together into one"
    if isinstance(node, _Gathered):
        return "each unit sees the input along several axes"
    return "elements were picked or rearranged in a way that is not followed"


def misalignment(axis: Axis | None, source: Source) -> Fraction | None:
    """How far apart, in inputs, the centres are of what the paths see that join in an axis.

    After up-sampling the mean of a period counts, and of paths with different jumps the unit at
    which they are the furthest apart. None if fewer than two paths are known to see a part of the
    input that moves on with the units. Joins further down the paths are not looked at.
    """
    while isinstance(axis, _Cut):
        axis = axis.made
    if not isinstance(axis, _Joined):
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


def sources(axis: Axis | None) -> frozenset[Source]:
    """The input axes that an axis descends from."""
    seen: set[Axis] = set()
    pending = [] if axis is None else [axis]
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending.extend(node.parts)
    return frozenset(node for node in seen if isinstance(node, Source))


def relink(
    axis: Axis | None,
    mapping: Mapping[Axis, Axis | None],
    since: int,
    memo: dict[Axis, Axis | None],
) -> Axis | None:
    """The same axis over other inputs: each axis of `mapping` is replaced.

    Axes older than the serial `since` stay as they are unless they are in `mapping` themselves,
    and so does what depends on no replaced axis. `memo` holds what is replaced so far, for use
    with the same mapping and `since` only.
    """
    if axis is None:
        return None
    pending = [axis]
    while pending:
        node = pending[-1]
        if node in memo:
            pending.pop()
        elif node in mapping:
            memo[node] = mapping[node]
        elif node.serial < since or not node.parts:
            memo[node] = node
        elif missing := [part for part in node.parts if part not in memo]:
            pending.extend(missing)
        else:
            parts = [memo[part] for part in node.parts]
            same = all(new is old for new, old in zip(parts, node.parts, strict=True))
            memo[node] = node if same else _rebuilt(node, parts)
    return memo[axis]


def _linked(axes: Iterable[Axis | None]) -> list[Axis]:
    """Without None and duplicates, in order."""
    return list(dict.fromkeys(axis for axis in axes if axis is not None))


def _reading(axis: Axis | None, source: Source, join: _Join) -> Reading:
    state = NO_LINK if axis is None else _state(axis, source, join)
    return None if state is _LOST else state


def _state(axis: Axis, source: Source, join: _Join) -> _State:
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
            if isinstance(node, _Gathered):
                node.states[key] = _gathered_state(node, key)
                continue
            if isinstance(node, _Cut):
                node.states[key] = node.made.states[key]
                continue
            states = (part.states[key] for part in node.parts)
            linked = [state for state in states if state is not NO_LINK]
            node.states[key] = _combined(node, linked, join) if linked else NO_LINK
    return axis.states[key]


def _combined(node: Axis, states: Sequence[_State], join: _Join) -> _State:
    """The state of a node from those of its parts that have a link."""
    if isinstance(node, _Slid):
        state = states[0]
        return node.step.field(state, node.size) if isinstance(state, Field) else state
    if isinstance(node, _Joined):
        return states[0] if len(states) == 1 else _joined_state(node, states, join)
    if isinstance(node, _Lost) or _all_lost(states):
        return _LOST
    return GLOBAL if isinstance(node, _Whole) or GLOBAL in states else None


def _joined_state(node: Axis, states: Sequence[_State], join: _Join) -> _State:
    """The state of several paths; the units are counted only where their number matters."""
    state = join(states, None)
    if state is None and not (None in states or _LOST in states):
        units = units_of(node)
        return None if units is None else join(states, units)
    return state


def _gathered_state(node: _Gathered, key: tuple[Source, _Join]) -> _State:
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
        if isinstance(node, _Slid):
            size = node.step.size(node.size)
        elif isinstance(node, Source):
            size = node.size
        elif isinstance(node, _Merged) and node.sizes:
            size = product(node.sizes)
        if size is not None:
            return size if isinstance(size, int) else None
        if isinstance(node, (_Joined, _Cut)):
            pending.extend(node.parts[:1] if isinstance(node, _Cut) else node.parts)
    return None


def _rebuilt(node: Axis, parts: Sequence[Axis | None]) -> Axis | None:
    """The same kind of axis over other parts."""
    if isinstance(node, _Slid):
        return slid(node.step, parts[0], node.size)
    if isinstance(node, _Joined):
        return joined(*parts)
    if isinstance(node, _Cut):
        return node.over(parts[-1])
    if isinstance(node, _Whole):
        return whole(*parts)
    if isinstance(node, _Merged):
        new = dict(zip(node.parts, parts, strict=True))
        return merged(*(None if of is None else new[of] for of in node.of), sizes=node.sizes)
    if isinstance(node, _Gathered):
        new = dict(zip(node.parts, parts, strict=True))
        return gathered(*map(new.get, node.of), seen=None if node.seen is None else new[node.seen])
    return lost(*parts)


def _all_lost(states: Sequence[_State]) -> bool:
    return all(state is _LOST for state in states)


def _largest(states: Sequence[_State], units: int | None) -> _State:
    if GLOBAL in states:
        return GLOBAL
    if _all_lost(states):
        return _LOST
    fields = [state for state in states if isinstance(state, Field)]
    if len(fields) < len(states):
        return None
    union: Field | None = fields[0]
    for other in fields[1:]:
        if union is None:
            return None
        union = union.join(other, units)
    return union


def _smallest(states: Sequence[_State], units: int | None) -> _State:  # noqa: ARG001  # as others
    if _all_lost(states):
        return _LOST
    if any(state is None or state is _LOST for state in states):
        return None
    fields = [state for state in states if isinstance(state, Field)]
    if not fields:
        return GLOBAL
    # With different jumps the smallest path depends on what follows.
    if len({one.jump for one in fields}) > 1:
        return None
    return min(fields, key=lambda one: one.size)


def _bypassing(states: Sequence[_State], units: int | None) -> _State:
    local = [state for state in states if state is not GLOBAL]
    return _largest(local, units) if local else GLOBAL
