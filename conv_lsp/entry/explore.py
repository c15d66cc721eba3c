"""The entries of a file in order."""

from __future__ import annotations

import ast
from functools import partial

import conv_lsp.interp.construction
import conv_lsp.interp.introspection
import conv_lsp.interp.provided  # noqa: F401  what the three declare is found by name or by type
from conv_lsp.entry.coverage import guesses
from conv_lsp.entry.forward import apply, guess_forward
from conv_lsp.entry.parameters import sizes_of
from conv_lsp.entry.runs import Options, Run, attempt, bounded, top_frame
from conv_lsp.interp.expressions import evaluate
from conv_lsp.interp.inputs import with_sources
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import Namespace, run_statement
from conv_lsp.interp.signals import Stopped
from conv_lsp.interp.stages import Stages
from conv_lsp.source import Source, Statement
from conv_lsp.values import UNTYPED, Module, Tensor, Unknown


def explore(
    m: Machine, source: Source, name: str, package: str, options: Options
) -> tuple[list[Run], Stages]:
    """Run the file's entries; the chosen one is first."""
    space = Namespace("__main__" if not options.run else name, source, package=False, lazy=False)
    space.package = package
    m.script = space
    stages = Stages(m, space, source.statements)
    return explore_from(stages, 0, options), stages


def explore_from(stages: Stages, at: int, options: Options) -> list[Run]:
    """Run the parts of a file from one on; those before it stand."""
    m, space = stages.machine, stages.space
    if at < len(stages.statements) or stages.whole is None:
        path = space.source.path.replace("\\", "/")
        whole = stages.whole = Run(path.rpartition("/")[2], "the file as a script")
        bounded(m, whole, lambda: run_file(stages, whole, at, script=not options.run))
    if options.run:
        return [run_expression(m, space, text, options) for text in options.run]
    runs = [stages.whole] if options.main else [stages.whole, *guesses(stages)]
    stages.usable &= not any(run.stopped for run in runs) and 2 * m.steps < options.steps
    return runs


def run_file(stages: Stages, run: Run, at: int, *, script: bool) -> None:
    """The top-level statements in order. After one that raises, the rest may not happen.

    One statement may spend half of what is left: a table that is worked out does not cost the
    file its hints.
    """
    m, space = stages.machine, stages.space
    whole = m.budget

    def work(statement: Statement) -> None:
        m.costly.clear()  # each statement does the same after an edit of another
        try:
            raised = run_statement(m, space, statement)
        except (Stopped, RecursionError) as stopped:
            run.stopped = str(stopped) or "stopped: the code is nested too deeply"
            raised = None
            for name in filter(str.isidentifier, statement.names):
                space.variables.setdefault(name, Unknown(run.stopped))
            m.rest()
        if raised is not None and script:
            m.certain = False

    try:
        for i, statement in enumerate(stages.statements[at:], at):
            m.budget = m.steps + max(1, (whole - m.steps) // 2)
            stages.run(i, partial(work, statement))
    finally:
        m.budget = whole
        run.records = list(m.roots)


def run_expression(m: Machine, space: Namespace, text: str, options: Options) -> Run:
    """Evaluate `--run`, and call what it gives on the inputs."""
    run = Run(text, "the command line")
    statement = Source.parse("<run>", text).statements[0]
    given = [sizes_of(s) for s in options.inputs]

    def work() -> None:
        frame = top_frame(m, space, statement, run)
        node = statement.node
        if not isinstance(node, ast.Expr):
            return
        value = evaluate(m, node.value, frame)
        site = frame.site(node)
        if isinstance(value, Unknown):
            run.unresolved = value.why
        elif given:
            tensors = [with_sources(Tensor(shape, dtype=UNTYPED)) for shape in given]
            apply(m, value, tensors, site, train=options.train)
        elif isinstance(value, Module):
            guess_forward(m, value, site, {}, run, train=options.train)

    attempt(m, run, work)
    return run
