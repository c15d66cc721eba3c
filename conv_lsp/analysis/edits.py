"""What one analysis leaves for the next one of the same file."""

from __future__ import annotations

import ast
from collections import OrderedDict
from dataclasses import dataclass
from operator import is_

from conv_lsp.entry import Options, Run, explore_from
from conv_lsp.interp.frames import forget
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import Namespace
from conv_lsp.interp.stages import REPEATS, Stages
from conv_lsp.source import Files, InputDirective, Source, graft
from conv_lsp.values import Answers

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
