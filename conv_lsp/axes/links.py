"""The links: nodes of the graph, and what makes, cuts and replaces them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from conv_lsp.axes.states import Join, State
from conv_lsp.dims import Dim, product
from conv_lsp.windows import Adaptive, Repeat, Step, Whole, Window

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
        self.states: dict[tuple[Source, Join], State] = {}


class Source(Axis):
    """An axis of a network input; size: how many units it has, if that is told."""

    __slots__ = ("name", "size")

    def __init__(self, name: str, size: Dim | None = None) -> None:
        super().__init__()
        self.name = name
        self.size = size

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


class Slid(Axis):
    __slots__ = ("size", "step")

    def __init__(self, step: Step, of: Axis, size: Dim) -> None:
        super().__init__(of)
        self.step = step
        self.size = size


class Joined(Axis):
    __slots__ = ()


class WholeAxis(Axis):
    __slots__ = ()


class Merged(Axis):
    """of: the axes with the None among them; sizes: theirs, or empty where they do not matter."""

    __slots__ = ("of", "sizes")

    def __init__(self, of: tuple[Axis | None, ...], sizes: tuple[Dim, ...]) -> None:
        super().__init__(*_linked(of))
        self.of = of
        self.sizes = sizes


class Lost(Axis):
    __slots__ = ()


class Cut(Axis):
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


class Gathered(Axis):
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
    return Slid(step, of, size)


def step_of(axis: Axis | None) -> tuple[Step, Dim] | None:
    """The step that made an axis and the size it worked on, if a step made it."""
    return (axis.step, axis.size) if isinstance(axis, Slid) else None


def is_joined(axis: Axis) -> bool:
    """Whether unit i of it sees unit i of each of its parts, and no more."""
    return isinstance(axis, Joined)


def is_whole(axis: Axis) -> bool:
    """Whether each unit of it sees all units of its parts."""
    return isinstance(axis, WholeAxis)


def joined(*axes: Axis | None) -> Axis | None:
    """Unit i sees unit i of each of the axes: a sum, a `cat` of channels, a product.

    An axis of size 1 that is broadcast must be slid by `Expand` first.
    """
    linked = _linked(axes)
    return Joined(*linked) if len(linked) > 1 else linked[0] if linked else None


def whole(*axes: Axis | None) -> Axis | None:
    """Each unit sees all units of each of the axes: global pooling, attention, `Linear`."""
    linked = _linked(axes)
    return WholeAxis(*linked) if linked else None


def merged(*axes: Axis | None, sizes: tuple[Dim, ...] = ()) -> Axis | None:
    """Several axes flattened into one, None for those without a link.

    A unit is one combination of theirs: there is no field until `whole` makes it global. With
    their sizes told, `cut` finds them again.
    """
    if len(axes) == 1:
        return axes[0]
    return Merged(axes, sizes) if any(axes) else None


def cut(axis: Axis | None, size: Dim, sizes: tuple[Dim, ...]) -> tuple[Axis | None, ...]:
    """An axis of `size` units as several, the last of them the fastest.

    The first then stands for runs of units, with the window that a run is; the axes that were
    merged come back.
    """
    if axis is None:
        return (None,) * len(sizes)
    inner = axis
    while isinstance(inner, Cut):
        inner = inner.made
    if not isinstance(inner, (Joined, WholeAxis, Merged)) and not _repeats(inner, sizes):
        return _cut_node(axis, size, sizes)
    found = _cuts(inner, size, sizes)
    return tuple(
        [None if part is None else Cut(axis, size, sizes, found, i) for i, part in enumerate(found)]
    )


def _cuts(axis: Axis, size: Dim, sizes: tuple[Dim, ...]) -> tuple[Axis | None, ...]:
    """As `cut`, with the axes that are found inside."""
    found: dict[Axis, tuple[Axis | None, ...]] = {}
    pending = [axis]
    while pending:
        node = pending[-1]
        if node in found:
            pending.pop()
        elif isinstance(node, Cut):
            if node.made in found:
                found[node] = found[node.made]
            else:
                pending.append(node.made)
        elif isinstance(node, Joined) and (new := [p for p in node.parts if p not in found]):
            pending.extend(new)
        elif isinstance(node, Joined):
            cuts = [found[part] for part in node.parts]
            found[node] = tuple(joined(*places) for places in zip(*cuts, strict=True))
        else:
            found[node] = _cut_node(node, size, sizes)
    return found[axis]


def _repeats(node: Axis, sizes: tuple[Dim, ...]) -> bool:
    """Whether each unit of the first axis is one that was repeated."""
    if not isinstance(node, Slid) or not isinstance(node.step, Repeat):
        return False
    return node.step.factor == product(sizes[1:])


def _cut_node(node: Axis, size: Dim, sizes: tuple[Dim, ...]) -> tuple[Axis | None, ...]:
    if isinstance(node, WholeAxis):
        return (node,) * len(sizes)
    if isinstance(node, Merged) and node.sizes == sizes:
        return node.of
    run = product(sizes[1:])
    if _repeats(node, sizes):
        return (node.parts[0], *(None,) * (len(sizes) - 1))
    if isinstance(node, (Merged, Lost)):
        return (lost(node),) * len(sizes)
    return (slid(Window(run, run), node, size), *(None,) * (len(sizes) - 1))


def lost(*axes: Axis | None) -> Axis | None:
    """The units see something of the axes, and what is not known, not even under `whole`."""
    linked = _linked(axes)
    return Lost(*linked) if linked else None


def gathered(*axes: Axis | None, seen: Axis | None = None) -> Axis | None:
    """What the units of a tensor see through any of its axes; `seen`: what all of them see.

    There is no field where units see the same input along two axes, as the scores of attention do.
    """
    of = tuple([axis for axis in axes if axis is not None])
    return Gathered(of, seen) if len(of) > 1 or (of and seen) else of[0] if of else seen


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


def _rebuilt(node: Axis, parts: Sequence[Axis | None]) -> Axis | None:
    """The same kind of axis over other parts."""
    if isinstance(node, Slid):
        return slid(node.step, parts[0], node.size)
    if isinstance(node, Joined):
        return joined(*parts)
    if isinstance(node, Cut):
        return node.over(parts[-1])
    if isinstance(node, WholeAxis):
        return whole(*parts)
    if isinstance(node, Merged):
        new = dict(zip(node.parts, parts, strict=True))
        return merged(*(None if of is None else new[of] for of in node.of), sizes=node.sizes)
    if isinstance(node, Gathered):
        new = dict(zip(node.parts, parts, strict=True))
        return gathered(*map(new.get, node.of), seen=None if node.seen is None else new[node.seen])
    return lost(*parts)
