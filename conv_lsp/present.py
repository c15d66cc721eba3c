"""Facts as a person reads them: labels, hovers. Shared by the editor and the terminal."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

from conv_lsp.analysis import Analysis, Context, Event, Fact, fields, readings
from conv_lsp.axes import Reading, step_of
from conv_lsp.config import Hints
from conv_lsp.dims import Dim, Expr, has_anonymous
from conv_lsp.library.module import Layer
from conv_lsp.source import Span
from conv_lsp.values import UNTYPED, Class, Module, Shape, Tensor, Unknown, Value
from conv_lsp.windows import GLOBAL, Field

Kind: TypeAlias = Literal["layers", "values", "inputs"]
ARROW = "⟶"
AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W"), 4: ("T", "D", "H", "W")}
SHOWN = 8
"""Contexts listed in a tooltip."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Text at the end of a line. `line` from 1, `col` in UTF-8 bytes.

    contexts: what the line is wherever it runs, for the tooltip.
    """

    line: int
    col: int
    label: str
    kind: Kind
    contexts: Sequence[tuple[Value, Context]] = field(default=(), repr=False, compare=False)

    @property
    def tooltip(self) -> str:
        """Every context with its value, in Markdown."""
        rows = [f"`{value_text(v)}` {c.label}" for v, c in self.contexts[:SHOWN]]
        if len(self.contexts) > SHOWN:
            rows.append(f"… {len(self.contexts) - SHOWN} more")
        return "  \n".join(rows)


@dataclass(frozen=True, slots=True)
class Hover:
    """What is told of a place, in Markdown."""

    markdown: str
    span: Span


# -- sizes and fields as text -----------------------------------------------------------------


def size_text(d: Dim) -> str:
    """A size; "?" where it is not known."""
    return expression_text(d) if isinstance(d, Expr) else str(d)


@lru_cache(maxsize=4096)
def expression_text(d: Expr) -> str:
    """A size that is not a number; the same ones stand in many lines."""
    return "?" if has_anonymous(d) else str(d).replace("-", "−")


def shape_text(shape: Shape | Unknown) -> str:
    """(1, 64, 112, 112)."""
    if isinstance(shape, Unknown):
        return "?"
    inner = ", ".join(map(size_text, shape))
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def map_text(shape: Shape | Unknown) -> str:
    """A feature map without its batch: 64×112×112."""
    if isinstance(shape, Unknown):
        return "?"
    return "×".join(map(factor_text, shape[1:] if len(shape) > 1 else shape)) or "()"


def factor_text(d: Dim) -> str:
    """A size as a factor, in brackets where it is a sum."""
    text = size_text(d).replace(" ", "")
    return (
        f"({text})" if isinstance(d, Expr) and len(text) > 1 and not text.isidentifier() else text
    )


def value_text(value: Value) -> str:
    """A tensor's shape, or a container's."""
    if isinstance(value, Tensor):
        return shape_text(value.shape)
    if isinstance(value, (tuple, list)):
        parts = [value_text(v) for v in value]
        if len(parts) > 4:
            parts = [*parts[:3], f"… {len(parts)} in all"]
        return f"[{', '.join(parts)}]"
    return "·"


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
    if len(set(sizes)) == 1:
        return sizes[0]
    return "×".join(sizes)


def fields_of(value: Value, context: Context) -> list[Reading]:
    """The receptive field of a tensor on each axis of the network's input."""
    return readings(value, context) if isinstance(value, Tensor) else []


# -- hints ------------------------------------------------------------------------------------


def hints(analysis: Analysis, path: str, settings: Hints) -> list[Hint]:
    """The inlay hints of a file, one a line at most, in order of lines."""
    return View(analysis, path, settings).hints


def hover(analysis: Analysis, path: str, line: int, col: int) -> Hover | None:
    """What is known of the smallest tensor expression or layer at a place."""
    return View(analysis, path, Hints()).hover(line, col)


