"""Which callables to run, and on which inputs.

Best first: an expression that is asked for; the code of the file itself, which constructs and
calls; functions that need no arguments; then every module class that none of these has reached,
with symbols for what it is not given. An input's first use refines its shape.
"""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import conv_lsp.interp.construction
import conv_lsp.interp.introspection
import conv_lsp.interp.provided  # noqa: F401  the same
from conv_lsp.dims import Dim, substitute, symbol
from conv_lsp.findings import RULES
from conv_lsp.interp.calls import call, with_sources
from conv_lsp.interp.expressions import evaluate
from conv_lsp.interp.frames import Frame, Function, own_nodes
from conv_lsp.interp.machine import GUESSED, LIKELY, SURE, Machine
from conv_lsp.interp.namespaces import Namespace, run_statement
from conv_lsp.interp.records import Complaint, Record, needs_of
from conv_lsp.interp.signals import Cancelled, Raised, Refined, Settled, Stopped
from conv_lsp.interp.stages import Stages
from conv_lsp.library.registry import exposed
from conv_lsp.source import InputDirective, Source, Statement
from conv_lsp.values import UNTYPED, Class, Module, Shape, Site, Tensor, Unknown, Value

if TYPE_CHECKING:
    from conv_lsp.contract import Inferred

RESTARTS = 4
"""Times that an entry starts again with inputs that it has refined."""
DEMONSTRATIONS = ("main", "test", "demo", "train", "run", "example", "check")
"""What functions are called that show how the file is used."""

Inputs: TypeAlias = dict[str, Shape]
"""What is known of an entry's inputs, by parameter."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to analyse: nothing given means the file as an editor shows it.

    run: expressions in the file's namespace; nothing else is analysed then.
    inputs: one shape per argument, of numbers and names.
    main: the file as a script. train: `run` stays in training mode.
    """

    run: tuple[str, ...] = ()
    inputs: tuple[tuple[int | str, ...], ...] = ()
    main: bool = False
    train: bool = False
    steps: int = 500_000


@dataclass(slots=True)
class Run:
    """One entry that ran. `invented`: its inputs or arguments are ours, not the code's."""

    label: str
    source: str
    records: list[Record] = field(default_factory=list)
    invented: bool = False
    stopped: str = ""
    unresolved: str = ""
    """Why the expression that was asked for gives nothing, if so."""
    inferred: Inferred | None = None
    """The size of the inputs, where a flatten before a linear layer tells it."""

    @property
    def origin(self) -> str:
        """Where the sizes of the inputs come from, as the file stands now."""
        return self.source if self.inferred is None else self.inferred.origin


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


def bounded(m: Machine, run: Run, work: Callable[[], None]) -> None:
    """Do the work of a run; a bound that it hits is its end, and said."""
    try:
        work()
    except Stopped as stopped:
        run.stopped = str(stopped)
    except RecursionError:
        run.stopped = "stopped: the code is nested too deeply"
    except (Raised, Refined, Settled, Cancelled):
        raise
    except Exception as error:  # a fault of the engine must not cost the rest of the file
        run.stopped = f"an internal error: {type(error).__name__}: {error}"
        internal_error(m, error)
    finally:
        m.rest()


def internal_error(m: Machine, error: Exception) -> None:
    """Tell of a fault of the engine at the statement whose analysis it ended."""
    if m.record is not None:
        rule = RULES["internal-error"]
        site = Site(m.record.statement, m.record.statement.node)
        message = rule.message.format(error=f"{type(error).__name__}: {error}")
        m.record.complaints.append(Complaint(rule, site, None, message, certain=True))


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


def top_frame(m: Machine, space: Namespace, statement: Statement, run: Run) -> Frame:
    """A frame at the top of the file for something that is not written there."""
    record = Record(statement, run.label, 0)
    run.records.append(record)
    m.record = record
    return Frame(space.variables, space, statement, record)


def attempt(m: Machine, run: Run, work: Callable[[], None]) -> None:
    """Run an entry to its end, or to where it raises."""
    roots = len(m.roots)
    try:
        bounded(m, run, work)
    except Raised:
        pass  # a finding tells of it where it is certain
    run.records = m.roots[roots:] + run.records


