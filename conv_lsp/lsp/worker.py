"""The thread that analyses: one, with a stack deep enough for the interpreter of deep code."""

from __future__ import annotations

import gc
import sys
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds without a job after which there is time to look for garbage.
IDLE = 1.0
# A thread's stack is address space until it is touched.
STACK_SIZES = (512 << 20, 256 << 20, 64 << 20, 16 << 20)
# What one level of Python may take of it. The engine's own bound on depth comes first.
BYTES_PER_LEVEL = 9_000


class Worker:
    """Runs jobs one after another. A job reports its own outcome and raises nothing."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = _start(self._run)

    def submit(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)

    def stop(self, timeout: float) -> None:
        """End after the running job, and wait for that as long as `timeout` seconds."""
        self._jobs.put(None)
        self._thread.join(timeout)

    def _run(self) -> None:
        worked = False
        while True:
            try:
                job = self._jobs.get(timeout=IDLE if worked else None)
            except Empty:
                gc.collect()  # nobody waits now
                worked = False
                continue
            if job is None:
                return
            job()
            worked = True


def _start(target: Callable[[], None]) -> threading.Thread:
    """A daemon thread with the largest stack that the system grants."""
    before = threading.stack_size()
    try:
        for size in (*STACK_SIZES, 0):
            try:
                threading.stack_size(size)
                thread = threading.Thread(target=target, name="analysis", daemon=True)
                thread.start()
            except (ValueError, RuntimeError, MemoryError):
                if not size:
                    raise
                continue
            sys.setrecursionlimit(max(sys.getrecursionlimit(), size // BYTES_PER_LEVEL))
            return thread
    finally:
        threading.stack_size(before)
    raise AssertionError("the loop returns or raises")