class View:
    """One file of an analysis, as a person sees it."""

    def __init__(self, analysis: Analysis, path: str, settings: Hints) -> None:
        self.analysis = analysis
        self.path = path
        self.settings = settings
        self.facts = [f for f in analysis.facts.get(path, {}).values() if f.current]

    @cached_property
    def hints(self) -> list[Hint]:
        """One hint a line: the fact of the widest expression that ends there."""
        best: dict[int, tuple[tuple[int, int, int], Fact, Kind]] = {}
        shown = shown_nodes(self.analysis, self.path)
        for fact in self.facts:
            role = shown.get(id(fact.node))
            if role is None and isinstance(fact.node, ast.arg):
                role = "inputs"
            if role is None or not getattr(self.settings, self.kind(fact, role)):
                continue
            if role == "layers" and not isinstance(fact.running[0].value, Module):
                continue
            span = fact.span
            width = (role != "inputs", -span.line, -span.col)
            known = best.get(span.end_line)
            if known is None or (role == "inputs" and known[2] == "inputs") or width > known[0]:
                best[span.end_line] = (width, fact, self.kind(fact, role))
        made = []
        parameters = self.parameters
        for line in sorted(best):
            _, fact, kind = best[line]
            if kind == "inputs":
                made.append(self.input_hint(line, parameters.get(line, [fact])))
                continue
            hint = self.hint(fact, kind)
            if hint is not None:
                made.append(hint)
        return [h for h in made if h is not None]

    def end_of(self, line: int) -> int:
        """Where a line ends: a hint there moves no code."""
        return self.analysis.line_ends[line - 1] if line <= len(self.analysis.line_ends) else 0

    @cached_property
    def parameters(self) -> dict[int, list[Fact]]:
        """Facts of parameters by the line they end on."""
        found: dict[int, list[Fact]] = {}
        for fact in self.facts:
            if isinstance(fact.node, ast.arg):
                found.setdefault(fact.span.end_line, []).append(fact)
        return found

    def kind(self, fact: Fact, role: Kind) -> Kind:
        """Layers are switched apart from values."""
        first = fact.running[0].value if fact.running else None
        return "layers" if isinstance(first, Module) else role

    def hint(self, fact: Fact, kind: Kind) -> Hint | None:
        """The hint of an expression."""
        outputs = list(self.outputs(fact))
        if not outputs:
            return None
        value, context = outputs[0]
        if unknown(value):
            return None
        text = layer_text(value) if kind == "layers" else value_text(value)
        label = f"{ARROW} {text}"
        if kind == "layers" and self.settings.receptive_field:
            field = field_text(fields_of(value, context))
            if field:
                label += f" · RF {field}"
        if len(outputs) > 1:
            label += f" (1 of {len(outputs)})"
        line = fact.span.end_line
        return Hint(line, self.end_of(line), label, kind, outputs)

    def input_hint(self, line: int, facts: Sequence[Fact]) -> Hint | None:
        """x: (1, 3, 224, 224), for the parameters on a line."""
        known = [(name_of(f), f) for f in facts if f.running and not unknown(f.running[0].value)]
        if not known:
            return None
        parts = [f"{name}: {value_text(f.running[0].value)}" for name, f in known]
        count = max(len(f.running) for _, f in known)
        label = ", ".join(parts) + (f" (1 of {count})" if count > 1 else "")
        first = known[0][1]
        contexts = [(r.value, r.context) for r in first.running]
        return Hint(line, self.end_of(line), label, "inputs", contexts)

    def outputs(self, fact: Fact) -> Iterator[tuple[Value, Context]]:
        """What a fact shows: tensors, or the outputs of the module that it is."""
        seen: set[str] = set()
        for reading in fact.running:
            value, context = reading.value, reading.context
            if not isinstance(value, Module):
                yield value, context
                continue
            for event in self.analysis.events.get(id(value), ()):
                key = f"{value_text(event.output)}{event.path}"
                if key not in seen:
                    seen.add(key)
                    yield event.output, event.context.parent or event.context

    # -- hover ----------------------------------------------------------------------------------

    def hover(self, line: int, col: int) -> Hover | None:
        """The smallest fact around a place, in words."""
        around = [f for f in self.facts if inside(f.span, line, col) and f.running]
        if not around:
            return None
        fact = min(around, key=lambda f: extent(f.span))
        calls = [f for f in around if isinstance(f.node, ast.Call) and f.span.line == line]
        if calls and not isinstance(fact.node, (ast.Call, ast.arg)):
            callee = min(calls, key=lambda f: extent(f.span))
            node = callee.node
            assert isinstance(node, ast.Call)
            if not any(inside_argument(callee, node, fact) for _ in (0,)):
                fact = callee
        text = self.text(fact)
        return Hover(text, fact.span) if text else None

    def text(self, fact: Fact) -> str:
        """The hover of one fact."""
        first = fact.running[0]
        if isinstance(first.value, Module):
            events = [e for r in fact.running for e in self.analysis.events.get(id(r.value), ())]
            if not events:
                return layer_head(first.value)
            return self.event_text(events)
        events = self.calls.get(id(fact.node), [])
        if events:
            return self.event_text(events)
        return self.tensor_text(fact)

    def arguments(self, fact: Fact) -> list[Tensor]:
        """The tensors that a call is given, or that its method is of, in its first context."""
        node = fact.node
        if not isinstance(node, ast.Call):
            return []
        values = [self.by_node.get(id(n)) for n in (*node.args, getattr(node.func, "value", None))]
        first = [f.running[0].value for f in values if f is not None and f.running]
        return [v for v in first if isinstance(v, Tensor)]

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

    def event_text(self, events: Sequence[Event]) -> str:
        """A module's call: what it is, its sizes worked out, its field and its cost."""
        event = events[0]
        outer = event.context.parent or event.context
        head = layer_head(event.module)
        rows = [f"**{head}**" + (f" · {event.path}" if event.path else "")]
        tensors = [v for v in event.inputs if isinstance(v, Tensor)]
        if tensors:
            arrow = (
                f"{', '.join(shape_text(t.shape) for t in tensors)} → {value_text(event.output)}"
            )
            rows.append(arrow)
        output = event.output
        if isinstance(output, Tensor) and output.known:
            rows.extend(formulas(output, tensors))
            rows.extend(field_lines(output, outer))
            cost = cost_text(event.module, tensors, output)
            if cost:
                rows.append(cost)
        elif isinstance(output, Tensor) and isinstance(output.shape, Unknown):
            rows.append(f"size unknown: {output.shape.why}")
        rows.append(origin_text(outer))
        others: dict[str, Event] = {}
        for other in events:
            others.setdefault(value_text(other.output), other)
        if len(others) > 1:
            rows.extend(f"{text} in {e.context.label}" for text, e in list(others.items())[1:SHOWN])
        return "  \n".join(rows)

    def tensor_text(self, fact: Fact) -> str:
        """A tensor: its shape in every context, its field."""
        first = fact.running[0]
        value = first.value
        if unknown(value):
            cause = value.shape if isinstance(value, Tensor) else value
            return f"size unknown: {cause.why if isinstance(cause, Unknown) else ''}"
        name = name_of(fact)
        rows = [f"**{name + ': ' if name else ''}{value_text(value)}**"]
        if isinstance(value, Tensor):
            rows[0] += "" if value.dtype in ("float32", UNTYPED) else f" {value.dtype}"
            rows.extend(formulas(value, self.arguments(fact)))
            rows.extend(field_lines(value, first.context))
        if not fact.certain:
            rows.append("under a condition that is not known")
        rows.append(origin_text(first.context))
        rows.extend(f"{value_text(r.value)} in {r.context.label}" for r in fact.running[1:SHOWN])
        return "  \n".join(rows)