def refining(m: Machine, work: Callable[[Inputs], Value], inputs: Inputs) -> Value:
    """Call a module; when an input's first use tells its shape, start again with it.

    A use that is not sure of the rank shows sizes and proves nothing: where it leads to complaints,
    less is believed. Of two runs the one with fewer complaints stays, and of its complaints those
    that come without any belief.
    """
    record = m.record
    assert record is not None
    result, learnt = believing(m, record, GUESSED, work, inputs)
    if not learnt or not any(complaints_in(record)):
        return result
    kept = list(record.uses)
    for level in (LIKELY, SURE):
        before = complaint_keys(record)
        record.uses.clear()
        other, _ = believing(m, record, level, work, inputs)
        after = complaint_keys(record)
        if len(after) < len(before):
            result, kept = other, list(record.uses)
        record.uses[:] = kept
        if level == SURE:
            keep_complaints(record, after)
    return result


def believing(
    m: Machine, record: Record, level: int, work: Callable[[Inputs], Value], inputs: Inputs
) -> tuple[Value, bool]:
    """Call a module, taking from uses of its inputs what they tell at this level of certainty."""
    first = inputs
    m.refinable = level
    for _ in range(RESTARTS):
        mark = m.store.begin()
        held = len(record.uses)
        try:
            return work(inputs), inputs is not first
        except (Refined, Settled) as lesson:
            inputs = learn(inputs, lesson)
            undo(m, record, mark, held)
        except Raised:
            return Unknown("it raises"), inputs is not first
        finally:
            m.store.end(mark)
            m.refinable = level
    return Unknown("the inputs are used in more than one way"), True


def undo(m: Machine, record: Record, mark: int, held: int) -> None:
    """Be as before a call that will be made again."""
    m.store.rollback(mark)
    m.rest()
    m.inputs.clear()
    m.record = record
    del record.uses[held:]


def complaint_keys(record: Record) -> set[object]:
    """All complaints of a record and below it."""
    return {complaint_key(c) for held in complaints_in(record) for c in held}


def keep_complaints(record: Record, keys: set[object]) -> None:
    """Take back all complaints of a record and below it but those that another run made too."""
    for held in complaints_in(record):
        held[:] = [c for c in held if complaint_key(c) in keys]


def complaint_key(complaint: Complaint) -> object:
    """What makes two complaints of two runs the same one."""
    return (complaint.rule.code, id(complaint.site.node), id(complaint.at))


def complaints_in(record: Record) -> Iterator[list[Complaint]]:
    """The lists of complaints of a record and of all below it that have some."""
    todo, seen = [record], {id(record)}
    while todo:
        found = todo.pop()
        if found.complaints:
            yield found.complaints
        for use in found.uses:
            if use.record is not None and id(use.record) not in seen:
                seen.add(id(use.record))
                todo.append(use.record)


def learn(inputs: Inputs, lesson: Refined | Settled) -> Inputs:
    """The inputs with what a use of them has told."""
    if isinstance(lesson, Refined):
        return {**inputs, lesson.unknown.parameter: lesson.shape}
    sizes: dict[str, Dim] = {lesson.symbol: lesson.value}
    return {
        name: tuple(d if isinstance(d, int) else substitute(d, sizes) for d in shape)
        for name, shape in inputs.items()
    }


# -- expressions that are asked for -----------------------------------------------------------


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


def sizes_of(shape: Sequence[int | str]) -> Shape:
    """A written shape with symbols for its names."""
    return tuple(symbol(d) if isinstance(d, str) else d for d in shape)


def apply(m: Machine, value: Value, inputs: Sequence[Value], site: Site, *, train: bool) -> Value:
    """Call what an entry gave: a module in eval mode unless training is asked for."""
    if isinstance(value, Module) and not train:
        call(m, m.attribute(value, "eval", site), (), {}, site, None)
    return call(m, value, inputs, {}, site, None)


# -- entries by coverage ----------------------------------------------------------------------


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


def needs_arguments(function: Function) -> bool:
    """Whether a function cannot be called without arguments."""
    a = function.code.arguments
    positional = len(a.posonlyargs) + len(a.args)
    return positional > len(function.defaults) or len(a.kwonlyargs) > len(function.keyword_defaults)


