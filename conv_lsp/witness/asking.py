"""Questions about operators are asked of torch in the background; answers are kept."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from conv_lsp.witness.interpreter import Interpreter, short
from conv_lsp.witness.process import PROGRAMS, Lost, Process

if TYPE_CHECKING:
    from conv_lsp.project import Outlines

log = logging.getLogger(__name__)

PROTOCOL: Final = 1
"""Changes when the same question may have another answer."""
START: Final = 120.0
"""Seconds in which torch has to be imported."""
LATER: Final = 1.0
"""Seconds before a process starts: what is on the screen comes first."""
ANSWER: Final = 30.0
"""Seconds for one answer; the first takes the most."""
IDLE: Final = 60.0
"""Seconds without a question after which the process ends."""
TOGETHER: Final = 0.3
"""Seconds for which answers wait for more, before they are told."""
FAILURES: Final = 5
"""Failures in a row after which torch is asked no more."""
LONGEST: Final = 40_000
"""Characters of a question that is asked."""
KEPT: Final = 4_000
"""Answers in memory."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of operators at one time. Implements `values.Answers`."""

    witness: str = ""
    silence: str = ""
    known: Mapping[str, object] = field(default_factory=dict)

    def get(self, question: str) -> object:
        return self.known.get(question)


class Witness:
    """Asks one interpreter's torch. Its methods may be called by any thread, and do not wait.

    `on_news` is called by a thread of its own when there are answers that there were not before.
    """

    def __init__(
        self,
        interpreter: Interpreter,
        store: Outlines | None,
        on_news: Callable[[], None],
        *,
        command: tuple[str, ...] | None = None,
        answer: float = ANSWER,
        start: float = START,
    ) -> None:
        self.said = Said(interpreter.witness, "torch is asked")
        """What is known now; another object whenever there is more."""
        self._interpreter = interpreter
        self._store = store
        self._on_news = on_news
        self._command = command or command_of(interpreter)
        self._answer_time, self._start_time = answer, start
        self._lock = threading.Condition()
        self._waiting: deque[str] = deque()
        self._known: dict[str, object] = {}
        self._asked: set[str] = set()
        self._thread: threading.Thread | None = None
        self._process: Process | None = None
        self._failures = 0
        self._not_before = time.monotonic() + LATER
        self._number = 0
        self._ended = False

    @property
    def pid(self) -> int | None:
        """The process that answers, while there is one."""
        process = self._process
        return None if process is None else process.pid

    def want(self, questions: Iterable[str]) -> None:
        """Have these answered some time."""
        with self._lock:
            new = [q for q in questions if q not in self._asked and q not in self._known]
            if not new or self._ended or self._failures >= FAILURES:
                return
            self._asked.update(new)
            self._waiting.extend(new)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="witness", daemon=True)
                self._thread.start()
            self._lock.notify()

    def end(self) -> None:
        """Ask nothing more, and end the process."""
        with self._lock:
            self._ended = True
            self._waiting.clear()
            self._lock.notify()
        process = self._process
        if process is not None:
            process.end()

    # -- on the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        told = time.monotonic()
        fresh = False
        while True:
            question = self._next(TOGETHER if fresh else IDLE)
            if question:
                self._take(question, self._answered(question))
                fresh = True
            if fresh and (not question or time.monotonic() - told > TOGETHER * 5):
                self._tell()
                told, fresh = time.monotonic(), False
            elif not question:
                self._stop()
                with self._lock:
                    if not self._waiting or self._ended:
                        self._thread = None
                        return

    def _next(self, timeout: float) -> str:
        """The next question, or nothing for so long."""
        with self._lock:
            if not self._waiting and not self._ended:
                self._lock.wait(timeout)
            return self._waiting.popleft() if self._waiting else ""

    def _take(self, question: str, answer: object) -> None:
        with self._lock:
            self._asked.discard(question)
            while len(self._known) >= KEPT:
                del self._known[next(iter(self._known))]
            self._known[question] = answer

    def _tell(self) -> None:
        """Let the answers be known."""
        with self._lock:
            self.said = Said(self.said.witness, self.said.silence, dict(self._known))
        with contextlib.suppress(RuntimeError):  # nobody listens any more
            self._on_news()

    def _answered(self, question: str) -> object:
        """The answer, out of the store or by torch; that there is none, if so."""
        key = f"{PROTOCOL} {self._interpreter.torch} {question}"
        kept = self._store.get(key) if self._store is not None else None
        if isinstance(kept, dict):
            return kept
        if len(question) > LONGEST:
            return {"why": "the question is too long"}
        try:
            answer = self._ask(json.loads(question))
        except Lost as lost:
            self._stop()
            self._failed(str(lost))
            return {"why": str(lost)}
        self._failures = 0
        if self._store is not None:
            self._store.put(key, answer)
        return answer

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        process = self._process or self._start()
        self._number += 1
        process.send({"id": self._number, **question})
        row = process.receive(self._answer_time)
        if row.get("id") != self._number:
            raise Lost("what it writes is no answer")
        if "said" in row:
            return {"said": row["said"]}
        return {"why": str(row.get("why", ""))[:300]}

    def _start(self) -> Process:
        """A process that has imported torch. Raises Lost."""
        wait = self._not_before - time.monotonic()
        with self._lock:
            if wait > 0 and not self._ended:
                self._lock.wait_for(lambda: self._ended, timeout=wait)
            if self._ended or self._failures >= FAILURES:
                raise Lost("torch is not asked any more")
        process = self._process = Process(self._command)
        hello = process.receive(self._start_time)
        version = hello.get("torch")
        if not isinstance(version, str):
            self._failures = FAILURES  # it will not be another one next time
            raise Lost(f"torch cannot be imported: {hello.get('broken', 'no reason is given')}")
        log.info("torch %s answers for operators, by %s", version, self._interpreter.python)
        if short(version) != short(self._interpreter.torch):
            log.warning("it is torch %s, not %s", version, self._interpreter.torch)
        return process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _failed(self, why: str) -> None:
        """Wait longer each time before it is tried again, and give up in the end."""
        if self._ended:
            return
        given_up = self._failures >= FAILURES
        self._failures += 1
        self._not_before = time.monotonic() + min(0.5 * 2**self._failures, 30.0)
        log.warning("torch gave no answer about an operator: %s", why)
        if given_up or self._failures >= FAILURES:
            self._failures = FAILURES
            with self._lock:
                for question in self._waiting:
                    self._known[question] = {"why": why}
                self._waiting.clear()
                self.said = Said(
                    self.said.witness, f"torch cannot be asked: {why}", self.said.known
                )
            log.warning("torch is not asked any more about operators: %s", why)


def command_of(interpreter: Interpreter) -> tuple[str, ...]:
    """Runs the program that answers: isolated, and without `site`, so that of the environment torch
    is imported, and neither a sitecustomize nor the code in .pth files runs.
    """
    program = str(PROGRAMS / "operators.py")
    return (interpreter.python, "-I", "-S", program, *interpreter.directories)
