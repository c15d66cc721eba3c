"""The four measurements. Times are in milliseconds of wall clock, of this machine, in this run."""

from __future__ import annotations

import ast
import itertools
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.bench import corpus
from tests.bench.client import Client

T = TypeVar("T")


@dataclass(slots=True)
class Timed:
    """One measurement beside the yardstick of the same run."""

    file: str
    times: list[float]
    yardstick: list[float]
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """The nearest-rank percentile: 19 of 20 are as fast."""
        return sorted(self.times)[math.ceil(0.95 * len(self.times)) - 1]

    @property
    def unit(self) -> float:
        return statistics.median(self.yardstick)

    def row(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "yardstick_ms": round(self.unit, 2),
            "median_ms": round(self.median, 2),
            "p95_ms": round(self.p95, 2),
            "median_ratio": round(self.median / self.unit, 2),
            "p95_ratio": round(self.p95 / self.unit, 2),
            **self.notes,
        }


def clock(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


def parse_time(text: str) -> float:
    return clock(lambda: ast.parse(text))[0]


def analysis(path: Path, python: Path, repeats: int) -> Timed:
    """From text to Analysis, in a process that has started, with nothing read or known before."""
    from conv_lsp.analysis import Analysis, analyze, with_deep_stack
    from conv_lsp.config import Settings
    from conv_lsp.project import Project

    text = path.read_text(encoding="utf-8")

    def once() -> Analysis:
        project = Project(corpus.project_of(path), Settings(python=str(python)))
        project.open(str(path), text)
        return analyze(project.source(str(path)), project)

    def run() -> Timed:
        once()  # Python's own first-time costs: imports inside functions, specialised bytecode
        timed = Timed(path.name, [], [])
        for _ in range(repeats):
            timed.yardstick.append(parse_time(text))
            time_taken, result = clock(once)
            timed.times.append(time_taken)
            # Beside the time, what it was spent on: an analysis that gives up early is fast.
            timed.notes["facts"] = sum(map(len, result.facts.values()))
            timed.notes["findings"] = len(result.findings)
        return timed

    timed: Timed = with_deep_stack(run)
    return timed


def settings_of(python: Path) -> dict[str, object]:
    return {"python": str(python)}


def first_hints(command: Sequence[str], path: Path, python: Path) -> tuple[float, int]:
    """From starting the process to holding the hints of one document, and their number."""
    text = path.read_text(encoding="utf-8")
    start = time.perf_counter()
    client = Client(command, corpus.project_of(path), settings_of(python))
    try:
        client.start()
        client.open(path, text)
        hints, _ = client.view(path, text.count("\n") + 1)
        return (time.perf_counter() - start) * 1000, len(hints)
    finally:
        client.stop()


def start(
    server: Sequence[str], empty: Sequence[str], path: Path, python: Path, repeats: int
) -> Timed:
    """Process start to first hints, in turn with a server that knows nothing."""
    timed = Timed(path.name, [], [])
    for attempt in range(repeats + 1):
        base, _ = first_hints(empty, path, python)
        ours, count = first_hints(server, path, python)
        assert count, f"the server shows nothing in {path.name}"
        if attempt:  # the first reads the disk
            timed.yardstick.append(base)
            timed.times.append(ours)
            timed.notes["hints"] = count
    return timed


def edits(server: Sequence[str], path: Path, python: Path, count: int) -> Timed:
    """didChange to fresh hints and diagnostics of the whole file, `count` times.

    Raises AssertionError where the answers are not those for the text that was sent.
    """
    text = path.read_text(encoding="utf-8")
    timed = Timed(path.name, [], [], {"kinds": {}})
    kinds: dict[str, list[float]] = timed.notes["kinds"]
    client = Client(server, corpus.project_of(path), settings_of(python), seconds=300)
    try:
        client.start()
        client.open(path, text)
        view = client.view(path, text.count("\n") + 1)
        for version in range(1, count + 1):
            edit = corpus.EDITS[path.name][(version - 1) % len(corpus.EDITS[path.name])]
            text, change = edit.apply(text)
            lines = text.count("\n") + 1
            timed.yardstick.append(parse_time(text))

            begin = time.perf_counter()
            client.change(path, version, [change])
            fresh = client.view(path, lines)
            timed.times.append((time.perf_counter() - begin) * 1000)

            kinds.setdefault(edit.kind, []).append(timed.times[-1])
            if edit.kind == "kernel":
                assert shown(fresh) != shown(view), "a kernel size changed nothing that is shown"
            view = fresh
        timed.notes |= {"hints": len(view[0]), "diagnostics": len(view[1])}
        timed.notes["memory_mb"] = client.peak_memory()
    finally:
        client.stop()
    timed.notes["kinds"] = {kind: statistics.median(times) for kind, times in kinds.items()}
    difference = first_difference(shown(view), shown(opened(server, path, text, python)))
    assert not difference, f"edits left another answer than a fresh start: {difference}"
    return timed


def first_difference(ours: list[Any], fresh: list[Any]) -> str:
    """Where two answers part, or nothing."""
    pairs = itertools.zip_longest(ours, fresh)
    return next((f"{a} is {b}" for a, b in pairs if a != b), "")


def opened(
    server: Sequence[str], path: Path, text: str, python: Path
) -> tuple[list[Any], list[Any]]:
    """What a server says that was started on this very text."""
    client = Client(server, corpus.project_of(path), settings_of(python))
    try:
        client.start()
        client.open(path, text)
        return client.view(path, text.count("\n") + 1)
    finally:
        client.stop()


def shown(view: tuple[list[Any], list[Any]]) -> list[Any]:
    """What a person sees of an answer: where, and what."""
    hints, diagnostics = view
    return [
        *((hint["position"], label(hint["label"])) for hint in hints),
        *((diagnostic["range"], diagnostic["message"]) for diagnostic in diagnostics),
    ]


def label(text: str | list[dict[str, Any]]) -> str:
    return text if isinstance(text, str) else "".join(part["value"] for part in text)


def memory(server: Sequence[str], python: Path, count: int) -> dict[str, Any]:
    """The most memory held with `count` files of torchvision open and shown, in MB."""
    folder = corpus.torchvision(python).parent
    paths = sorted(folder.rglob("*.py"))[:count]
    client = Client(server, folder.parent, settings_of(python), seconds=300)
    try:
        client.start()
        for path in paths:
            text = path.read_text(encoding="utf-8")
            client.open(path, text)
            client.view(path, text.count("\n") + 1)
        return {"files": len(paths), "peak_mb": client.peak_memory()}
    finally:
        client.stop()
