"""What a fix looks at: the syntax of a finding, the layers it speaks of, and what arrived there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from conv_lsp.analysis import Analysis, Event, Fact
from conv_lsp.dims import Dim
from conv_lsp.findings import Finding
from conv_lsp.fixes.fix import Edit
from conv_lsp.source import Source, Span, Statement
from conv_lsp.values import Module, Tensor, Value

N = TypeVar("N", bound=ast.AST)

PRIMARY = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)
"""Expressions that a method can be called on without brackets."""


class Page:
    """The syntax of one file: nodes by place, and what is around them."""

    def __init__(self, analysis: Analysis, source: Source) -> None:
        self.analysis = analysis
        self.source = source
        self._parents: dict[int, dict[int, ast.AST]] = {}

    def span(self, statement: Statement, node: ast.AST) -> Span:
        return statement.span(node)

    def statement(self, span: Span) -> Statement | None:
        """The top-level statement around a place, if the file has it as it was parsed."""
        for statement in self.source.statements:
            whole = statement.span(statement.node)
            first = min([whole.line, *(statement.span(d).line for d in decorators(statement.node))])
            if (first, 0) <= (span.line, span.col) and span.end_line <= whole.end_line:
                if not (statement.stale or statement.broken):
                    return statement
        return None

    def at(self, span: Span) -> Place | None:
        """The expression (or else the statement) that covers exactly this."""
        statement = self.statement(span) if span.path == self.source.path else None
        if statement is None:
            return None
        found: ast.AST | None = None
        for node in ast.walk(statement.node):
            if hasattr(node, "lineno") and statement.span(node) == span:
                if found is None or isinstance(node, ast.expr):
                    found = node
        return None if found is None else Place(self, statement, found)

    def parents(self, statement: Statement) -> dict[int, ast.AST]:
        """For each node below a statement the one that holds it."""
        known = self._parents.get(id(statement))
        if known is None:
            known = {
                id(child): node
                for node in ast.walk(statement.node)
                for child in ast.iter_child_nodes(node)
            }
            self._parents[id(statement)] = known
        return known

    def text(self, span: Span) -> str:
        """The text of a stretch."""
        lines = self.source.lines[span.line - 1 : span.end_line]
        encoded = [line.encode("utf-8", "surrogatepass") for line in lines]
        encoded[-1] = encoded[-1][: span.end_col]
        encoded[0] = encoded[0][span.col :]
        return b"\n".join(encoded).decode("utf-8", "replace")


def decorators(node: ast.stmt) -> list[ast.expr]:
    """The decorators of a definition, which stand above it."""
    return getattr(node, "decorator_list", [])


@dataclass(frozen=True, slots=True)
class Place:
    """A node in its file."""

    page: Page
    statement: Statement
    node: ast.AST

    @property
    def span(self) -> Span:
        return self.statement.span(self.node)

    @property
    def text(self) -> str:
        return self.page.text(self.span)

    def of(self, node: ast.AST) -> Place:
        """Another node of the same statement."""
        return Place(self.page, self.statement, node)

    @property
    def parent(self) -> Place | None:
        """The node around."""
        around = self.page.parents(self.statement).get(id(self.node))
        return None if around is None else self.of(around)

    def around(self, *kinds: type[ast.AST]) -> Place | None:
        """The nearest node of these kinds that holds this one."""
        place = self.parent
        while place is not None and not isinstance(place.node, kinds):
            place = place.parent
        return place

    @property
    def call(self) -> Place | None:
        """The call that this is, or that this is an argument of."""
        return self if isinstance(self.node, ast.Call) else self.taker

    @property
    def taker(self) -> Place | None:
        """The call that this is an argument of."""
        parent = self.parent
        if parent is not None and isinstance(parent.node, (ast.keyword, ast.Starred)):
            parent = parent.parent
        if parent is None or not isinstance(parent.node, ast.Call):
            return None
        return None if parent.node.func is self.node else parent

    @property
    def fact(self) -> Fact | None:
        """What the analysis knows of this place."""
        fact = self.page.analysis.facts.get(self.page.source.path, {}).get(self.span)
        return fact if fact is not None and fact.current else None

    @property
    def values(self) -> list[Value]:
        """What this was, each shape once; empty where it never ran."""
        fact = self.fact
        return [] if fact is None else [reading.value for reading in fact.running]

    @property
    def shapes(self) -> list[tuple[Dim, ...]]:
        """The shapes of this tensor in every context; empty if one of them is not known."""
        values = self.values
        known = [v.sizes for v in values if isinstance(v, Tensor) and v.known]
        return known if len(known) == len(values) else []

    def replaced(self, text: str) -> Edit:
        """The edit that puts something in its place."""
        return self.span, text

    def primary(self) -> str:
        """Its text, as a method can be called on it."""
        return self.text if isinstance(self.node, PRIMARY) else f"({self.text})"


@dataclass(slots=True)
class Scene:
    """A finding, with its words and what it is about."""

    page: Page
    finding: Finding

    @property
    def words(self) -> dict[str, object]:
        """What fills the finding's message."""
        return dict(self.finding.data)

    def number(self, word: str) -> int | None:
        """A word of the message, if it is a whole number."""
        value = self.words.get(word)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def place(self) -> Place | None:
        """What is underlined."""
        return self.page.at(self.finding.span)

    @property
    def made(self) -> Made | None:
        """The layer that the finding speaks of, if it is made in this file."""
        spans = {span for span, _ in self.finding.related if span.path == self.page.source.path}
        for event in self.page.analysis.calls:
            site = event.module.made
            if site is not None and site.span in spans:
                found = Made.at(self.page, site.span)
                if found is not None:
                    return found
        return None


@dataclass(frozen=True)
class Made:
    """A call that constructs layers, and every call of those, in all contexts."""

    place: Place

    @staticmethod
    def at(page: Page, span: Span) -> Made | None:
        """The construction at a place."""
        place = page.at(span)
        if place is None or not isinstance(place.node, ast.Call):
            return None
        return Made(place)

    @property
    def node(self) -> ast.Call:
        assert isinstance(self.place.node, ast.Call)
        return self.place.node

    @cached_property
    def events(self) -> list[Event]:
        """Every call of a layer that is made here."""
        span = self.place.span
        return [
            event
            for event in self.place.page.analysis.calls
            if event.module.made is not None and event.module.made.span == span
        ]

    @property
    def modules(self) -> list[Module]:
        """The layers that are called."""
        return list({id(e.module): e.module for e in self.events}.values())

    def called_by(self, call: Place) -> bool:
        """Whether this call, and no other, calls the layers: itself, not through a container."""
        span = call.span
        for event in self.events:
            outer = event.context.parent
            around = None if outer is None or outer.use is None else outer.use.site.span
            if event.context.use is None or event.context.use.site.span != span or around == span:
                return False
        return bool(self.events)

    def inputs(self) -> Iterator[tuple[Module, tuple[Dim, ...] | None]]:
        """For every call the layer and the shape of its first input, None where not known."""
        for event in self.events:
            first = event.inputs[0] if event.inputs else None
            known = isinstance(first, Tensor) and first.known
            yield event.module, first.sizes if isinstance(first, Tensor) and known else None