def reached(m: Machine, kind: Class) -> bool:
    """Whether the forward of a class ran, or, where it has none, its constructor."""
    for name in ("forward", "__init__"):
        found = kind.find(name)
        if isinstance(found, Function):
            return id(found.node) in m.reached
    return True


TRIES = 3
"""Functions that run for the sake of a class that they name and do not reach."""


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


def symbolic_arguments(kind: Class) -> tuple[list[Value], dict[str, Value]]:
    """Constructor arguments without a default, as values that have only a name."""
    init = kind.find("__init__")
    if not isinstance(init, Function):
        return [named_unknown(name) for name in required_by_layer(kind.python_type)], {}
    a = init.code.arguments
    positional = [*a.posonlyargs, *a.args][1:]
    required = positional[: max(0, len(positional) - len(init.defaults))]
    args: list[Value] = [named_unknown(p.arg) for p in required]
    kwargs = {
        p.arg: named_unknown(p.arg) for p in a.kwonlyargs if p.arg not in init.keyword_defaults
    }
    return args, kwargs


def required_by_layer(kind: type) -> list[str]:
    """Parameters of a library layer's constructor that need an argument."""
    constructor = exposed(kind).get("__init__")
    if constructor is None:
        return []
    own = list(inspect.signature(constructor).parameters.values())[2:]
    return [p.name for p in own if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]


def named_unknown(name: str) -> Unknown:
    """A parameter that nobody gives a value."""
    return Unknown(f"the parameter {name} has no value here", name=name)


def forward_of(module: Module) -> Function | None:
    """The function of the interpreted code that calling the module runs."""
    if isinstance(module.kind, Class):
        for name in ("__call__", "forward"):
            found = module.kind.find(name)
            if isinstance(found, Function):
                return found
    return None


def forward_parameters(module: Module) -> list[str]:
    """Parameters of a module's forward that need an argument."""
    found = forward_of(module)
    if found is None:
        return ["input"]
    a = found.code.arguments
    positional = [*a.posonlyargs, *a.args][1:]
    return [p.arg for p in positional[: max(0, len(positional) - len(found.defaults))]]


def keyword_parameters(module: Module) -> list[str]:
    """Parameters of a module's forward that need an argument by name."""
    found = forward_of(module)
    if found is None:
        return []
    return [p.arg for p in found.code.arguments.kwonlyargs if p.arg not in found.keyword_defaults]


PLAIN_TYPES = frozenset("int float bool str torch.dtype dtype torch.device device".split())
"""Annotations of what is no tensor."""


def plain_parameters(module: Module) -> set[str]:
    """Parameters of a module's forward that are told to be numbers, texts, dtypes or devices."""
    found = forward_of(module)
    if found is None:
        return set()
    a = found.code.arguments
    annotated = [p for p in (*a.posonlyargs, *a.args) if p.annotation is not None]
    words = {p.arg: ast.unparse(p.annotation).strip("'\"") for p in annotated if p.annotation}
    return {n for n, text in words.items() if text.removesuffix(" | None") in PLAIN_TYPES}


def optional_parameters(module: Module) -> list[str]:
    """Parameters of a module's forward that are None where nothing is given."""
    found = forward_of(module)
    if found is None:
        return []
    a = found.code.arguments
    positional = [*a.posonlyargs, *a.args]
    last = positional[len(positional) - len(found.defaults) :]
    held = {p.arg: d for p, d in zip(last, found.defaults, strict=True)} | found.keyword_defaults
    return [name for name, default in held.items() if default is None]


def guess_forward(
    m: Machine, module: Module, site: Site, inputs: Inputs, run: Run, *, train: bool = False
) -> Value:
    """Call a module on inputs of which only what has been learnt is known."""
    if not train:
        call(m, m.attribute(module, "eval", site), (), {}, site, None)
    parameters = forward_parameters(module)
    for name in parameters:
        shape = inputs.get(name) or annotated_shape(forward_of(module), name)
        if shape is not None:
            inputs = {**inputs, name: shape}

    named = keyword_parameters(module)
    plain = plain_parameters(module)

    def work(learnt: Inputs) -> Value:
        m.guessing = True
        kwargs = {n: named_unknown(n) for n in named}
        args = [named_unknown(n) if n in plain else guessed_input(m, learnt, n) for n in parameters]
        return call(m, module, args, kwargs, site, None)

    record = m.record
    assert record is not None
    held = len(record.uses)
    result = refining(m, work, inputs)
    if not inputs and not any(complaints_in(record)):  # symbols that are asked for stay
        result = solving(m, record, held, work, run, parameters, result)
    optional = optional_parameters(module)
    if optional and any(complaints_in(record)):
        # Whoever calls it may give these: what is wrong only without them proves nothing.
        named += optional
        kept = list(record.uses)
        record.uses.clear()
        refining(m, work, inputs)
        after = complaint_keys(record)
        record.uses[:] = kept
        keep_complaints(record, after)
    return result


