"""What stands above a class or a function: its input, its cost, what it sees, which context is shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conv_lsp.analysis import Analysis, Context, Event, readings
from conv_lsp.dims import Dim, product, total
from conv_lsp.library.module import Layer
from conv_lsp.present.contract import contract_text
from conv_lsp.present.growth import field_text
from conv_lsp.present.origin import giving
from conv_lsp.present.text import is_told, number_text, shape_text
from conv_lsp.present.view import View
from conv_lsp.values import Class, Module, Tensor
from conv_lsp.windows import Field


@dataclass(frozen=True, slots=True)
class Lens:
    """A line of text above `line` (from 1). contexts: the labels to choose from, in order of
    execution. run: an expression that would have to be run to know more.
    """

    line: int
    text: str
    contexts: tuple[str, ...] = ()
    run: str = ""


def lenses(analysis: Analysis, path: str, chosen: str = "") -> list[Lens]:
    """The lenses of a file, in order of lines."""
    view = View(analysis, path, chosen)
    found = [*class_lenses(view), *function_lenses(view)]
    return sorted(found, key=lambda lens: lens.line)


def class_lenses(view: View) -> Iterator[Lens]:
    """One for each class of the file whose instances are called."""
    called: dict[int, tuple[Class, list[Event]]] = {}
    for event in view.analysis.calls:
        kind = event.module.kind
        if isinstance(kind, Class) and kind.site is not None and not event.context.building:
            called.setdefault(id(kind), (kind, []))[1].append(event)
    for kind, events in called.values():
        site = kind.site
        assert site is not None
        span = site.span
        if span.path != view.path or not site.statement.is_current(site.node):
            continue
        at = view.index(event.context for event in events)
        labels = tuple(dict.fromkeys(e.context.label for e in events))
        yield Lens(span.line, class_text(view, events, at, labels), labels)


def class_text(view: View, events: Sequence[Event], at: int, labels: Sequence[str]) -> str:
    """input (1, 3, 224, 224) from line 41 · 11.7 M parameters · 1.8 G MACs · RF 435."""
    event = events[at]
    context = event.context
    tensors = [v for v in event.inputs if isinstance(v, Tensor) and v.known]
    parts = []
    if tensors:
        parts.append("input " + ", ".join(shape_text(t.shape) for t in tensors) + origin(context))
    count = parameters(event.module)
    if is_told(count):
        parts.append(f"{number_text(count)} parameters")
    cost = macs(view.analysis, event)
    if isinstance(cost, int) and cost > 0:
        parts.append(f"{number_text(cost)} MACs")
    seen = seen_text(view.analysis, event)
    if seen:
        parts.append(f"RF {seen}")
    taken = contract_text(view.analysis, event, brief=True)
    if taken:
        parts.append(taken)
    if len(labels) > 1:
        parts.append(f"{context.label} ({labels.index(context.label) + 1} of {len(labels)})")
    return " · ".join(parts)


def origin(context: Context) -> str:
    """Where an input comes from: the call in the file, or how it was found."""
    if context.parent is not None and context.parent.module is not None:
        return ""  # a module within a network
    site = None if context.run.invented else giving(context)
    return f" from {context.run.origin}" if site is None else f" from line {site.line}"


def parameters(module: Module) -> Dim:
    """Elements of all parameters of a module and of those in it, each counted once."""
    seen: dict[int, Tensor] = {}
    for _, inner in module.tree():
        for _, tensor in inner.tensors("parameter"):
            if tensor.known:
                seen[id(tensor)] = tensor
    return total(product(t.sizes) for t in seen.values())


def macs(analysis: Analysis, event: Event) -> Dim | None:
    """Multiply-accumulate operations of the layers that a call calls; None if there are none."""
    counts = []
    for inner in analysis.calls:
        output = inner.output
        if not isinstance(inner.module, Layer) or not isinstance(output, Tensor):
            continue
        given = next((v for v in inner.inputs if isinstance(v, Tensor)), None)
        if given is None or not given.known or not output.known or not is_in(inner, event):
            continue
        count = inner.module.macs(given, output)
        if count is not None:
            counts.append(count)
    return total(counts) if counts else None


def is_in(inner: Event, outer: Event) -> bool:
    """Whether a call happens within another one, or is that one."""
    context: Context | None = inner.context
    while context is not None and context is not outer.context:
        context = context.parent
    return context is not None


def seen_text(analysis: Analysis, event: Event) -> str:
    """The receptive field of the output; where it is global, that of the last layer before."""
    output = event.output
    if not isinstance(output, Tensor):
        return ""
    text = field_text(readings(output, event.context.parent or event.context))
    if text != "global":
        return text
    for inner in reversed(analysis.calls):
        seen = inner.output
        if isinstance(inner.module, Layer) and isinstance(seen, Tensor) and is_in(inner, event):
            local = readings(seen, inner.context.parent or inner.context)
            if local and all(isinstance(r, Field) for r in local):
                return field_text(local)
    return text


def function_lenses(view: View) -> Iterator[Lens]:
    """One for each function that could be run without arguments and was not."""
    if view.path != view.analysis.path:
        return
    reached = {fact.span.line for fact in view.facts}
    for statement in view.analysis.source.statements:
        node = statement.node
        if not isinstance(node, ast.FunctionDef) or not runs_alone(node):
            continue
        span = statement.span(node)
        if reached.isdisjoint(range(span.line, span.end_line + 1)):
            yield Lens(span.line, f"not run: show the sizes of {node.name}()", run=f"{node.name}()")


def runs_alone(node: ast.FunctionDef) -> bool:
    """Whether a function needs no arguments, and gives something."""
    given = node.args
    needed = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    needed += sum(default is None for default in given.kw_defaults)
    returns = any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(node))
    return needed == 0 and returns and not node.name.startswith("test")
