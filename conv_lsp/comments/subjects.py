"""What the lines of a file are about: the tensor that a line assigns, returns or computes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from conv_lsp.analysis import Analysis, Fact
from conv_lsp.dims import Dim
from conv_lsp.source import Source, Span, Statement
from conv_lsp.values import Module, Tensor

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(slots=True)
class Subject:
    """A statement that makes a tensor, or a layer, and the shapes of it in every context.

    function: the line of the function around it. sure: the shapes that no input or argument of ours
    has led to. given: shapes of the other tensors in the statement. certain: whether it is certain
    to run.
    """

    line: int
    end_line: int
    name: str
    function: int
    shapes: list[tuple[Dim, ...]]
    sure: list[tuple[Dim, ...]]
    certain: bool
    layer: bool = False
    given: list[tuple[Dim, ...]] = field(default_factory=list)


def subjects(analysis: Analysis, source: Source) -> Iterator[Subject]:
    """The tensors that the statements of a file make, in the order of lines."""
    facts = analysis.facts.get(source.path, {})
    if not facts:
        return
    for statement in source.statements:
        if not (statement.stale or statement.broken):
            yield from below(statement, statement.node, 0, analysis, facts)


def below(
    statement: Statement,
    node: ast.AST,
    function: int,
    analysis: Analysis,
    facts: dict[Span, Fact],
) -> Iterator[Subject]:
    """The subjects of a statement and of those inside it."""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)):
        found = subject(statement, node, function, analysis, facts)
        if found is not None:
            yield found
        return
    if isinstance(node, FUNCTIONS):
        function = statement.span(node).line
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        inner = getattr(node, name, None)
        for child in inner if isinstance(inner, list) else ():
            yield from below(statement, child, function, analysis, facts)


def subject(
    statement: Statement,
    node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr,
    function: int,
    analysis: Analysis,
    facts: dict[Span, Fact],
) -> Subject | None:
    """What one statement makes."""
    made = node.target if isinstance(node, ast.AugAssign) else node.value
    if made is None:
        return None
    fact = facts.get(statement.span(made))
    if fact is None or not fact.current or not fact.running:
        return None
    span = statement.span(node)
    target = node.targets[-1] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    if isinstance(target, (ast.Tuple, ast.List)):
        return None
    name = ast.unparse(target) if target is not None else ""
    pairs = [(r.value, r.context) for r in fact.running]
    layer = all(isinstance(v, Module) for v, _ in pairs)
    if layer:
        pairs = [(e.output, e.context) for v, _ in pairs for e in analysis.events.get(id(v), ())]
    known = [(v.sizes, c.run) for v, c in pairs if isinstance(v, Tensor) and v.known]
    if len(known) < len(pairs) or not known:
        return None
    return Subject(
        span.line,
        span.end_line,
        name,
        function,
        [shape for shape, _ in known],
        [shape for shape, run in known if not run.invented],
        fact.certain,
        layer,
        [] if layer else given(statement, node, made, facts),
    )


def given(
    statement: Statement, node: ast.AST, made: ast.AST, facts: dict[Span, Fact]
) -> list[tuple[Dim, ...]]:
    """The shapes of all other tensors in a statement."""
    found = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.expr) and inner is not made:
            fact = facts.get(statement.span(inner))
            values = [r.value for r in fact.running] if fact is not None else []
            found += [v.sizes for v in values if isinstance(v, Tensor) and v.known]
    return found
