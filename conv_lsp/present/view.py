"""One file of an analysis, with what its hints and its hovers look up in it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from conv_lsp.analysis import Analysis, Context, Event, Fact, Sighting
from conv_lsp.present.text import value_text
from conv_lsp.source import Span
from conv_lsp.values import Module, Tensor, Value

AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W"), 4: ("T", "D", "H", "W")}
"""What the axes after batch and channels are called."""


class View:
    """The facts of one file that speak of its text as it is now.

    chosen: the label of the context that is shown where there are several.
    """

    def __init__(self, analysis: Analysis, path: str, chosen: str = "") -> None:
        self.analysis = analysis
        self.path = path
        self.chosen = chosen
        self.facts = [f for f in analysis.facts.get(path, {}).values() if f.current]

    @cached_property
    def by_node(self) -> dict[int, Fact]:
        """Facts by their syntax."""
        return {id(f.node): f for f in self.facts}

    @cached_property
    def calls(self) -> dict[int, list[Event]]:
        """Module calls by the syntax that makes them."""
        found: dict[int, list[Event]] = {}
        for event in self.analysis.calls:
            if event.context.use is not None:
                found.setdefault(id(event.context.use.site.node), []).append(event)
        return found

    @cached_property
    def parameters(self) -> dict[int, list[Fact]]:
        """Facts of parameters by the line they end on."""
        found: dict[int, list[Fact]] = {}
        for fact in self.facts:
            if isinstance(fact.node, ast.arg):
                found.setdefault(fact.span.end_line, []).append(fact)
        return found

    def end_of(self, line: int) -> int:
        """Where a line ends: a hint there moves no code."""
        ends = self.analysis.line_ends
        return ends[line - 1] if line <= len(ends) else 0

    def outputs(self, fact: Fact) -> Iterator[tuple[Value, Context]]:
        """What a fact shows: tensors, or the outputs of the module that it is; in order."""
        seen: set[tuple[str, str]] = set()
        for reading in fact.running:
            value = reading.value
            if not isinstance(value, Module):
                yield value, self.shown_context(reading)
                continue
            for event in self.analysis.events.get(id(value), ()):
                key = (value_text(event.output), event.path)
                if key not in seen:
                    seen.add(key)
                    yield event.output, event.context.parent or event.context

    def shown_context(self, reading: Sighting) -> Context:
        """Of the contexts in which a reading holds, the chosen one, or the first."""
        if self.chosen and not reading.context.within(self.chosen):
            return next((c for c in reading.also if c.within(self.chosen)), reading.context)
        return reading.context

    def index(self, contexts: Iterable[Context]) -> int:
        """Which of several contexts is shown."""
        if not self.chosen:
            return 0
        return next((i for i, c in enumerate(contexts) if c.within(self.chosen)), 0)

    def first(self, fact: Fact) -> Sighting:
        """The reading that is shown."""
        running = fact.running
        return running[self.index(self.shown_context(r) for r in running)]

    def events_of(self, fact: Fact) -> list[Event]:
        """The module calls that a fact is: those of the module, or the one written there; the one
        that is shown first.
        """
        found = list(self._events(fact))
        at = self.index(e.context.parent or e.context for e in found)
        return [*found[at:], *found[:at]]

    def event_of(self, fact: Fact) -> Event | None:
        """The one of them that is shown."""
        found = self._events(fact)
        return (self.events_of(fact)[0] if self.chosen else found[0]) if found else None

    def _events(self, fact: Fact) -> Sequence[Event]:
        running = fact.running
        if not isinstance(running[0].value, Module):
            return self.calls.get(id(fact.node), ())
        events = self.analysis.events
        if len(running) == 1:
            return events.get(id(running[0].value), ())
        return [e for r in running for e in events.get(id(r.value), ())]

    def arguments(self, fact: Fact) -> list[Tensor]:
        """The tensors that a call is given, or that its method is of, in its first context."""
        node = fact.node
        if not isinstance(node, ast.Call):
            return []
        return self.first_tensors(*node.args, getattr(node.func, "value", None))

    def first_tensors(self, *nodes: object) -> list[Tensor]:
        """What of these expressions is a tensor in its first context."""
        values = [self.by_node.get(id(n)) for n in nodes]
        first = [self.first(f).value for f in values if f is not None and f.running]
        return [v for v in first if isinstance(v, Tensor)]


def name_of(fact: Fact) -> str:
    """The name that a fact is about, if it is one."""
    node = fact.node
    if isinstance(node, ast.arg):
        return node.arg
    return node.id if isinstance(node, ast.Name) else ""


def inside(span: Span, line: int, col: int) -> bool:
    """Whether a place lies in a span."""
    return (span.line, span.col) <= (line, col) <= (span.end_line, span.end_col)


def extent(span: Span) -> tuple[int, int]:
    """How much text a span covers, for comparison."""
    return (span.end_line - span.line, span.end_col - span.col)
