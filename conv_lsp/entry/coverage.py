"""Entries for what the code of the file itself does not reach."""

from __future__ import annotations

import ast
from collections import Counter
from functools import partial

from conv_lsp.entry.forward import guess_forward
from conv_lsp.entry.parameters import (
    forward_parameters,
    needs_arguments,
    sizes_of,
    symbolic_arguments,
)
from conv_lsp.entry.runs import Run, attempt, top_frame
from conv_lsp.interp.calls import call
from conv_lsp.interp.frames import Function, own_nodes
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import Namespace
from conv_lsp.interp.stages import Stages
from conv_lsp.source import InputDirective, Source
from conv_lsp.values import Class, Module, Site, Value

DEMONSTRATIONS = ("main", "test", "demo", "train", "run", "example", "check")
"""What functions are called that show how the file is used."""

TRIES = 3
"""Functions that run for the sake of a class that they name and do not reach."""


def guesses(stages: Stages) -> list[Run]:
    """Entries for what running the file has not reached."""
    m, space = stages.machine, stages.space
    done = {part.key: part.run for part in stages.entries}
    runs: list[Run] = list(done.values())
    shown = [v for v in space.variables.values() if isinstance(v, Function)]
    hidden = [f for f in space.functions if f.owner is None and f not in shown]
    candidates = [
        f
        for f in (*shown, *hidden)
        if f.statement.node is f.node and f.namespace is space and not needs_arguments(f)
    ]
    # Each looks at what those before it have reached, and at what they have not, though they might.
    tried: Counter[int] = Counter()
    for function in sorted(candidates, key=lambda f: not demonstrates(f)):
        key = ("call", id(function.node))
        hopes = within_reach(m, function, space)
        if key not in done:
            shows = demonstrates(function) and id(function.node) not in m.reached
            if not shows and all(tried[id(kind)] >= TRIES for kind in hopes):
                continue
            runs.append(stages.run(key, partial(guess_function, m, space, function)))
        tried.update(id(kind) for kind in hopes if not reached(m, kind))
    kinds = [v for v in space.variables.values() if is_own_module(v, space)]
    for kind in reversed(kinds):
        key = ("class", id(kind))
        if key not in done and not reached(m, kind):
            runs.append(stages.run(key, partial(guess_class, m, space, kind)))
    return runs


def is_own_module(value: Value, space: Namespace) -> bool:
    """Whether a value is a module class defined in the file."""
    return (
        isinstance(value, Class)
        and value.namespace is space
        and issubclass(value.python_type, Module)
    )


def demonstrates(function: Function) -> bool:
    """Whether a function's name says that it shows how the file is used."""
    return function.name.lower().startswith(DEMONSTRATIONS)


def reached(m: Machine, kind: Class) -> bool:
    """Whether the forward of a class ran, or, where it has none, its constructor."""
    for name in ("forward", "__init__"):
        found = kind.find(name)
        if isinstance(found, Function):
            return id(found.node) in m.reached
    return True


def within_reach(m: Machine, function: Function, space: Namespace) -> list[Class]:
    """Classes of this file that running a function may reach, and that none has reached yet."""
    hopes: list[Class] = []
    met = {id(function)}
    todo = [function]
    while todo:
        for name in names_in(todo.pop()):
            found = space.variables.get(name)
            if id(found) in met:
                continue
            met.add(id(found))
            if isinstance(found, Function) and found.namespace is space:
                todo.append(found)
            elif isinstance(found, Class) and is_own_module(found, space) and not reached(m, found):
                hopes.append(found)
    return hopes


def names_in(function: Function) -> set[str]:
    """Names that a function reads; kept on its node."""
    found: set[str] | None = getattr(function.node, "conv_lsp_names", None)
    if found is None:
        body = function.code.body
        found = {n.id for s in body for n in (s, *own_nodes(s)) if isinstance(n, ast.Name)}
        function.node.conv_lsp_names = found  # type: ignore[union-attr]
    return found


def guess_function(m: Machine, space: Namespace, function: Function) -> Run:
    """Call a function that needs no arguments; a module that it gives is run as well."""
    run = Run(f"{function.name}()", f"{function.name}() without arguments", invented=True)
    site = Site(function.statement, function.node)

    def work() -> None:
        top_frame(m, space, function.statement, run)
        m.guessing = True  # a parameter that is None by default is given by those who call it
        value = call(m, function, (), {}, site, None)
        if isinstance(value, Module):
            guess_forward(m, value, site, {}, run)

    attempt(m, run, work)
    return run


def guess_class(m: Machine, space: Namespace, kind: Class) -> Run:
    """Construct a class with symbols for what it needs, and call its forward on symbols."""
    run = Run(kind.name, f"symbols: nothing here calls {kind.name}", invented=True)
    site = kind.site
    assert site is not None
    directive = directive_of(space.source, kind)
    if directive is not None:
        run.source = f"the comment in line {directive.span.line}"

    def work() -> None:
        top_frame(m, space, site.statement, run)
        m.guessing = True
        args, kwargs = symbolic_arguments(kind)
        value = call(m, kind, args, kwargs, site, None)
        if isinstance(value, Module):
            shapes = map(sizes_of, directive.shapes if directive is not None else ())
            given = dict(zip(forward_parameters(value), shapes, strict=False))
            guess_forward(m, value, site, given, run)

    attempt(m, run, work)
    return run


def directive_of(source: Source, kind: Class) -> InputDirective | None:
    """The input comment on or above a class, or at a function inside it."""
    assert kind.site is not None
    span = kind.site.span
    for directive in source.directives:
        if isinstance(directive, InputDirective):
            line = source.subject_line(directive)
            if span.line <= line <= span.end_line:
                return directive
    return None