def shown_nodes(analysis: Analysis, path: str) -> dict[int, Kind]:
    """The outermost expressions of statements, whose values are worth a hint."""
    found: dict[int, Kind] = {}
    facts = analysis.facts.get(path, {}).values()
    for node in {id(fact.statement_node): fact.statement_node for fact in facts}.values():
        found.update(roles(node))
    return found


def roles(node: ast.AST) -> dict[int, Kind]:
    """For a top-level statement: which expressions are a statement's value. Kept on its node."""
    known: dict[int, Kind] | None = getattr(node, "conv_lsp_roles", None)
    if known is not None:
        return known
    known = {}
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)):
            if inner.value is not None and not isinstance(inner.value, (ast.Constant, ast.Name)):
                known[id(inner.value)] = "layers" if isinstance(inner, ast.Expr) else "values"
        elif isinstance(inner, (ast.AugAssign, ast.For, ast.AsyncFor)):
            known[id(inner.target)] = "values"
        elif isinstance(inner, ast.Call):
            # A layer made among the arguments of another call, on a line of its own.
            known.update((id(a), "layers") for a in inner.args if isinstance(a, ast.Call))
    node.conv_lsp_roles = known  # type: ignore[attr-defined]
    return known


def layer_text(value: Value) -> str:
    """A layer's output without the batch."""
    if isinstance(value, Tensor):
        return map_text(value.shape)
    if isinstance(value, (tuple, list)):
        return ", ".join(layer_text(v) for v in value if isinstance(v, Tensor))
    return value_text(value)


