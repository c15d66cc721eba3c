"""What rules of advice look at: the layers and functions that slide over an image."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from conv_lsp.analysis import Analysis, Context, Event, Fact
from conv_lsp.axes import Axis, step_of
from conv_lsp.dims import Dim
from conv_lsp.interp.records import Record
from conv_lsp.library.containers import Sequential
from conv_lsp.library.convolution_layers import ConvNd
from conv_lsp.library.module import Layer
from conv_lsp.library.pooling import Pool
from conv_lsp.source import Span
from conv_lsp.values import Module, Site, Tensor, Value
from conv_lsp.windows import Pad, Transposed, Window

CONVOLUTIONS = frozenset(f"conv{n}d" for n in (1, 2, 3))
TRANSPOSED = frozenset(f"conv_transpose{n}d" for n in (1, 2, 3))
POOLS = frozenset(f"{kind}_pool{n}d" for kind in ("max", "avg", "lp") for n in (1, 2, 3))
SLIDING = CONVOLUTIONS | TRANSPOSED | POOLS
"""Functions that slide, by their last name."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a slide does along one axis: over `size` units. `axis` is the link of its output.

    Padding by a layer before, and that of another mode than zeros, counts as the window's own.
    """

    step: Window | Transposed
    size: Dim
    axis: Axis


@dataclass(frozen=True, slots=True)
class Slide:
    """One layer (or function) in one context: it slides over an input.

    span: where the layer is made, or the function called: what to change.
    root: the model that it is in.
    input: None of a function.
    context: where it is called, in which its links are read.
    convolves: it has weights, so that its taps differ.
    windows: those of its turns that are windows, with the sizes that they slide over.
    """

    span: Span
    path: str
    context: Context
    root: Module | None
    input: Tensor | None
    output: Tensor
    turns: tuple[Turn, ...]
    convolves: bool
    windows: tuple[tuple[Window, Dim], ...]


class Network:
    """An analysis as rules of advice read it."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.places: dict[Site, Span | None] = {}
        """Of sites, where they are if that is in a file of the user's."""

    @cached_property
    def calls(self) -> list[Event]:
        """Calls that are certain, of models that run: none of a size worked out while one is made."""
        return [
            event
            for event in self.analysis.calls
            if event.context.certain and not event.context.building
        ]

    @cached_property
    def layers(self) -> list[Event]:
        """Those of the library's own layers, in order of execution; not of `Sequential`."""
        return [
            event
            for event in self.calls
            if event.context.use is not None
            and event.context.use.record is None
            and not isinstance(event.module, Sequential)
        ]

    @cached_property
    def made(self) -> dict[tuple[str, int], int]:
        """How many layers a line of a file makes."""
        modules = {id(event.module): event.module for event in self.layers}
        places = map(self.place, modules.values())
        return Counter((span.path, span.line) for span in places if span is not None)

    @cached_property
    def slides(self) -> list[Slide]:
        """Everything that slides: layers in order of execution, then functions."""
        alone = (events for events in self.analysis.events.values() if _alone(events))
        events = [*self.layers, *(event for events in alone for event in events)]
        layers = (slide for event in events if (slide := self.layer(event)) is not None)
        return [*layers, *self.functions()]

    @cached_property
    def by_node(self) -> dict[int, Fact]:
        """The facts of the analysed file by their syntax."""
        facts = self.analysis.facts.get(self.analysis.path, {}).values()
        return {id(fact.node): fact for fact in facts}

    @cached_property
    def records(self) -> list[Record]:
        """What every call left behind, those of equal calls once."""
        seen: dict[int, Record] = {}
        todo = [record for run in self.analysis.runs for record in run.records]
        while todo:
            record = todo.pop()
            if id(record) not in seen:
                seen[id(record)] = record
                todo.extend(use.record for use in record.uses if use.record is not None)
        return list(seen.values())

    @cached_property
    def own_calls(self) -> frozenset[int]:
        """Identities of the calls of functions that are written out and of modules."""
        return frozenset(id(use.site.node) for record in self.records for use in record.uses)

    def argument(self, fact: Fact) -> Tensor | None:
        """The tensor that a call works on, if it is one: x of x.view(-1), or of torch.flatten(x)."""
        node = fact.node
        if not isinstance(node, ast.Call):
            return None
        owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        for place in (*owner, *node.args[:1]):
            known = self.by_node.get(id(place))
            if known is not None and len(known.readings) == 1:
                value = known.readings[0].value
                if isinstance(value, Tensor):
                    return value
        return None

    def place(self, module: Module) -> Span | None:
        """Where a module is made, if that is in a file of the user's."""
        made = module.made
        if made is None:
            return None
        if made not in self.places:
            path = made.statement.path
            own = not path.startswith("<") and self.analysis.in_workspace(path)
            self.places[made] = made.span if own else None
        return self.places[made]

    def layer(self, event: Event) -> Slide | None:
        """A call of a layer as a slide, if it is one."""
        module = event.module
        output = image(event.output) if isinstance(module, (ConvNd, Pool)) else None
        span = self.place(module) if output is not None else None
        if output is None or span is None:
            return None
        given = next((v for v in event.inputs if isinstance(v, Tensor)), None)
        before = given.axes if given is not None else ()
        turns = turns_of(output, {id(axis) for axis in before})
        if not turns:
            return None
        context = event.context.parent or event.context
        convolves, root = isinstance(module, ConvNd), event.context.root
        found = windows(turns)
        return Slide(span, event.path, context, root, given, output, turns, convolves, found)

    def functions(self) -> Iterator[Slide]:
        """The functions of the library that slide, where the analysed file calls them."""
        for fact in list(self.by_node.values()):
            name = called_name(fact.node)
            if name not in SLIDING or id(fact.node) in self.own_calls or not fact.current:
                continue
            for reading in fact.running:
                output = image(reading.value)
                turns = turns_of(output, set()) if output is not None else ()
                if output is None or not turns or not reading.certain or reading.building:
                    continue
                context, convolves = reading.context, name not in POOLS
                span = self.maker(context) or fact.span
                found = windows(turns)
                yield Slide(
                    span, context.path, context, context.root, None, output, turns, convolves, found
                )

    def maker(self, context: Context) -> Span | None:
        """Where a layer of the user's is made that derives from the library's and calls its function."""
        module = context.module
        return self.place(module) if isinstance(module, (ConvNd, Pool)) else None


