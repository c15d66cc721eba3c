"""`analyze`: a file's facts and findings as plain data.

Reads the tree of call records that the entries left, in order of execution, and gathers for every
position what it was in every context.
"""

from __future__ import annotations

import ast
import gc
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from operator import is_
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar

import conv_lsp.library  # noqa: F401  declares the rules
from conv_lsp.axes import NO_LINK, Axis, Reading, field_bypassing, gathered, relink, sources
from conv_lsp.axes import Source as Origin
from conv_lsp.axes import field as field_of
from conv_lsp.entry import Options, Run, explore, explore_from, own_effect
from conv_lsp.findings import Finding, text_findings, unsuppressed
from conv_lsp.interp.frames import Function, forget
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import Namespace
from conv_lsp.interp.records import Complaint, Noted, Record, Use
from conv_lsp.interp.signals import Cancelled
from conv_lsp.interp.stages import REPEATS, Stages
from conv_lsp.library.module import Layer
from conv_lsp.source import (
    Files,
    InputDirective,
    Source,
    Span,
    Statement,
    graft,
    is_derived_from,
    may_set,
)
from conv_lsp.values import Answers, Class, Module, Tensor, Unknown, Value

if TYPE_CHECKING:
    from conv_lsp.contract import Broken, Contract, Trial

P = ParamSpec("P")
T = TypeVar("T")

OWN_EFFECTS = 200
"""Layers without a caller whose own effect is worked out."""
CONTEXTS = 64
"""Readings kept of one position."""
EXPLAINED = 4
"""Networks that are called once more for the sake of what is wrong with their inputs."""
OF_SIZES = frozenset(
    "always-raises broadcast cat-sizes einops-pattern einsum-sizes expand-size pad-too-large "
    "pool-too-small reshape-count split-sizes stack-sizes window-too-large".split()
)
"""Rules that may complain because of the size of the network's input."""


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
KEPT = 3
"""Files whose last analysis is kept."""


@dataclass(slots=True)
class Last:
    """What the last analysis of a file read and ran."""

    source: Source
    stages: Stages
    runs: list[Run]

    @property
    def machine(self) -> Machine:
        """What ran it."""
        return self.stages.machine

    def again(
        self, source: Source, files: Files, options: Options, answers: Answers | None
    ) -> list[Run] | None:
        """The runs for another version of the file, as far as possible those of the last one; None
        if too much is another.
        """
        if not same_answers(self.machine, answers):
            return None
        if inputs_told(self.source) != inputs_told(source) or any(
            files.find(name) is not found and not self.is_idle(name)
            for name, found in self.machine.lookups.items()
        ):
            return None
        then, now, stages = self.source.statements, source.statements, self.stages
        same = [a is b for a, b in zip(then, now, strict=False)]
        if all(same) and len(then) == len(now):
            self.move(source)
            return self.runs
        if not stages.usable or stages.repeats >= REPEATS:
            return None
        at = self.take(source, same.index(False) if False in same else len(same))
        if at is None:
            return None
        self.move(source)
        stages.repeats += 1
        stages.space.source = source
        return explore_from(stages, at, options)

    def is_idle(self, name: str) -> bool:
        """Whether a module is this file itself, met as a file of its package and not used."""
        space = self.machine.namespaces.get(name)
        return isinstance(space, Namespace) and space.source.path == self.source.path and space.idle

    def take(self, source: Source, first: int) -> int | None:
        """Take the statements of another version, which differ from `first` on; the part to go on
        from, if there is one.
        """
        stages = self.stages
        then, now, own = self.source.statements, source.statements, stages.statements
        if len(then) == len(now) and all(map(is_, then[first + 1 :], now[first + 1 :])):
            made = graft(own[first], now[first])
            if made is not None:
                for node in made.touched:
                    forget(node)
                stages.held.extend(made.discarded)
                code = {id(node) for node in made.functions}
                felt = stages.first_with(code) if code else len(stages.parts)
                if isinstance(own[first].node, FUNCTIONS) and code:
                    felt = min(felt, len(own))  # which entries run depends on what functions name
                return stages.rewind(felt, code)
        at = stages.rewind(first, new=now[first:])
        same = dict(zip(map(id, then), own, strict=True))
        stages.statements = tuple([same.get(id(s), s) for s in now])
        return at

    def move(self, source: Source) -> None:
        """Let all statements stand where they stand now."""
        for own, there in zip(self.stages.statements, source.statements, strict=True):
            if own is not there:
                own.follow(there)


