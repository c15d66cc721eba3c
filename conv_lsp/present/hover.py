"""Hovers: how a layer, a call or a tensor came to its size."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from conv_lsp.analysis import Analysis, Context, Event, Fact, readings
from conv_lsp.axes import step_of
from conv_lsp.library.module import Layer
from conv_lsp.present.contract import contract_text
from conv_lsp.present.growth import field_lines
from conv_lsp.present.origin import origin_text, places
from conv_lsp.present.text import is_told, layer_head, number_text, shape_text, unknown, value_text
from conv_lsp.present.view import AXES, View, extent, inside, name_of
from conv_lsp.source import Span
from conv_lsp.values import UNTYPED, Module, Tensor, Unknown, tensors_in
from conv_lsp.windows import Field

SHOWN = 8
"""Contexts listed in a hover."""


@dataclass(frozen=True, slots=True)
class Hover:
    """What is told of a place, in Markdown."""

    markdown: str
    span: Span


def hover(analysis: Analysis, path: str, line: int, col: int, chosen: str = "") -> Hover | None:
    """What is known of the smallest tensor expression or layer at a place."""
    view = View(analysis, path, chosen)
    fact = fact_at(view, line, col)
    text = "" if fact is None else fact_text(view, fact)
    return Hover(text, fact.span) if fact is not None and text else None


def network_of(fact: Fact, context: Context) -> Module | None:
    """The network that a fact is an input of."""
    root = context.root
    return root if isinstance(fact.node, ast.arg) and root is context.module else None


def fact_at(view: View, line: int, col: int) -> Fact | None:
    """The fact that a place stands for."""
    around = [f for f in view.facts if inside(f.span, line, col) and f.running]
    if not around:
        return None
    fact = min(around, key=lambda f: extent(f.span))
    calls = [f for f in around if isinstance(f.node, ast.Call) and f.span.line == line]
    if calls and not isinstance(fact.node, (ast.Call, ast.arg)):
        callee = min(calls, key=lambda f: extent(f.span))
        node = callee.node
        assert isinstance(node, ast.Call)
        if not inside_argument(callee, node, fact):
            fact = callee
    return fact


def inside_argument(call: Fact, node: ast.Call, fact: Fact) -> bool:
    """Whether a fact lies among the arguments of a call, not in what is called."""
    end = (node.func.end_lineno or 0, node.func.end_col_offset or 0)
    offset = call.span.line - node.lineno
    return (fact.span.line, fact.span.col) >= (end[0] + offset, end[1])


def fact_text(view: View, fact: Fact) -> str:
    """The hover of one fact."""
    events = view.events_of(fact)
    if events:
        return event_text(events)
    first = view.first(fact).value
    return layer_head(first) if isinstance(first, Module) else tensor_text(view, fact)


def event_text(events: Sequence[Event]) -> str:
    """A module's call: what it is, its sizes worked out, its field and its cost."""
    event = events[0]
    outer = event.context.parent or event.context
    head = layer_head(event.module)
    rows = [f"**{head}**" + (f" · {event.path}" if event.path else "")]
    tensors = [v for v in event.inputs if isinstance(v, Tensor)]
    if tensors:
        given = ", ".join(shape_text(t.shape) for t in tensors)
        rows.append(f"{given} → {value_text(event.output)}")
    output = event.output
    if isinstance(output, Tensor) and output.known:
        rows.extend(formulas(output, tensors))
        rows.extend(field_lines(output, outer, tensors))
        cost = cost_text(event.module, tensors, output)
        if cost:
            rows.append(cost)
    elif isinstance(output, Tensor) and isinstance(output.shape, Unknown):
        rows.append(f"size unknown: {output.shape.why}")
    rows.append(origin_text(outer))
    others: dict[str, Event] = {}
    for other in events:
        others.setdefault(value_text(other.output), other)
    where = places([e.context for e in others.values()])
    rows.extend(map(" ".join, list(zip(others, where, strict=True))[1:SHOWN]))
    return "  \n".join(rows)


def tensor_text(view: View, fact: Fact) -> str:
    """A tensor: its shape in every context, its field."""
    first = view.first(fact)
    value, context = first.value, view.shown_context(first)
    if unknown(value):
        cause = value.shape if isinstance(value, Tensor) else value
        why = cause.why if isinstance(cause, Unknown) else ""
        return f"{'size ' * isinstance(value, Tensor)}unknown: {why}"
    name = name_of(fact)
    rows = [f"**{name + ': ' if name else ''}{value_text(value)}**"]
    if isinstance(value, Tensor):
        given = view.arguments(fact)
        rows[0] += "" if value.dtype in ("float32", UNTYPED) else f" {value.dtype}"
        rows.extend(formulas(value, given))
        if not is_input(value, context):
            rows.extend(field_lines(value, context, given))
    rows.extend(dict.fromkeys(f"by {t.witness}" for t in tensors_in(value) if t.witness))
    if not fact.certain:
        rows.append("under a condition that is not known")
    rows.append(origin_text(context))
    network = network_of(fact, context)
    if network is not None:
        taken = contract_text(view.analysis, network, brief=True)
        rows.extend([f"takes {taken}"] if taken else [])
    others = [first, *(r for r in fact.running if r is not first)]
    where = places([r.context for r in others])
    found = [f"{value_text(r.value)} {at}" for r, at in zip(others, where, strict=True)]
    rows.extend(found[1:SHOWN])
    return "  \n".join(rows)


def is_input(value: Tensor, context: Context) -> bool:
    """Whether each unit sees itself alone, of which there is nothing to tell."""
    found = readings(value, context)
    return bool(found) and all(
        isinstance(r, Field) and r.size == 1 and r.jump == 1 and r.start == 0 for r in found
    )


def formulas(output: Tensor, inputs: Sequence[Tensor]) -> list[str]:
    """The arithmetic of the step that made each axis of the inputs this one, in numbers."""
    if not inputs:
        return []
    rows: list[str] = []
    names = AXES.get(output.rank - 2, ())
    seen: dict[str, list[str]] = {}
    for name, link in zip(names, output.axes[2:], strict=False):
        step = step_of(link)
        if step is not None and not any(link in tensor.axes for tensor in inputs):
            seen.setdefault(step[0].formula(step[1]).replace("-", "−"), []).append(name)
    rows.extend(f"{', '.join(of)}: {text}" for text, of in seen.items())
    return rows


def cost_text(module: Module, inputs: Sequence[Tensor], output: Tensor) -> str:
    """73,728 parameters · 57.8 M MACs · 100,352 activations."""
    if not isinstance(module, Layer):
        return ""
    parts = []
    count = module.parameter_count()
    if is_told(count):
        parts.append(f"{number_text(count)} parameters")
    macs = module.macs(inputs[0], output) if inputs and inputs[0].known else None
    if macs is not None and is_told(macs):
        parts.append(f"{number_text(macs)} MACs")
    return " · ".join(parts)