def _alone(events: list[Event]) -> bool:
    """Whether they are what a layer does that nothing calls."""
    return events[0].context.use is None and isinstance(events[0].module, Layer)


def image(value: Value) -> Tensor | None:
    """The tensor that a layer gives, which may come with indices; None if its rank is not known."""
    if isinstance(value, (tuple, list)) and value:
        value = value[0]
    return value if isinstance(value, Tensor) and value.known else None


def turns_of(output: Tensor, before: set[int]) -> tuple[Turn, ...]:
    """What was done along each axis that is not one of those before."""
    found = []
    for axis in output.axes:
        made = step_of(axis)
        if axis is None or made is None or id(axis) in before:
            continue
        step, size = made
        if isinstance(step, Window):
            found.append(Turn(*padded(step, size, axis), axis))
        elif isinstance(step, Transposed):
            found.append(Turn(step, size, axis))
    return tuple(found)


def windows(turns: Iterable[Turn]) -> tuple[tuple[Window, Dim], ...]:
    """The windows among the turns, with the sizes that they slide over."""
    return tuple([(t.step, t.size) for t in turns if isinstance(t.step, Window)])


def padded(step: Window, size: Dim, axis: Axis) -> tuple[Window, Dim]:
    """A window that takes the padding of the step before as its own."""
    made = step_of(axis.parts[0])
    if made is None:
        return step, size
    pad, inner = made
    if not isinstance(pad, Pad):
        return step, size
    before, after = step.before + pad.before, step.after + pad.after
    return replace(step, before=before, after=after), inner


def called_name(node: ast.AST) -> str:
    """The last name of what a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