def same_answers(machine: Machine, answers: Answers | None) -> bool:
    """Whether the questions that were asked have the answers that they had."""
    then = machine.answers
    if then is answers:
        return True
    if (
        then is None
        or answers is None
        or (then.witness, then.silence)
        != (
            answers.witness,
            answers.silence,
        )
    ):
        return False
    if any(answers.get(question) is not said for question, said in machine.asked.items()):
        return False
    machine.answers = answers
    return True


def inputs_told(source: Source) -> list[object]:
    """What comments tell of inputs."""
    return [d for d in source.directives if isinstance(d, InputDirective)]


class Cache:
    """What one analysis leaves for the next; kept by whoever analyses the same files again.

    Only what an edit can change runs again: from the first statement or entry on that ran code
    which is not what it was, and of that only the calls that did. All else is read once more, with
    the places of now. One cache belongs to one thread.
    """

    def __init__(self) -> None:
        self.last: OrderedDict[object, Last] = OrderedDict()


@dataclass(slots=True)
class Context:
    """Where in the tree of calls something happened."""

    run: Run
    parent: Context | None = None
    use: Use | None = None
    root: Module | None = None
    module: Module | None = None
    path: str = ""
    certain: bool = True
    building: bool = False
    left: bool = False
    """Whether a function may have returned before, under a condition that is not decided."""
    twins: Mapping[int, Module] | None = None
    """Modules of the record by identity -> the ones that stand in their place in this use."""
    around: Context | None = None
    """The nearest one further out that has twins."""

    def actual(self, module: Module) -> Module:
        """The module that a recorded call is on, in this use of the record."""
        context: Context | None = self
        while context is not None:
            if context.twins is not None:
                module = context.twins.get(id(module), module)
            context = context.around
        return module

    def axis(self, axis: Axis | None) -> Axis | None:
        """A recorded link as it is in this context: through the arguments of every use around."""
        context: Context | None = self
        while context is not None and axis is not None:
            use = context.use
            if use is not None and use.links and use.record is not None:
                axis = relink(axis, use.links, use.record.start, use.relinked)
            context = context.parent
        return axis

    def sites(self) -> Iterator[Span]:
        """The calls that led here, innermost first."""
        context: Context | None = self
        while context is not None:
            if context.use is not None:
                yield context.use.site.span
            context = context.parent

    def within(self, chosen: str) -> bool:
        """Whether it is the context of this label, or inside of it."""
        label = self.label
        return label == chosen or (label.startswith(chosen) and label[len(chosen)] in ". ")

    @property
    def label(self) -> str:
        """As the hover has it: resnet18 › layer2.0."""
        return f"{self.run.label} › {self.path}" if self.path else self.run.label


@dataclass(slots=True)
class Sighting:
    """What a position was once: a tensor, nested tuples of tensors, or a module."""

    value: Value
    context: Context
    certain: bool = True
    building: bool = False
    """Only ever while a module was made: a dummy pass that works out a size."""
    also: list[Context] = field(default_factory=list)
    """Other contexts in which it was the same."""