def unknown(value: Value) -> bool:
    """Whether nothing is known of a value."""
    return isinstance(value, Unknown) or (isinstance(value, Tensor) and not value.known)


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


def inside_argument(call: Fact, node: ast.Call, fact: Fact) -> bool:
    """Whether a fact lies among the arguments of a call, not in what is called."""
    end = (node.func.end_lineno or 0, node.func.end_col_offset or 0)
    offset = call.span.line - node.lineno
    return (fact.span.line, fact.span.col) >= (end[0] + offset, end[1])


def layer_head(module: Module) -> str:
    """The layer in a line."""
    if isinstance(module.kind, Class):
        return module.kind.name
    return module.describe() if isinstance(module, Layer) else type(module).__name__


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
            seen.setdefault(step[0].formula(step[1]), []).append(name)
    rows.extend(f"{', '.join(of)}: {text}" for text, of in seen.items())
    return rows


def field_lines(value: Tensor, context: Context) -> list[str]:
    """receptive field 51×51 · jump 8 · starts at −25."""
    found = fields(value, context)
    if not found:
        return []
    text = field_text([r for _, r, _ in found])
    if not text:
        return ["receptive field unknown"]
    known = [r for _, r, _ in found if isinstance(r, Field)]
    if len(known) == len(found):
        size = "×".join(str(r.size) for r in known)
        jumps = "×".join(dict.fromkeys(str(r.jump) for r in known))
        starts = ", ".join(dict.fromkeys(str(r.start).replace("-", "−") for r in known))
        return [f"receptive field {size} · jump {jumps} · starts at {starts}"]
    passed = field_text([b for _, _, b in found])
    more = f" (by-passing it {passed})" if passed and passed != text and passed != "global" else ""
    return [f"receptive field: {'the whole input' if text == 'global' else text}{more}"]


def cost_text(module: Module, inputs: Sequence[Tensor], output: Tensor) -> str:
    """73,728 parameters · 57.8 M MACs · 100,352 activations."""
    if not isinstance(module, Layer):
        return ""
    parts = []
    count = module.parameter_count()
    if not isinstance(count, int) or count > 0:
        parts.append(f"{number_text(count)} parameters")
    macs = module.macs(inputs[0], output) if inputs and inputs[0].known else None
    if macs is not None and macs != 0:
        parts.append(f"{number_text(macs)} MACs")
    return " · ".join(parts)


def number_text(count: Dim) -> str:
    """A count with separators, in millions and more with a letter."""
    if isinstance(count, Expr):
        return size_text(count)
    for limit, letter in ((10**12, "T"), (10**9, "G"), (10**6, "M")):
        if count >= limit:
            return f"{count / limit:.1f} {letter}"
    return f"{count:,}"


def origin_text(context: Context) -> str:
    """Where the sizes come from: the call that led here from outside."""
    sites = list(context.sites())
    outer = sites[-1] if sites else None
    if context.run.invented or outer is None or outer.path.startswith("<"):
        return f"sizes from {context.run.origin}"
    return f"sizes from the call at line {outer.line}"
