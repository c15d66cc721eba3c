"""Facts: what every position of a file was, in every context."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from conv_lsp.axes import NO_LINK, Axis, Reading, field_bypassing, gathered, relink, sources
from conv_lsp.axes import Source as Origin
from conv_lsp.axes import field as field_of
from conv_lsp.entry import Run
from conv_lsp.interp.records import Use
from conv_lsp.source import (
    Span,
)
from conv_lsp.values import Module, Tensor, Unknown, Value

CONTEXTS = 64
"""Readings kept of one position."""


@dataclass(slots=True)
class Context:
    """Where in the tree of calls something happened."""

    run: Run
    parent: Context | None = None
    use: Use | None = None
    root: Module | None = None
    module: Module | None = None
    path: str = ""
    certain: bool = True
    building: bool = False
    left: bool = False
    """Whether a function may have returned before, under a condition that is not decided."""
    twins: Mapping[int, Module] | None = None
    """Modules of the record by identity -> the ones that stand in their place in this use."""
    around: Context | None = None
    """The nearest one further out that has twins."""

    def actual(self, module: Module) -> Module:
        """The module that a recorded call is on, in this use of the record."""
        context: Context | None = self
        while context is not None:
            if context.twins is not None:
                module = context.twins.get(id(module), module)
            context = context.around
        return module

    def axis(self, axis: Axis | None) -> Axis | None:
        """A recorded link as it is in this context: through the arguments of every use around."""
        context: Context | None = self
        while context is not None and axis is not None:
            use = context.use
            if use is not None and use.links and use.record is not None:
                axis = relink(axis, use.links, use.record.start, use.relinked)
            context = context.parent
        return axis

    def sites(self) -> Iterator[Span]:
        """The calls that led here, innermost first."""
        context: Context | None = self
        while context is not None:
            if context.use is not None:
                yield context.use.site.span
            context = context.parent

    def within(self, chosen: str) -> bool:
        """Whether it is the context of this label, or inside of it."""
        label = self.label
        return label == chosen or (label.startswith(chosen) and label[len(chosen)] in ". ")

    @property
    def label(self) -> str:
        """As the hover has it: resnet18 › layer2.0."""
        return f"{self.run.label} › {self.path}" if self.path else self.run.label


@dataclass(slots=True)
class Sighting:
    """What a position was once: a tensor, nested tuples of tensors, or a module."""

    value: Value
    context: Context
    certain: bool = True
    building: bool = False
    """Only ever while a module was made: a dummy pass that works out a size."""
    also: list[Context] = field(default_factory=list)
    """Other contexts in which it was the same."""


@dataclass(slots=True)
class Fact:
    """A position and its readings, in order of execution, each shape once."""

    span: Span
    node: ast.AST
    statement_node: ast.stmt
    readings: list[Sighting] = field(default_factory=list)
    current: bool = True
    _known: dict[object, Sighting] = field(default_factory=dict)

    def add(self, value: Value, context: Context, *, certain: bool) -> None:
        """One more reading, unless it says what another one says."""
        if value.__class__ is Tensor:
            key: object = value.shape if value.shape.__class__ is not Unknown else id(value.shape)
        else:
            key = id(value) if isinstance(value, Module) else shape_key(value)
        known = self._known.get(key)
        if known is not None:
            known.certain = known.certain or certain
            known.building = known.building and context.building
            if len(known.also) < CONTEXTS:
                known.also.append(context)
        elif len(self.readings) < CONTEXTS:
            self._known[key] = made = Sighting(value, context, certain, context.building)
            self.readings.append(made)

    @property
    def running(self) -> list[Sighting]:
        """The readings of a model that runs; those while it is built, if there are no others."""
        return [r for r in self.readings if not r.building] or self.readings

    @property
    def certain(self) -> bool:
        """Whether the position is certain to be reached."""
        return any(reading.certain for reading in self.readings)


@dataclass(slots=True)
class Event:
    """One call of a module."""

    module: Module
    inputs: tuple[Value, ...]
    output: Value
    context: Context
    path: str
    site: Span | None = None


def shape_key(value: Value) -> object:
    """What distinguishes two readings: the shapes."""
    if isinstance(value, Tensor):
        return value.shape if value.known else id(value.shape)
    if isinstance(value, tuple):
        return tuple(map(shape_key, value))
    return None


def fields(value: Tensor, context: Context) -> list[tuple[Origin, Reading, Reading]]:
    """For each axis of the network's input: the receptive field, and it with by-passed steps."""
    link = context.axis(gathered(*value.axes, seen=value.seen))
    return [(o, reading, field_bypassing(link, o)) for o, reading in read(link)]


def block_fields(value: Tensor, context: Context) -> list[tuple[Origin, Reading]]:
    """The receptive field on each axis of the input of the module whose forward this context is;
    empty outside of a module, and in one that is the network itself.
    """
    use = context.use
    if use is None or use.record is None or use.module is None or context.module is context.root:
        return []
    given = next((v for v in use.inputs if isinstance(v, Tensor)), None)
    if given is None or not given.known:
        return []
    recorded = {actual: axis for axis, actual in (use.links or {}).items() if actual is not None}
    own: dict[Axis, Axis | None] = {}
    for axis, size in zip(given.axes, given.sizes, strict=True):
        if axis is not None:
            own[recorded.get(axis, axis)] = Origin("", size)
    link = relink(gathered(*value.axes, seen=value.seen), own, use.record.start, {})
    made = set(own.values())
    return [(o, r) for o, r in read(link) if o in made]


def readings(value: Tensor, context: Context) -> list[Reading]:
    """For each axis of the network's input: the receptive field."""
    return [reading for _, reading in read(context.axis(gathered(*value.axes, seen=value.seen)))]


def read(link: Axis | None) -> list[tuple[Origin, Reading]]:
    """What a link leads to, in the order in which it was made, and what is seen of each."""
    origins = sorted(sources(link), key=lambda s: s.serial)
    return [(o, r) for o in origins if (r := field_of(link, o)) is not NO_LINK]
