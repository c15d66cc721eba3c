"""`analyze`: a file is run by the interpreter, and the records are read."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import conv_lsp.library  # noqa: F401  declares the rules
from conv_lsp.analysis.edits import KEPT, Cache, Last
from conv_lsp.analysis.reading import Again, Analysis
from conv_lsp.entry import Options, explore
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.records import Use
from conv_lsp.interp.stages import Stages
from conv_lsp.source import Files, Source
from conv_lsp.values import Answers

if TYPE_CHECKING:
    from conv_lsp.contract import Trial

P = ParamSpec("P")
T = TypeVar("T")

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
