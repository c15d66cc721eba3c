"""Receptive fields as text: of one tensor, and how they grow through a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice

from conv_lsp.analysis import Analysis, Context, Event, block_fields, fields, read
from conv_lsp.axes import Reading, Source, gathered, misalignment, sources, step_of, why_unknown
from conv_lsp.dims import Dim
from conv_lsp.library.module import Layer
from conv_lsp.present.text import minus
from conv_lsp.values import Module, Tensor
from conv_lsp.windows import GLOBAL, Field, Window

Axes = Sequence[tuple[Source, Reading, Reading]]
"""For each axis of the network's input: the field, and it with global steps by-passed."""


def field_text(readings: Sequence[Reading]) -> str:
    """7 or 7×5; "global"; "" where not known."""
    sizes = []
    for reading in readings:
        if reading is GLOBAL:
            sizes.append("global")
        elif isinstance(reading, Field):
            sizes.append(str(reading.size))
        else:
            return ""
    return along(sizes)


def along(texts: Iterable[str], between: str = "×") -> str:
    """What holds along each axis; once where it is the same along all."""
    told = list(texts)
    return told[0] if len(set(told)) == 1 else between.join(told)


def field_lines(value: Tensor, context: Context, inputs: Sequence[Tensor] = ()) -> list[str]:
    """receptive field 51×51 = 43 + (3 − 1)·4 · jump 8 · starts at −25 · 5% of the input."""
    found = fields(value, context)
    if not found:
        return []
    if not all(isinstance(r, Field) for _, r, _ in found):
        return [global_text(found, value, context)]
    known = [r for _, r, _ in found if isinstance(r, Field)]
    size = "×".join(size_of(r) for r in known)
    jumps = along(str(r.jump) if r.even else "varies" for r in known)
    starts = along((minus(r.start) for r in known), ", ")
    parts = [f"receptive field {size}{growth_text(found, value, context, inputs)}"]
    parts += [f"jump {jumps}", f"starts at {starts}"]
    share = share_text(found)
    if share:
        parts.append(share)
    rows = [" · ".join(parts)]
    rows.extend(block_lines(value, context, known))
    apart = misaligned(value, context)
    if apart:
        rows.append(f"branches are misaligned by {apart} input{'s' * (apart != 1)}")
    return rows


def misaligned(value: Tensor, context: Context) -> Fraction:
    """How far apart, in inputs, the branches are that join in a tensor."""
    links = [link for axis in value.axes if (link := context.axis(axis)) is not None]
    found = (misalignment(link, origin) for link in links for origin in sources(link))
    return max((apart for apart in found if apart is not None), default=Fraction(0))


def global_text(found: Axes, value: Tensor, context: Context) -> str:
    """A field that is no interval: global, with what is seen without the global steps."""
    text = field_text([r for _, r, _ in found])
    if not text:
        link = context.axis(gathered(*value.axes, seen=value.seen))
        reasons = (why_unknown(link, origin) for origin, reading, _ in found if reading is None)
        return "receptive field unknown" + "".join(f": {why}" for why in islice(reasons, 1))
    passed = field_text([b for _, _, b in found])
    more = f" (by-passing it {passed})" if passed and passed != text and passed != "global" else ""
    return f"receptive field: {'the whole input' if text == 'global' else text}{more}"


def size_of(reading: Field) -> str:
    """A size; of phases that differ the smallest and the largest."""
    sizes = reading.sizes
    return str(sizes[0]) if len(sizes) == 1 else f"({sizes[0]}…{sizes[-1]})"


def growth_text(found: Axes, value: Tensor, context: Context, inputs: Sequence[Tensor]) -> str:
    """What a window adds to the field of its input: = 43 + (3 − 1)·4. Empty for other steps."""
    shown = {origin: reading for origin, reading, _ in found}
    told: dict[str, None] = {}
    for axis in value.axes[2:]:
        made = step_of(axis)
        if axis is None or made is None or any(axis in given.axes for given in inputs):
            continue
        step = made[0]
        if not isinstance(step, Window) or not isinstance(step.reach, int) or step.reach < 1:
            continue
        for origin, before in read(context.axis(axis.parts[0])):
            now = shown.get(origin)
            if not isinstance(before, Field) or not isinstance(now, Field) or before.period > 1:
                continue
            if now.size == before.size + step.reach * before.jump:  # and sees nothing else
                told[f" = {before.size} + {_taps(step)}·{before.jump}"] = None
    return next(iter(told)) if len(told) == 1 else ""


def _taps(step: Window) -> str:
    """The reach of a window: (3 − 1), 2·(3 − 1) if it is dilated."""
    taps = f"({step.kernel} − 1)"
    return taps if step.dilation == 1 else f"{step.dilation}·{taps}"