@dataclass(slots=True)
class Fact:
    """A position and its readings, in order of execution, each shape once."""

    span: Span
    node: ast.AST
    statement_node: ast.stmt
    readings: list[Sighting] = field(default_factory=list)
    current: bool = True
    _known: dict[object, Sighting] = field(default_factory=dict)

    def add(self, value: Value, context: Context, *, certain: bool) -> None:
        """One more reading, unless it says what another one says."""
        if value.__class__ is Tensor:
            key: object = value.shape if value.shape.__class__ is not Unknown else id(value.shape)
        else:
            key = id(value) if isinstance(value, Module) else shape_key(value)
        known = self._known.get(key)
        if known is not None:
            known.certain = known.certain or certain
            known.building = known.building and context.building
            if len(known.also) < CONTEXTS:
                known.also.append(context)
        elif len(self.readings) < CONTEXTS:
            self._known[key] = made = Sighting(value, context, certain, context.building)
            self.readings.append(made)

    @property
    def running(self) -> list[Sighting]:
        """The readings of a model that runs; those while it is built, if there are no others."""
        return [r for r in self.readings if not r.building] or self.readings

    @property
    def certain(self) -> bool:
        """Whether the position is certain to be reached."""
        return any(reading.certain for reading in self.readings)


@dataclass(slots=True)
class Event:
    """One call of a module."""

    module: Module
    inputs: tuple[Value, ...]
    output: Value
    context: Context
    path: str
    site: Span | None = None


def shape_key(value: Value) -> object:
    """What distinguishes two readings: the shapes."""
    if isinstance(value, Tensor):
        return value.shape if value.known else id(value.shape)
    if isinstance(value, tuple):
        return tuple(map(shape_key, value))
    return None


def fields(value: Tensor, context: Context) -> list[tuple[Origin, Reading, Reading]]:
    """For each axis of the network's input: the receptive field, and it with by-passed steps."""
    link = context.axis(gathered(*value.axes, seen=value.seen))
    return [(o, reading, field_bypassing(link, o)) for o, reading in read(link)]


def block_fields(value: Tensor, context: Context) -> list[tuple[Origin, Reading]]:
    """The receptive field on each axis of the input of the module whose forward this context is;
    empty outside of a module, and in one that is the network itself.
    """
    use = context.use
    if use is None or use.record is None or use.module is None or context.module is context.root:
        return []
    given = next((v for v in use.inputs if isinstance(v, Tensor)), None)
    if given is None or not given.known:
        return []
    recorded = {actual: axis for axis, actual in (use.links or {}).items() if actual is not None}
    own: dict[Axis, Axis | None] = {}
    for axis, size in zip(given.axes, given.sizes, strict=True):
        if axis is not None:
            own[recorded.get(axis, axis)] = Origin("", size)
    link = relink(gathered(*value.axes, seen=value.seen), own, use.record.start, {})
    made = set(own.values())
    return [(o, r) for o, r in read(link) if o in made]


def readings(value: Tensor, context: Context) -> list[Reading]:
    """For each axis of the network's input: the receptive field."""
    return [reading for _, reading in read(context.axis(gathered(*value.axes, seen=value.seen)))]


def read(link: Axis | None) -> list[tuple[Origin, Reading]]:
    """What a link leads to, in the order in which it was made, and what is seen of each."""
    origins = sorted(sources(link), key=lambda s: s.serial)
    return [(o, r) for o in origins if (r := field_of(link, o)) is not NO_LINK]


