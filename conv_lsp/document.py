"""The facts document: an analysis as JSON. Its format is in docs/engine.md."""

from __future__ import annotations

from typing import Any

from conv_lsp.analysis import Analysis, Event, Fact, fields
from conv_lsp.axes import Reading
from conv_lsp.dims import Dim, has_anonymous
from conv_lsp.library.module import Layer
from conv_lsp.source import Span
from conv_lsp.values import Module, Tensor, Unknown, Value
from conv_lsp.windows import GLOBAL, Field

VERSION = 1


def document(analysis: Analysis) -> dict[str, Any]:
    """Everything that is known, as plain JSON values."""
    files: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for path, facts in analysis.facts.items():
        if path.startswith("<"):
            continue
        script = analysis.script and path == analysis.path
        rows = [expression(fact, building=script) for fact in facts.values() if fact.current]
        rows = [row for row in rows if row["shapes"]]
        if rows:
            files[path] = {"expressions": rows, "diagnostics": []}
    files.setdefault(analysis.path, {"expressions": [], "diagnostics": []})
    for finding in analysis.findings:
        span = finding.span
        held = files.setdefault(span.path, {"expressions": [], "diagnostics": []})
        held["diagnostics"].append(
            {
                **place(span),
                "severity": finding.severity,
                "code": finding.rule.code,
                "message": finding.message,
            }
        )
    return {
        "version": VERSION,
        "files": files,
        "modules": modules(analysis),
        "unknown": [
            {"file": span.path, "line": span.line, "why": why} for span, why in analysis.unknown
        ],
    }


def place(span: Span) -> dict[str, int]:
    """Lines from 1, columns in UTF-8 bytes from 0, ends exclusive."""
    return {
        "line": span.line,
        "col": span.col,
        "end_line": span.end_line,
        "end_col": span.end_col,
    }


def expression(fact: Fact, *, building: bool) -> dict[str, Any]:
    """A position and its distinct shapes; `building`: also those while a model is constructed."""
    certain = fact.certain
    readings = fact.readings if building else fact.running
    shown = [r.value for r in readings if r.certain or not certain]
    shapes = [s for s in map(shape_of, shown) if s is not None]
    if not certain and len(shapes) > 1:
        shapes = blurred(shapes)
    return {**place(fact.span), "shapes": shapes}


def blurred(shapes: list[Any]) -> list[Any]:
    """Shapes of which it is not known which happened: differing sizes are not known."""
    plain = all(isinstance(s, list) and not any(isinstance(d, list) for d in s) for s in shapes)
    if not plain or len({len(s) for s in shapes}) > 1:
        return []
    columns = zip(*shapes, strict=True)
    return [[column[0] if len(set(column)) == 1 else "?" for column in columns]]


def shape_of(value: Value) -> Any:
    """A shape, a container's shapes, or None for what is no tensor or of unknown rank."""
    if isinstance(value, Tensor):
        return None if isinstance(value.shape, Unknown) else [size(d) for d in value.shape]
    if isinstance(value, tuple):
        parts = [shape_of(part) for part in value]
        unknown = any(p is None and v is not None for p, v in zip(parts, value, strict=True))
        return None if unknown else parts
    return None


def size(d: Dim) -> int | str:
    """A size as a number or a Python expression; "?" where it is not known."""
    if isinstance(d, int):
        return d
    return "?" if has_anonymous(d) else str(d)


def number(d: Dim | None) -> int | str | None:
    """As `size`, None for none."""
    return None if d is None else size(d)


def modules(analysis: Analysis) -> list[dict[str, Any]]:
    """One row for each module that was called, by path, with its first call."""
    rows: dict[str, dict[str, Any]] = {}
    for event in sorted(analysis.calls, key=lambda event: event.context.building):
        if event.path not in rows and event.path != "?":
            rows[event.path] = module_row(event)
    return list(rows.values())


def module_row(event: Event) -> dict[str, Any]:
    module = event.module
    inputs = [shape_of(v) for v in event.inputs if isinstance(v, (Tensor, tuple, list))]
    tensors = [v for v in event.inputs if isinstance(v, Tensor)]
    output = event.output if not isinstance(event.output, list) else tuple(event.output)
    macs = None
    if isinstance(module, Layer) and tensors and isinstance(output, Tensor):
        known = tensors[0].known and output.known
        macs = module.macs(tensors[0], output) if known else None
    return {
        "path": event.path,
        "type": type_name(module),
        "input": inputs[0] if len(inputs) == 1 else inputs,
        "output": shape_of(output),
        "receptive_field": field_rows(output, event),
        "params": number(module.parameter_count()) if isinstance(module, Layer) else None,
        "macs": number(macs),
    }


def type_name(module: Module) -> str:
    """The name of a module's class."""
    kind = module.kind
    return kind.name if hasattr(kind, "name") else kind.__name__


def field_rows(output: Value, event: Event) -> list[Any]:
    """The receptive field on each axis of the network's input."""
    if not isinstance(output, Tensor):
        return []
    context = event.context.parent or event.context
    return [field_row(reading) for _, reading, _ in fields(output, context)]


def field_row(reading: Reading) -> Any:
    """Size, jump and start; "global"; None where not known."""
    if reading is GLOBAL:
        return "global"
    if isinstance(reading, Field):
        jump = reading.jump
        return {
            "size": reading.size,
            "jump": (int(jump) if jump.denominator == 1 else float(jump)) if reading.even else None,
            "start": reading.start,
        }
    return None


__all__ = ["VERSION", "document"]