def share_text(found: Axes) -> str:
    """How much of the input a unit sees at most: 5% of the input."""
    share = 1.0
    for origin, reading, _ in found:
        size = origin.size
        if not isinstance(size, int) or not isinstance(reading, Field) or size < 1:
            return ""
        share *= min(reading.size, size) / size
    if share == 1.0:
        return "covers the input"
    return f"{share:.0%} of the input" if share >= 0.1 else f"{max(share, 0.001):.1%} of the input"


def block_lines(value: Tensor, context: Context, known: Sequence[Field]) -> list[str]:
    """The field on the input of the module around, where that is not the network's."""
    own = [r for _, r in block_fields(value, context)]
    if (
        not own
        or not context.path
        or own == list(known)
        or not all(isinstance(r, Field) for r in own)
    ):
        return []
    jumps = along(str(r.jump) for r in own if isinstance(r, Field))
    return [f"within {context.path}: {field_text(own)} · jump {jumps}"]


# -- how a network's field grows --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Growth:
    """One module call with the field of its output, and what it adds to that of its input."""

    event: Event
    found: Axes
    added: int

    @property
    def known(self) -> list[Field]:
        return [r for _, r, _ in self.found if isinstance(r, Field)]

    @property
    def covers(self) -> bool:
        """Whether some unit sees the whole input."""
        return bool(self.found) and all(
            reading is GLOBAL or (isinstance(reading, Field) and _covers(reading, origin.size))
            for origin, reading, _ in self.found
        )


def _covers(reading: Field, size: Dim | None) -> bool:
    """Whether the field of some unit holds all of an axis of this size."""
    if not isinstance(size, int) or reading.size < size or reading.advance < 1:
        return False
    for phase, seen in enumerate(reading.phases):
        if seen is None:
            continue
        lo, hi = seen
        # The last unit of this phase that starts at or before the first input.
        turns = -lo // reading.advance
        if turns * reading.period + phase >= 0 and hi + turns * reading.advance >= size - 1:
            return True
    return False


class Summary:
    """How the receptive field grows through what an analysis ran."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    @cached_property
    def rows(self) -> list[Growth]:
        """Every module call whose output has a field, in order."""
        made = []
        for event in self.analysis.calls:
            output = event.output
            if not isinstance(output, Tensor) or not output.known or event.path == "?":
                continue
            outer = event.context.parent or event.context
            found = fields(output, outer)
            if found:
                made.append(Growth(event, found, added(event, outer, found)))
        return made

    @cached_property
    def layers(self) -> list[Growth]:
        """The rows of single layers, without what is made of others."""
        return [row for row in self.rows if is_single(row.event.module)]

    @property
    def covering(self) -> Growth | None:
        """The layer from which on a unit can see the whole input."""
        return next((row for row in self.layers if row.covers), None)

    @property
    def largest_step(self) -> Growth | None:
        """The layer that adds most to the field."""
        adding = [row for row in self.layers if row.added > 0]
        return max(adding, key=lambda row: row.added, default=None)

    @property
    def largest(self) -> Growth | None:
        """The last layer before the field is global or ends, with the largest field."""
        local = [row for row in self.layers if len(row.known) == len(row.found)]
        return max(local, key=lambda row: row.known[0].size, default=None)

    def lines(self) -> list[str]:
        """The summary in words."""
        told = []
        if (top := self.largest) is not None:
            size = "×".join(size_of(r) for r in top.known)
            told.append(f"the largest field is {size}, at {top.event.path or 'the network'}")
        if (first := self.covering) is not None:
            told.append(f"{first.event.path} is the first layer to cover the input")
        elif self.layers and all(isinstance(o.size, int) for o, _, _ in self.layers[-1].found):
            told.append("no layer covers the input")
        if (most := self.largest_step) is not None:
            told.append(f"{most.event.path} adds most ({most.added})")
        return told


def is_single(module: Module) -> bool:
    """Whether it is a layer of torch that holds no other modules."""
    return isinstance(module, Layer) and len(list(islice(module.tree(), 2))) == 1


def added(event: Event, outer: Context, found: Axes) -> int:
    """Inputs by which a call's output sees more than what it is given, along the axis of most."""
    before: dict[Source, int] = {}
    for given in event.inputs:
        if isinstance(given, Tensor):
            for origin, reading, _ in fields(given, outer):
                if isinstance(reading, Field):
                    before[origin] = max(before.get(origin, 0), reading.size)
    sizes = [(o, r.size) for o, r, _ in found if isinstance(r, Field)]
    return max((size - before[o] for o, size in sizes if o in before), default=0)