class Analysis:
    """The answer about one version of a file. Hints, hovers and diagnostics are views of it."""

    def __init__(
        self,
        source: Source,
        runs: list[Run],
        workspace: Callable[[str], bool],
        everywhere: bool,
        again: Again,
    ) -> None:
        self.path = source.path
        self.source = source
        self.advice: dict[str, tuple[Finding, ...]] = {}
        """What `conv_lsp.advice` has worked out of it so far, by the rule's code."""
        self.shared = False
        """Whether other threads than the one that analyses read it: nothing runs for them."""
        self.script = False
        """Whether the file was asked for as a script."""
        self.line_ends = [
            len(t) if t.isascii() else len(t.encode("utf-8", "replace")) for t in source.lines
        ]
        """Bytes of each line of the analysed file."""
        self.runs = runs
        self.facts: dict[str, dict[Span, Fact]] = {}
        self.events: dict[int, list[Event]] = {}
        self.roots: list[tuple[str, Module, Context]] = []
        self.calls: list[Event] = []
        self._again = again
        """Calls a network once more, on symbols; whether its arguments are ours is told as well."""
        self._trials: dict[int, Trial | None] = {}
        self.lookups: Mapping[str, Source | None] = {}
        """The modules that were asked for by name, and what was found."""
        self.asked: Mapping[str, object] = {}
        """What was asked of operators that the library lacks, and what was said; None: nothing yet."""
        self.comments: object = None
        """What was read of shapes in comments, when that has been asked for."""
        self._workspace = workspace
        self._everywhere = everywhere
        self._paths: dict[int, dict[int, str]] = {}
        self._building: list[Event] = []
        """Calls of modules while the one that they belong to is made."""
        self._found: dict[tuple[str, Span], Finding] = {}
        self._unknown: dict[str, Span] = {}
        self._at: dict[int, Fact] = {}
        """Facts by the identity of the node."""
        for run in runs:
            for record in run.records:
                self._walk(record, Context(run, certain=True))
        for event in self._building:
            context = event.context
            context.root, context.path = self._root(event.module, context)
            event.path = context.path
        for finding in text_findings(source):
            self._add(finding)
        found = list(self._found.values())
        mine = unsuppressed([f for f in found if f.span.path == source.path], source)
        elsewhere = [f for f in found if f.span.path != source.path]
        self.findings: tuple[Finding, ...] = (*mine, *elsewhere)

    @property
    def files_read(self) -> tuple[str, ...]:
        """The other files that the answer was made from."""
        return tuple(sorted({found.path for found in self.lookups.values() if found is not None}))

    def in_workspace(self, path: str) -> bool:
        """Whether a file is the user's own, and not an installed one."""
        return self._workspace(path)

    # -- reading the tree -----------------------------------------------------------------------

    def _walk(self, record: Record, context: Context) -> None:
        at = 0
        facts = record.facts
        wanted = self._everywhere or record.statement.path == self.path
        last, later, _ = record.left_at or (len(record.complaints), len(record.uses), 0)
        for i, use in enumerate(record.uses):
            if wanted and at < use.fact_at:
                self._take(record, facts[at : use.fact_at], context)
                at = use.fact_at
            self._enter(use, context, left=i >= later)
        if wanted:
            self._take(record, facts[at:], context)
        for i, complaint in enumerate(record.complaints):
            self._complain(complaint, context, left=i >= last)

    def _take(self, record: Record, facts: Sequence[Noted], context: Context) -> None:
        statement = record.statement
        known = self._at
        for node, value, certain in facts:
            fact = known.get(id(node))
            if fact is None:
                fact = known[id(node)] = self._fact(statement, node)
            cause = value
            if value.__class__ is Tensor:
                cause = value.shape
            elif isinstance(value, Module):
                cause = value = context.actual(value)
            fact.add(value, context, certain=certain and context.certain)
            if cause.__class__ is Unknown:
                self._unknown.setdefault(cause.why, fact.span)

    def _fact(self, statement: Statement, node: ast.AST) -> Fact:
        """The fact of a node's place, which several nodes may share."""
        span = place(statement.span(node), node)
        here = self.facts.setdefault(statement.path, {})
        fact = here.get(span)
        if fact is None:
            fact = here[span] = Fact(span, node, statement.node, current=statement.is_current(node))
        return fact

    def _enter(self, use: Use, context: Context, *, left: bool) -> None:
        inner = Context(
            context.run,
            context,
            use,
            context.root,
            context.module,
            context.path,
            context.certain and use.certain,
            context.building or builds(use),
            left=context.left or left,
            around=context if context.twins is not None else context.around,
        )
        if use.module is not None:
            module = context.actual(use.module)
            inner.module = module
            if inner.building:
                inner.path = "?"  # its place in the model that is made shows when that runs
            elif context.root is None:
                inner.root, inner.path = self._root(module, inner)
            else:
                inner.path = self._path(context.root, module)
            event = Event(module, use.inputs, use.output, inner, inner.path)
            self.events.setdefault(id(module), []).append(event)
            self.calls.append(event)
            if inner.building:
                self._building.append(event)
        elif context.root is None and use.record is not None and not inner.building:
            owner = use.inputs[0] if use.inputs else None
            if isinstance(owner, Module) and has_method(owner, use.record):
                # A method of a module that calls its children: they are below it.
                inner.module = owner
                inner.root, inner.path = self._root(owner, inner)
        inner.twins = use.twins
        if use.pairs:
            inner.twins = {k: v for a, b in use.pairs for k, v in twins(a, b).items()}
        if use.record is not None:
            self._walk(use.record, inner)

    def _root(self, module: Module, context: Context) -> tuple[Module, str]:
        """The module at the top of a path, and the path of one that is called from outside."""
        for _, known, _ in self.roots:
            path = self._path(known, module)
            if path != "?":
                return known, path
        path = f"#{len(self.roots)}" if self.roots else ""
        self.roots.append((path, module, context))
        return module, path

    def _path(self, root: Module, module: Module) -> str:
        paths = self._paths.get(id(root))
        if paths is None:
            prefix = next((p for p, m, _ in self.roots if m is root), "")
            paths = self._paths[id(root)] = {id(m): p for p, m in root.tree(prefix)}
        return paths.get(id(module), "?")

    def add_own_effects(self, m: Machine) -> None:
        """For layers of the file that nothing calls: what they do to the input that they take."""
        run = Run("on its own", "the layer itself", invented=True)
        waiting = {
            id(r.value): r.value
            for fact in self.facts.get(self.path, {}).values()
            for r in fact.readings
            if isinstance(r.value, Layer) and r.value.kind is type(r.value)
        }
        alone = [v for k, v in waiting.items() if k not in self.events]
        for layer in alone[:OWN_EFFECTS]:
            if layer.made is None:
                continue
            effect = own_effect(m, layer, Record(layer.made.statement, run.label, 0))
            if effect is not None:
                context = Context(run, module=layer)
                event = Event(layer, (effect[0],), effect[1], context, "")
                self.events[id(layer)] = [event]

    # -- findings -------------------------------------------------------------------------------

    def _complain(self, complaint: Complaint, context: Context, *, left: bool) -> None:
        certain = complaint.certain and context.certain and not (left or context.left)
        if complaint.raised and (not certain or context.run.invented):
            return
        if complaint.owner is not None and not (certain and self._lacks(complaint, context)):
            return
        site = complaint.site
        span = site.statement.span(complaint.at if complaint.at is not None else site.node)
        related: list[tuple[Span, str]] = []
        message = complaint.message
        layer = complaint.layer
        if layer is not None and complaint.at is None:
            tops = [context.root] if context.root is not None else [top for _, top, _ in self.roots]
            paths = (self._path(top, context.actual(layer)) for top in tops)
            path = next((p for p in paths if p != "?"), "")
            if path not in ("", "?"):
                message = f"{'layer ' * path[0].isdigit()}{path}: {message}"
        if layer is not None:
            layer = context.actual(layer)
        if layer is not None and layer.made is not None:
            related.append((layer.made.span, "the layer is made here"))
        words = complaint.words
        if certain and complaint.rule.code in OF_SIZES:
            said = self._broken(complaint, context)
            if said is not None:
                message, words = f"{message}; {said.text}", (*words, *said.words)
        severity = complaint.rule.severity if certain else "warning"
        if severity == "info" or complaint.rule.severity != "error":
            severity = complaint.rule.severity
        calls = list(context.sites())
        if not self._workspace(span.path):
            related.insert(0, (span, message))
            span = next((s for s in calls if self._workspace(s.path)), span)
        self._add(Finding(complaint.rule, span, message, severity, tuple(related), words))
        if span.path != self.path:
            mine = next((s for s in calls if s.path == self.path), None)
            if mine is not None:
                also = ((span, message), *related)
                self._add(Finding(complaint.rule, mine, message, severity, also, words))

    def _lacks(self, complaint: Complaint, context: Context) -> bool:
        """Whether nothing in these files, run or not, gives an object the attribute that it lacks.

        An object that we made ourselves may stand for one of a class that derives from its own, so
        that there its name has to be a misspelt one.
        """
        owner, words = complaint.owner, dict(complaint.words)
        assert owner is not None
        ours = owner.made is not None and isinstance(owner.made.node, ast.ClassDef)
        if context.run.stopped or (ours and not words["near"]):
            return False
        if ours and is_derived_from(self.source, str(words["kind"])):
            return False
        kinds = [k for k in getattr(owner.kind, "mro", ()) if isinstance(k, Class)]
        names = {k.name for k in kinds}
        texts = {id(s): s for s in (self.source, *(k.namespace.source for k in kinds))}
        return not any(may_set(s, str(words["name"]), names) for s in texts.values())

    def _broken(self, complaint: Complaint, context: Context) -> Broken | None:
        """What of the network's contract its input breaks, where that is why something is wrong."""
        outer: Context | None = context
        called: Context | None = None
        while outer is not None:
            called = outer if outer.module is context.root is not None else called
            outer = outer.parent
        if called is None or called.use is None or called.module is None:
            return None
        if len(self._trials) >= EXPLAINED and id(called.use) not in self._trials:
            return None
        trial = self.trial(called)
        return None if trial is None else trial.broken(complaint)

    def _add(self, finding: Finding) -> None:
        self._found.setdefault((finding.rule.code, finding.span), finding)

    def trial(self, context: Context) -> Trial | None:
        """The call of a module on symbols for the sizes that it has in a context; worked out when
        it is first asked for.
        """
        use = context.use
        if use is None or use.module is None:
            return None
        if id(use) not in self._trials and not self.shared:
            self._trials[id(use)] = self._again(use, context.run.invented, None)
        return self._trials.get(id(use))

    def complete(self, stop: Callable[[], bool]) -> bool:
        """Work out the contracts of the networks, for those who read a shared analysis; whether
        there is something new. Only for the thread that analyses.
        """
        before = len(self._trials)
        for _, _, context in self.roots:
            use = context.use
            if use is not None and use.module is not None and id(use) not in self._trials:
                found = self._again(use, context.run.invented, stop)
                if stop():
                    break
                self._trials[id(use)] = found
        return len(self._trials) > before

    @cached_property
    def unknown(self) -> list[tuple[Span, str]]:
        """Where a tensor's shape is not known, and why; one cause once."""
        return [(span, why) for why, span in self._unknown.items()]


