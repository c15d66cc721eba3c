"""Comments that fixes write: what to ignore, shapes of lines, inputs of a class."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from conv_lsp.comments import Subject, subjects
from conv_lsp.dims import Dim, Expr, has_anonymous
from conv_lsp.fixes.fix import Edit, Fix, applied
from conv_lsp.fixes.scene import Page
from conv_lsp.source import IgnoreDirective, Source, Span
from conv_lsp.values import Class, Tensor


def ignore(page: Page, code: str, span: Span) -> Fix | None:
    """A directive at the end of the line that hides findings of one rule there."""
    source = page.source
    if span.path != source.path:
        return None
    title = f"Ignore {code} here"
    for directive in source.directives:
        if isinstance(directive, IgnoreDirective) and directive.codes:
            if span.line <= source.subject_line(directive) <= span.end_line:
                at = directive.span
                text = page.text(at)
                end = at.end_col - len(text[text.rindex("]") :].encode())
                inside = Span(at.path, at.line, end, at.line, end)
                return Fix(title, ((inside, f", {code}"),))
    for line in dict.fromkeys((span.end_line, span.line)):
        edit = at_end(source, line, f"# conv-lsp: ignore[{code}]")
        if edit is not None:
            return Fix(title, (edit,))
    return None


def at_end(source: Source, line: int, comment: str) -> Edit | None:
    """The edit that adds a comment at the end of a line; None where it would be no comment."""
    text = source.line_text(line)
    end = len(text.rstrip().encode("utf-8", "surrogatepass"))
    whole = len(text.encode("utf-8", "surrogatepass"))
    edit = Span(source.path, line, end, line, whole), f"  {comment}"
    statement = source.statement_at(line)
    tricky = statement is not None and ('"""' in statement.text or "'''" in statement.text)
    if line not in source.comments and (tricky or text.rstrip().endswith("\\")):
        # A string or a statement may go on over the end of this line.
        changed = Source.parse(source.path, applied(source, [edit]))
        written = changed.comments.get(line)
        if len(changed.errors) > len(source.errors) or written is None or written.text != comment:
            return None
    return edit


# -- shapes of lines ----------------------------------------------------------------------------


def insert_shapes(page: Page, line: int) -> Fix | None:
    """Shapes at the ends of the lines of the function around a line, as claims that are checked."""
    function = function_at(page, line)
    if function is None:
        return None
    edits = []
    for subject in subjects(page.analysis, page.source):
        if not function.line <= subject.line <= function.end_line:
            continue
        text = claim(subject)
        if text and subject.end_line not in page.source.comments:
            edit = at_end(page.source, subject.end_line, f"# shape: {text}")
            if edit is not None:
                edits.append(edit)
    return Fix("Insert shape comments for this function", tuple(edits)) if edits else None


def function_at(page: Page, line: int) -> Span | None:
    """The innermost function around a line."""
    best: Span | None = None
    for statement in page.source.statements:
        whole = statement.span(statement.node)
        if whole.line <= line <= whole.end_line and not (statement.stale or statement.broken):
            for node in ast.walk(statement.node):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    span = statement.span(node)
                    if span.line <= line <= span.end_line and (
                        best is None or span.line > best.line
                    ):
                        best = span
    return best


def claim(subject: Subject) -> str:
    """The shape of a line, if it is the same in all contexts; empty otherwise."""
    shapes = set(subject.shapes)
    return shape_text(shapes.pop()) if len(shapes) == 1 else ""


def shape_text(shape: tuple[Dim, ...]) -> str:
    """A shape as a claim has it; empty if a size is not known or too long to be read."""
    if any(isinstance(size, Expr) and has_anonymous(size) for size in shape):
        return ""
    inner = ", ".join(map(str, shape))
    text = f"({inner},)" if len(shape) == 1 else f"({inner})"
    return text if len(text) <= 60 else ""


# -- inputs ---------------------------------------------------------------------------------------


def annotate_input(page: Page, line: int) -> Fix | None:
    """The input of the class around a line, as a directive at its head."""
    for statement in page.source.statements:
        whole = statement.span(statement.node)
        node = statement.node
        if not isinstance(node, ast.ClassDef) or not whole.line <= line <= whole.end_line:
            continue
        given = next(inputs_of(page, whole), ())
        text = " ".join(filter(None, map(input_text, given)))
        told = [d for d in page.source.directives if not isinstance(d, IgnoreDirective)]
        if not text or any(
            re.match(r"(?i)#\s*conv-lsp:\s*input", page.text(d.span))
            and whole.line <= page.source.subject_line(d) <= whole.end_line
            for d in told
        ):
            return None
        edit = at_end(page.source, whole.line, f"# conv-lsp: input {text}")
        return Fix(f"Annotate the input {text}", (edit,)) if edit is not None else None
    return None


def inputs_of(page: Page, span: Span) -> Iterator[tuple[Tensor, ...]]:
    """What modules of the class that stands there are given, where that is tensors alone."""
    for event in page.analysis.calls:
        kind = event.module.kind
        if isinstance(kind, Class) and kind.site is not None and kind.site.span == span:
            given = [v for v in event.inputs if v is not event.module]
            tensors = tuple(v for v in given if isinstance(v, Tensor) and v.known)
            if len(tensors) == len(given):
                yield tensors


def input_text(value: Tensor) -> str:
    """A shape as the directive takes it: of numbers and names; empty for others."""
    parts = [str(size) for size in value.sizes]
    plain = all(re.fullmatch(r"\d+|[A-Za-z_]\w*", part) for part in parts)
    hidden = any(isinstance(s, Expr) and has_anonymous(s) for s in value.sizes)
    if not plain or hidden or not parts:
        return ""
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
