from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from queue import Queue

import pytest

from conv_lsp.lsp.worker import BYTES_PER_LEVEL, STACK_SIZES, Worker


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    limit, size = sys.getrecursionlimit(), threading.stack_size()
    yield
    sys.setrecursionlimit(limit)
    assert threading.stack_size() == size


def through_c(depth: int) -> int:
    """Recursion that takes room on C's stack at every level."""
    return max(map(through_c, [depth - 1])) + 1 if depth else 0


def test_deep_recursion_has_room() -> None:
    results: Queue[int] = Queue()
    worker = Worker()
    depth = STACK_SIZES[0] // BYTES_PER_LEVEL // 3
    worker.submit(lambda: results.put(through_c(depth)))
    assert results.get(timeout=30) == depth
    worker.stop(5)


def test_a_smaller_stack_is_better_than_none(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = threading.stack_size

    def grudging(size: int = 0) -> int:
        asked.append(size)
        if size > STACK_SIZES[-1]:
            raise ValueError("too large")
        return real(size)

    monkeypatch.setattr(threading, "stack_size", grudging)
    results: Queue[str] = Queue()
    worker = Worker()
    worker.submit(lambda: results.put("done"))
    assert results.get(timeout=30) == "done"
    assert [size for size in asked if size] == list(STACK_SIZES)
    worker.stop(5)