def contract(analysis: Analysis, of: Module | Event) -> Contract | None:
    """What sizes of its inputs a network takes, or a module in it as it is called there; None where
    that is not known. It takes a call of the module, the first time.
    """
    if isinstance(of, Event):
        trial = analysis.trial(of.context)
    else:
        context = next((c for _, root, c in analysis.roots if root is of), None)
        trial = None if context is None else analysis.trial(context)
    return None if trial is None else trial.contract


def builds(use: Use) -> bool:
    """Whether a call makes a module: a constructor, or a function that gives a new one."""
    if use.record is None or use.module is not None:
        return False
    made = use.output
    return use.record.name == "__init__" or (
        isinstance(made, Module) and not any(made is given for given in use.inputs)
    )


def has_method(module: Module, record: Record) -> bool:
    """Whether a record is that of a method of the module's class."""
    found = module.kind.find(record.name) if isinstance(module.kind, Class) else None
    return isinstance(found, Function) and found.statement is record.statement


def place(span: Span, node: ast.AST) -> Span:
    """A parameter's place is its name alone."""
    if isinstance(node, ast.arg):
        return Span(span.path, span.line, span.col, span.line, span.col + len(node.arg.encode()))
    return span


def twins(recorded: Module, actual: Module) -> dict[int, Module]:
    """The modules below two equal modules, paired by path."""
    there = dict(actual.tree())
    return {id(m): there[path] for path, m in recorded.tree() if path in there}


