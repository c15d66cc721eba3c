"""`Analysis`: what the tree of call records tells, as plain data."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from conv_lsp.analysis.contexts import Context, Event, Fact
from conv_lsp.entry import Run, own_effect
from conv_lsp.findings import Finding, text_findings, unsuppressed
from conv_lsp.interp.frames import Function
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.records import Complaint, Noted, Record, Use
from conv_lsp.library.module import Layer
from conv_lsp.source import Source, Span, Statement, is_derived_from, may_set
from conv_lsp.values import Class, Module, Tensor, Unknown

if TYPE_CHECKING:
    from conv_lsp.contract import Broken, Contract, Trial

Again: TypeAlias = "Callable[[Use, bool, Callable[[], bool] | None], Trial | None]"
"""A call of a module on symbols: the use of it, whether its inputs were guessed, when to stop."""

OWN_EFFECTS = 200
"""Layers without a caller whose own effect is worked out."""
EXPLAINED = 4
"""Networks that are called once more for the sake of what is wrong with their inputs."""
OF_SIZES = frozenset(
    "always-raises broadcast cat-sizes einops-pattern einsum-sizes expand-size pad-too-large "
    "pool-too-small reshape-count split-sizes stack-sizes window-too-large".split()
)
"""Rules that may complain because of the size of the network's input."""


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
        self._tops: dict[int, Module] = {}
        """For each module, by identity, the first network that it is in."""
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
        known = self._tops.get(id(module))
        if known is not None:
            return known, self._path(known, module)
        path = f"#{len(self.roots)}" if self.roots else ""
        self.roots.append((path, module, context))
        for below in self._below(module, path):
            self._tops.setdefault(below, module)
        return module, path

    def _path(self, root: Module, module: Module) -> str:
        return self._below(root, "").get(id(module), "?")

    def _below(self, root: Module, prefix: str) -> dict[int, str]:
        """The paths of a module and of those in it, by identity."""
        paths = self._paths.get(id(root))
        if paths is None:
            paths = self._paths[id(root)] = {id(m): p for p, m in root.tree(prefix)}
        return paths

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
