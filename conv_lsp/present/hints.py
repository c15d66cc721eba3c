"""Inlay hints: what stands at the end of a line."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from conv_lsp.analysis import Analysis, Context, Event, Fact, readings
from conv_lsp.axes import Reading
from conv_lsp.comments import confirmed
from conv_lsp.config import Hints
from conv_lsp.present.growth import field_text
from conv_lsp.present.origin import places
from conv_lsp.present.text import layer_text, unknown, value_text
from conv_lsp.present.view import View, name_of
from conv_lsp.source import Span
from conv_lsp.values import Module, Tensor, Value

Kind: TypeAlias = Literal["layers", "values", "inputs"]
Role: TypeAlias = Literal[Kind, "updates", "dropped"]
ARROW = "⟶"
COUNT = re.compile(r" \(\d+ of \d+\)$")
SHOWN = 8
"""Contexts listed in a tooltip."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Text at the end of a line. `line` from 1, `col` in UTF-8 bytes.

    whole: the label in full where it was too long. size: how much of it is the size, without the receptive field and the count of
    contexts. decided: where the size was decided: a layer, the call that uses one, or the call that
    gave an input. contexts: what the line is wherever it runs, for the tooltip.
    """

    line: int
    col: int
    label: str
    kind: Kind
    size: int = field(default=0, compare=False)
    whole: str = field(default="", compare=False)
    decided: Span | None = field(default=None, compare=False)
    contexts: Sequence[tuple[Value, Context]] = field(default=(), repr=False, compare=False)

    @property
    def tooltip(self) -> str:
        """The label in full and every context with its value, in Markdown."""
        rows = [self.whole] if self.whole else []
        shown = self.contexts[:SHOWN]
        where = places([context for _, context in shown])
        if len(shown) == 1 and not shown[0][1].path:
            where = [""]  # the file or the network itself
        rows += [
            f"`{value_text(v)}` {at}".rstrip() for (v, _), at in zip(shown, where, strict=True)
        ]
        if len(self.contexts) > SHOWN:
            rows.append(f"… {len(self.contexts) - SHOWN} more")
        return "  \n".join(rows)


def hints(analysis: Analysis, path: str, settings: Hints, chosen: str = "") -> list[Hint]:
    """The inlay hints of a file, one a line at most, in order of lines."""
    view = View(analysis, path, chosen)
    parameters = view.parameters
    made = []
    told = confirmed(analysis, analysis.source) if path == analysis.path else frozenset()
    for line, (fact, kind) in sorted(widest(view, settings).items()):
        if line in told and kind == "values":
            continue  # a comment says it already
        if kind == "inputs":
            made.append(input_hint(view, line, parameters.get(line, [fact])))
        else:
            made.append(value_hint(view, fact, kind, settings))
    return [h for h in made if h is not None]


def widest(view: View, settings: Hints) -> dict[int, tuple[Fact, Kind]]:
    """For each line, the fact of the widest expression that ends there and is worth a hint."""
    best: dict[int, tuple[tuple[int, int, int], Fact, Kind]] = {}
    for fact in view.facts:
        role = roles(fact.statement_node).get(id(fact.node))
        if role is None and isinstance(fact.node, ast.arg):
            role = "inputs"
        if role == "dropped":  # a value that nothing takes: a layer made on a line of its own
            role = None if gives_its_owner(fact) else "layers"
        if role == "updates":  # the size is what it was
            role = "values" if settings.values == "all" else None
        if role is None or getattr(settings, kind_of(fact, role)) in (False, "off"):
            continue
        if role == "layers" and not isinstance(fact.running[0].value, Module):
            continue
        span = fact.span
        width = (role != "inputs", -span.line, -span.col)
        known = best.get(span.end_line)
        if known is None or (role == "inputs" and known[2] == "inputs") or width > known[0]:
            best[span.end_line] = (width, fact, kind_of(fact, role))
    return {line: (fact, kind) for line, (_, fact, kind) in best.items()}


def gives_its_owner(fact: Fact) -> bool:
    """Whether it is a method that gives a module which was there before: `model.train()`."""
    module = fact.running[0].value
    if not isinstance(module, Module) or not isinstance(
        getattr(fact.node, "func", None), ast.Attribute
    ):
        return False
    return module.made is None or module.made.span != fact.span


def kind_of(fact: Fact, role: Kind) -> Kind:
    """Layers are switched apart from values."""
    first = fact.running[0].value if fact.running else None
    return "layers" if isinstance(first, Module) else role


def value_hint(view: View, fact: Fact, kind: Kind, settings: Hints) -> Hint | None:
    """The hint of an expression."""
    outputs = list(view.outputs(fact))
    if not outputs:
        return None
    at = view.index(context for _, context in outputs)
    value, context = outputs[at]
    if unknown(value):
        return None
    if kind == "values" and settings.values == "changes" and is_as_before(view, fact, value):
        return None
    text = layer_text(value) if kind == "layers" else value_text(value)
    label = f"{ARROW} {text}"
    size = len(label)
    if kind == "layers" and settings.receptive_field:
        seen = field_text(fields_of(value, context))
        if seen:
            label += f" · RF {seen}"
    if len(outputs) > 1:
        label += f" ({at + 1} of {len(outputs)})"
    line = fact.span.end_line
    event = view.event_of(fact)
    where = decided(event, kind) if event is not None else None
    return Hint(line, view.end_of(line), label, kind, size, "", where, outputs)


def is_as_before(view: View, fact: Fact, value: Value) -> bool:
    """Whether a tensor has the size of one that it is made of."""
    if not isinstance(value, Tensor) or not value.known:
        return False
    names = (n for n in ast.walk(fact.node) if isinstance(n, (ast.Name, ast.Attribute)))
    return any(
        given.shape == value.shape and n is not fact.node
        for n in names
        for given in view.first_tensors(n)
    )


def fitted(hint: Hint, length: int) -> Hint:
    """The hint with its label no longer than `length`: first the count of contexts goes, then the
    receptive field. The tooltip has all of it.
    """
    if len(hint.label) <= length:
        return hint
    label = COUNT.sub("", hint.label)
    if len(label) > length:
        label = hint.label[: hint.size]
    if len(label) > length:
        label = label[: length - 1] + "…"
    return replace(hint, label=label, size=min(hint.size, len(label)), whole=hint.label)


def decided(event: Event, kind: Kind) -> Span | None:
    """Where a size comes from: of a layer's line the call that it is used in, of such a call the
    layer.
    """
    if kind == "layers":
        return event.context.use.site.span if event.context.use is not None else None
    return event.module.made.span if event.module.made is not None else None


def input_hint(view: View, line: int, facts: Sequence[Fact]) -> Hint | None:
    """x: (1, 3, 224, 224), for the parameters on a line."""
    shown = [(name_of(f), f, view.first(f)) for f in facts if f.running]
    known = [(name, f, r) for name, f, r in shown if not unknown(r.value)]
    if not known:
        return None
    label = ", ".join(f"{name}: {value_text(r.value)}" for name, _, r in known)
    size = len(label)
    _, most, reading = max(known, key=lambda row: len(row[1].running))
    if len(most.running) > 1:
        label += f" ({most.running.index(reading) + 1} of {len(most.running)})"
    contexts = [(r.value, view.shown_context(r)) for r in most.running]
    site = next(view.shown_context(reading).sites(), None)
    return Hint(line, view.end_of(line), label, "inputs", size, "", site, contexts)


def fields_of(value: Value, context: Context) -> list[Reading]:
    """The receptive field of a tensor on each axis of the network's input."""
    return readings(value, context) if isinstance(value, Tensor) else []


def roles(node: ast.AST) -> dict[int, Role]:
    """For a top-level statement: the outermost expressions of those in it, whose values are worth
    a hint. Kept on its node.
    """
    known: dict[int, Role] | None = getattr(node, "conv_lsp_roles", None)
    if known is not None:
        return known
    known = {}
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)):
            if inner.value is not None and not isinstance(inner.value, (ast.Constant, ast.Name)):
                known[id(inner.value)] = "dropped" if isinstance(inner, ast.Expr) else "values"
        elif isinstance(inner, ast.AugAssign):
            known[id(inner.target)] = "updates"
        elif isinstance(inner, (ast.For, ast.AsyncFor)):
            known[id(inner.target)] = "values"
        elif isinstance(inner, ast.Call):
            # A layer made among the arguments of another call, on a line of its own.
            known.update((id(a), "layers") for a in inner.args if isinstance(a, ast.Call))
    node.conv_lsp_roles = known  # type: ignore[attr-defined]
    return known