# -- running ----------------------------------------------------------------------------------

STACK = 512 * 1024 * 1024
RECURSION = 60_000


def never() -> bool:
    """The answer stays wanted."""
    return False


def without_collection(work: Callable[P, T]) -> Callable[P, T]:
    """Keep the garbage collector out while work runs: it would walk every syntax tree again and
    again, which takes a third of the time, and finds little before the end.
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        enabled = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            if enabled:
                gc.enable()

    return run


@without_collection
def analyze(
    source: Source,
    files: Files,
    options: Options | None = None,
    *,
    stop: Callable[[], bool] = never,
    cache: Cache | None = None,
    name: str = "",
    package: str = "",
    answers: Answers | None = None,
    workspace: Callable[[str], bool] = lambda path: "site-packages" not in path,
    everywhere: bool = False,
) -> Analysis:
    """Analyse a file as it stands, by interpreting it; nothing of it is executed.

    Needs a deep stack: run it in `with_deep_stack` if the thread is not made for it. Raises
    `Cancelled` when `stop` says so, and nothing else.
    """
    options = options or Options()
    key = (source.path, name, package, options)
    last = None if cache is None else cache.last.pop(key, None)
    runs = None
    if last is not None:
        last.machine.stop = stop
        runs, stages = last.again(source, files, options, answers), last.stages
    if runs is None:
        machine = Machine(files, options.steps, stop, answers)
        runs, stages = explore(machine, source, name or "__main__", package, options)
    machine = stages.machine
    analysis = Analysis(source, runs, workspace, everywhere, trials(stages))
    analysis.script = options.main
    if not options.run and not options.main:
        analysis.add_own_effects(machine)
    analysis.lookups = dict(machine.lookups)
    analysis.asked = dict(machine.asked)
    if cache is not None:
        machine.stop = never
        cache.last[key] = Last(source, stages, runs)
        while len(cache.last) > KEPT:
            cache.last.popitem(last=False)
    return analysis


Again: TypeAlias = "Callable[[Use, bool, Callable[[], bool] | None], Trial | None]"
"""A call of a module on symbols: the use of it, whether its inputs were guessed, when to stop."""


def trials(stages: Stages) -> Again:
    """Calls on symbols, as long as what ran has not gone on to another version of the file."""
    repeats = stages.repeats

    def again(use: Use, guessing: bool, stop: Callable[[], bool] | None) -> Trial | None:
        if stages.repeats != repeats:
            return None
        machine = stages.machine

        def work() -> Trial | None:
            from conv_lsp.contract import try_symbols  # which few analyses need

            return try_symbols(machine, use, guessing=guessing)

        before = machine.stop
        machine.stop = before if stop is None else stop
        try:
            found: Trial | None = with_deep_stack(work)
        finally:
            machine.stop = before
        return found

    return again


def with_deep_stack(work: Callable[[], Any]) -> Any:
    """Run in a thread whose stack is deep enough for code that is nested deeply."""
    answer: list[Any] = []
    failure: list[BaseException] = []

    def run() -> None:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(RECURSION)
        try:
            answer.append(work())
        except BaseException as error:  # handed to the caller's thread
            failure.append(error)
        finally:
            sys.setrecursionlimit(limit)

    before = threading.stack_size(STACK)
    try:
        thread = threading.Thread(target=run, name="analysis")
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if failure:
        raise failure[0]
    return answer[0]


__all__ = [
    "Analysis",
    "Cache",
    "Cancelled",
    "Event",
    "Fact",
    "Options",
    "analyze",
    "block_fields",
    "contract",
    "fields",
    "readings",
    "with_deep_stack",
]
