"""Dilated convolutions in a row whose units leave out some of the positions that they span."""

from __future__ import annotations

from collections.abc import Iterator

from conv_lsp.advice.coverage import ITSELF, Coverage, union
from conv_lsp.advice.remarks import Remark
from conv_lsp.advice.slides import Network, Slide
from conv_lsp.analysis import Event
from conv_lsp.axes import Axis, is_joined, step_of
from conv_lsp.dims import Dim
from conv_lsp.findings import RULES
from conv_lsp.values import Tensor, Value
from conv_lsp.windows import Crop, Pad, Step, Window

RULE = RULES["gridding"]
SHOWN = 8
"""Dilations that a message lists."""


def gridding(network: Network) -> Iterator[Remark]:
    """Stacks of dilated convolutions with holes in what a unit of their end reads.

    A stack begins at the map that was last made smaller or larger, and ends where the next such map
    is made: a convolution with dilation 1 before or behind fills the holes, and so does a shortcut.
    Wang et al., "Understanding Convolution for Semantic Segmentation" (WACV 2018), and Yu et al.,
    "Dilated Residual Networks" (CVPR 2017), show what the holes do.
    """
    slides = [s for s in network.slides if any(_dilated(w) for w, _ in s.windows)]
    if len(slides) < 2:
        return
    makers = {id(axis): slide for slide in slides for axis in _axes(slide)}
    graph = Coverages(makers)
    for axis in _ends(network):
        graph.read(axis)
    for slide, coverage in graph.holes():
        rates = [*map(str, coverage.rates)]
        if len(rates) > SHOWN:
            rates = ["…", *rates[-SHOWN:]]
        words = {"rates": ", ".join(rates), "read": coverage.read, "span": coverage.span}
        yield Remark(RULE, slide.span, slide.path, words)


def _dilated(window: Window) -> bool:
    match (window.dilation, window.kernel):
        case (int(dilation), int(kernel)):
            return dilation > 1 and kernel > 1
    return False


def _axes(slide: Slide) -> Iterator[Axis]:
    """The links of a slide's axes as they are in the whole network."""
    for turn in slide.turns:
        axis = slide.context.axis(turn.axis)
        if axis is not None:
            yield axis


def _ends(network: Network) -> Iterator[Axis]:
    """The axes of what the models give."""
    roots = {id(module) for _, module, _ in network.analysis.roots}
    for event in network.calls:
        if id(event.module) in roots:
            yield from _axes_of(event.output, event)


def _axes_of(value: Value, event: Event) -> Iterator[Axis]:
    if isinstance(value, Tensor):
        outer = event.context.parent or event.context
        for link in (*value.axes, value.seen):
            axis = outer.axis(link)
            if axis is not None:
                yield axis
    elif isinstance(value, (tuple, list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _axes_of(part, event)


class Coverages:
    """What units read of the map that their stack begins at, by axis.

    makers: the dilated convolutions by the identities of the axes that they make.
    """

    def __init__(self, makers: dict[int, Slide]) -> None:
        self.makers = makers
        self.known: dict[Axis, Coverage | None] = {}
        self.last: dict[Axis, Axis | None] = {}
        """The last dilated convolution of the longest stack that an axis is in."""
        self.ends: dict[Axis, list[Coverage | None]] = {}
        """What is read where stacks end, by their last dilated convolution."""

    def read(self, axis: Axis) -> None:
        """Work out an axis that is an end, and all that it is made of."""
        pending = [axis]
        while pending:
            node = pending[-1]
            if node in self.known:
                pending.pop()
            elif missing := [part for part in node.parts if part not in self.known]:
                pending.extend(missing)
            else:
                self.known[node], self.last[node] = self._node(node)
        self._end(axis, self.known[axis])

    def holes(self) -> Iterator[tuple[Slide, Coverage]]:
        """The last convolutions of stacks with holes at every end, and what is read at the first."""
        for last, ends in self.ends.items():
            slide = self.makers.get(id(last))
            first = ends[0]
            if slide is None or first is None:
                continue
            if all(c is not None and c.dilated > 1 and c.read < c.span for c in ends):
                yield slide, first

    def _end(self, axis: Axis, coverage: Coverage | None) -> None:
        last = self.last[axis]
        if last is not None:
            self.ends.setdefault(last, []).append(coverage)

    def _node(self, node: Axis) -> tuple[Coverage | None, Axis | None]:
        """What an axis reads, from its parts, and its last dilated convolution."""
        made = step_of(node)
        if made is not None:
            return self._slid(node, *made)
        if is_joined(node):
            return self._joined(node)
        for part in node.parts:
            self._end(part, self.known[part])
        return None if node.parts else ITSELF, None

    def _slid(self, node: Axis, step: Step, size: Dim) -> tuple[Coverage | None, Axis | None]:
        part = node.parts[0]
        before, last = self.known[part], self.last[part]
        if before is None:
            return None, None
        match step:
            case Window(int(kernel), 1, int(left), _, int(dilation)) if kernel and dilation:
                made = before.through(kernel, dilation, left)
                here = node if id(node) in self.makers and _dilated(step) else last
                if made is None or _too_wide(made, size):
                    return None, None
                return made, here
            case Window(int(kernel), _, int(left), _, int(dilation)) if kernel and dilation:
                self._end(part, before.through(kernel, dilation, left))
            case Pad(int(left), _):
                return before.moved(-left), last
            case Crop(int(offset), _, 1):
                return before.moved(offset), last
            case _:
                self._end(part, before)
        return ITSELF, None

    def _joined(self, node: Axis) -> tuple[Coverage | None, Axis | None]:
        parts = [self.known[part] for part in node.parts]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None, None
        made = union(known)
        longest = max(node.parts, key=self._length)
        return made, self.last[longest]

    def _length(self, axis: Axis) -> int:
        coverage = self.known[axis]
        return coverage.dilated if coverage is not None else 0


def _too_wide(coverage: Coverage, size: Dim) -> bool:
    """Whether it spans more than the map has: then positions may be left out that are not there."""
    return isinstance(size, int) and coverage.span > size
