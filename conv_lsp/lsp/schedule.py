"""Which document is analysed next, and what becomes of an analysis that has been overtaken.

There is no delay after an edit: edits that arrive while an analysis runs make it stop, and the next
one sees all of them.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conv_lsp.analysis import Cancelled
from conv_lsp.lsp.answer import Answer
from conv_lsp.lsp.text import NOTHING
from conv_lsp.lsp.typing import PAUSE, held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conv_lsp.lsp.documents import Document
    from conv_lsp.lsp.progress import Progress
    from conv_lsp.lsp.projects import Projects
    from conv_lsp.lsp.worker import Worker

log = logging.getLogger(__name__)

# Seconds. The engine's own bound, in steps, is reached long before.
SAFETY_NET = 20.0
# Seconds after an answer in which nothing was typed, and more of them.
BREATH = 0.1
REST = 0.2


class _Run:
    """One analysis under way. The worker polls `stop`; all else is the protocol's thread's."""

    def __init__(self, document: Document, patient: bool) -> None:
        self.document = document
        self.generation = document.generation
        self.lines = document.lines
        self.choice = document.choice
        self.overtaken: dict[str, bool] = {}  # files that changed, or appeared, meanwhile
        self.patient = patient  # gave way once already: the next in line waits for it
        self.gave_way = False
        self.ended = False
        self.unwanted = False  # by the person
        self.progress: Progress | None = None
        self.deadline = float("inf")

    def stop(self) -> bool:
        return (
            self.gave_way
            or self.ended
            or self.unwanted
            or self.document.generation != self.generation
            or time.monotonic() > self.deadline
        )

    def cancel(self) -> None:
        self.unwanted = True


class Schedule:
    """Belongs to the protocol's thread, but for the jobs that it gives to the worker."""

    def __init__(
        self,
        worker: Worker,
        projects: Projects,
        on_answer: Callable[[Document], None],
        on_more: Callable[[Document], None],
        show: Callable[[str, Callable[[], None]], Progress],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._worker = worker
        self._projects = projects
        self._on_answer = on_answer
        self._on_more = on_more
        self._show = show
        self._generations = itertools.count(1)
        self._due: dict[Document, bool] = {}  # last is next; the value: gave way once already
        self._changes: list[Callable[[Projects], None]] = []
        self._running: _Run | None = None
        self._ended = False
        self.changed = asyncio.Event()
        """Set, and replaced by another one, whenever a text or a setting changes."""

    def change(self, change: Callable[[Projects], None]) -> None:
        """Do something to the projects before the next analysis."""
        self._changes.append(change)
        self._stir()

    def _stir(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()

    def renew(self, document: Document) -> None:
        """Analyse a document (again) as soon as possible."""
        document.generation = next(self._generations)
        self._due.pop(document, None)
        if document.background:
            self._due = {document: False, **self._due}
            self._start()
            return
        self._due[document] = False
        running = self._running
        if running is not None and running.document is not document and not running.patient:
            running.gave_way = True
        self._start()

    def file_changed(
        self, path: str, documents: Iterable[Document], *, appeared: bool = False
    ) -> None:
        """Renew the documents whose answers were made from this file as well, or from its absence."""
        self._stir()
        if self._running is not None:
            overtaken = self._running.overtaken
            overtaken[path] = appeared or overtaken.get(path, False)
        for document in documents:
            if document.answer is not None and document.answer.depends_on(path, appeared=appeared):
                self.renew(document)

    def drop(self, document: Document) -> None:
        """Nobody waits for this one any more."""
        running = self._running is not None and self._running.document is document
        if self._due.pop(document, None) is not None or running:
            document.generation = next(self._generations)

    def prefer(self, document: Document) -> None:
        """Somebody waits for this one."""
        if document in self._due:
            self._due[document] = self._due.pop(document)

    def end(self) -> None:
        self._ended = True
        self._due.clear()
        if self._running is not None:
            self._running.ended = True

    def _start(self) -> None:
        if self._running is not None or self._ended:
            return
        while self._due:
            document, patient = self._due.popitem()
            if not document.closed:
                break
        else:
            return
        run = self._running = _Run(document, patient)
        if not document.background:
            run.progress = self._show(document.path, run.cancel)
        changes, self._changes = self._changes, []
        self._worker.submit(lambda: self._work(run, changes))

    def _work(self, run: _Run, changes: list[Callable[[Projects], None]]) -> None:
        """On the worker's thread."""
        outcome: Answer | BaseException
        try:
            for change in changes:
                change(self._projects)
            run.deadline = time.monotonic() + SAFETY_NET
            outcome = self._outcome(run)
        except BaseException as error:  # a thread that ended would end all hints
            outcome = error
        self._hand_over(self._finish, run, outcome)

    def _hand_over(self, then: Callable[..., None], *args: Any) -> None:
        """From the worker's thread to the protocol's."""
        try:
            self._loop.call_soon_threadsafe(then, *args)
        except RuntimeError:  # the loop has ended: nobody asks any more
            pass

    def _outcome(self, run: _Run) -> Answer:
        document = run.document
        if not document.is_python:
            return Answer(document.path, run.lines or NOTHING)
        return self._projects.analyze(
            document.path,
            run.lines,
            run.stop,
            document.analysed,
            run.choice,
            shown=not document.background,
        )

    def _finish(self, run: _Run, outcome: Answer | BaseException) -> None:
        self._running = None
        if run.progress is not None:
            run.progress.end()
        document = run.document
        newest = document.generation == run.generation and not document.closed
        if isinstance(outcome, Answer):
            if newest:
                self._settle(run, outcome)
        elif isinstance(outcome, Cancelled) and run.gave_way:
            if newest:
                self._due = {document: not document.background, **self._due}
        elif newest and not run.ended:
            self._fail(run, outcome)
        self._start()

    def _fail(self, run: _Run, error: BaseException) -> None:
        """The last good answer stands in, as far as the text is the same."""
        document = run.document
        if run.unwanted:
            log.info("%s: the analysis was cancelled", document.path)
        elif isinstance(error, Cancelled):
            log.error("%s: the analysis took more than %s s", document.path, SAFETY_NET)
        else:
            log.error("%s: the analysis failed", document.path, exc_info=error)
        last = document.analysed
        lines = run.lines or (last.lines if last else NOTHING)
        self._settle(run, last.carried(lines) if last else Answer(document.path, lines))

    def _written(self, document: Document) -> None:
        """Nothing was typed for a while: show all that is known."""
        document.work = document.pause = None
        if document.closed or not document.current or document.answer is document.analysed:
            return
        document.answer = document.analysed
        self._on_answer(document)

    def advise(self, document: Document) -> None:
        """Work out the advice on what was analysed: nobody types, or somebody waits for it."""
        if document.rest is not None:
            document.rest.cancel()
        generation, answer = document.generation, document.analysed
        if answer is None or document.closed or not document.current:
            return

        def work() -> None:
            if document.generation != generation or self._ended:
                return
            try:
                advised = self._projects.advised(answer)
            except Exception:  # what it is about is only told besides
                log.exception("%s: the advice failed", document.path)
                advised = replace(answer, advised=True)
            self._hand_over(self._advised, document, answer, advised)

        document.rest = self._loop.call_later(REST, self._complete, document, answer)
        self._worker.submit(work)

    def _advised(self, document: Document, before: Answer, advised: Answer) -> None:
        if document.analysed is not before or document.closed or not document.current:
            return
        document.analysed = advised
        if document.answer is before:
            document.answer = advised
        document.announce()
        self._on_answer(document)

    def _complete(self, document: Document, answer: Answer) -> None:
        """And still nobody types: work out what hovers and lenses show besides."""
        document.rest = None  # a timer holds on to what it was given
        generation, analysis = document.generation, answer.analysis
        if analysis is None or self._ended:
            return

        def stop() -> bool:
            return self._ended or document.generation != generation

        def work() -> None:
            try:
                more = analysis.complete(stop)
            except Exception:  # what it is about is only told besides
                log.exception("%s: the input contract failed", document.path)
                return
            if more:
                self._hand_over(self._on_more, document)

        self._worker.submit(work)

    def _settle(self, run: _Run, answer: Answer) -> None:
        document = run.document
        shown, document.analysed = document.answer, answer
        if document.work is not None and shown is not None and run.lines is not None:
            answer = held(answer, shown, document.work)
            document.pause = self._loop.call_later(PAUSE, self._written, document)
        document.answer = answer
        document.answered = run.generation
        document.announce()
        try:
            self._on_answer(document)
        except Exception:  # the next analysis has to start all the same
            log.exception("%s: the client could not be told", document.path)
        if document.rest is not None:
            document.rest.cancel()
        if not document.background:
            document.rest = self._loop.call_later(BREATH, self.advise, document)
        if any(
            path != document.path and answer.depends_on(path, appeared=appeared)
            for path, appeared in run.overtaken.items()
        ):
            self.renew(document)