def solving(
    m: Machine,
    record: Record,
    held: int,
    work: Callable[[Inputs], Value],
    run: Run,
    parameters: Sequence[str],
    result: Value,
) -> Value:
    """Call a module again on numbers, where a flatten before a linear layer tells the size of its
    input; they prove nothing, so that where they lead to complaints the symbols stay.

    held: how many uses the record had before the call that gave `result`.
    """
    if SOLVED.isdisjoint([rule.code for _, _, rule in needs_of(record)]):
        return result
    from conv_lsp.contract import inferred  # which few entries need

    outer = record.uses[-1]
    given = dict(zip(reversed(parameters), reversed(outer.inputs), strict=False))
    shapes = {n: v.sizes for n, v in given.items() if isinstance(v, Tensor) and v.known}
    found = inferred(record, list(shapes.values()))
    if found is None:
        return result
    sizes: dict[str, Dim] = dict.fromkeys(found.names, found.size)
    inputs = {name: tuple(substitute(d, sizes) for d in shape) for name, shape in shapes.items()}
    kept = record.uses[held:]
    del record.uses[held:]
    solved, _ = believing(m, record, GUESSED, work, inputs)
    if any(complaints_in(record)):
        record.uses[held:] = kept
        return result
    run.inferred = found
    return solved


SOLVED = frozenset(("linear-features", "matmul-sizes", "reshape-count"))
"""Rules whose conditions may tell the size of an input."""


def own_effect(m: Machine, layer: Module, record: Record) -> tuple[Tensor, Value] | None:
    """What a layer that nothing calls does to an input of the shape that it takes.

    None where it does not tell what it takes.
    """
    assert layer.made is not None
    site = layer.made
    shape: Shape | None = None
    for _ in range(2):
        m.rest()
        m.record, m.refinable = record, GUESSED
        given = guessed_input(m, {} if shape is None else {"input": shape}, "input")
        try:
            output = call(m, layer, (given,), {}, site, None)
        except Refined as refined:
            shape = refined.shape
        except (Raised, Stopped, Settled, RecursionError):
            return None
        else:
            return (given, output) if shape is not None else None
    return None


def guessed_input(m: Machine, inputs: Inputs, parameter: str) -> Tensor:
    """An input of which only what has been learnt is known."""
    shape = inputs.get(parameter)
    if shape is None:
        why = f"the input {parameter} has no known shape"
        return Tensor(Unknown(why, parameter=parameter))
    m.inputs.update(str(d) for d in shape if not isinstance(d, int))
    return with_sources(Tensor(shape, dtype=UNTYPED))


def annotated_shape(function: Function | None, parameter: str) -> Shape | None:
    """The shape of a jaxtyping annotation, as in Float[Tensor, "b 3 h w"], or None."""
    if function is None:
        return None
    a = function.code.arguments
    for p in (*a.posonlyargs, *a.args):
        node = p.annotation
        if p.arg != parameter or not isinstance(node, ast.Subscript):
            continue
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
        if len(parts) == 2 and isinstance(parts[1], ast.Constant):
            return shape_of_words(str(parts[1].value))
    return None


def shape_of_words(text: str) -> Shape | None:
    """Sizes of a jaxtyping string of names and numbers; None if it says more than that."""
    sizes: list[Dim] = []
    for word in text.split():
        name = word.rpartition("=")[2]
        if name.isdigit():
            sizes.append(int(name))
        elif name.isidentifier() and name != "_":
            sizes.append(symbol(name))
        else:
            return None
    return tuple(sizes) or None
