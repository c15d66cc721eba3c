"""Remembered calls, copied constructions and left-out turns change no answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conv_lsp.analysis import Options, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.document import document
from conv_lsp.interp import branches, calls
from conv_lsp.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
FILES = [
    *(p for p in sorted((ROOT / "tests" / "cases").glob("*/*.py")) if p.parent.name != "hostile"),
    *sorted((ROOT / "docs" / "examples").glob("*.py")),
]


def answer(path: Path) -> dict[str, Any]:
    """The facts document, without the order in which equal facts were met."""
    project = Project(path.parent, Settings())
    source = project.source(path)

    def work() -> Any:
        return analyze(source, project, Options(steps=5_000_000), everywhere=True)

    found = document(with_deep_stack(work))
    for held in found["files"].values():
        for row in held["expressions"]:
            row["shapes"] = sorted(map(json.dumps, row["shapes"]))
        held["expressions"].sort(key=json.dumps)
    return found


@pytest.fixture
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(calls, "call_key", lambda *_: None)
    monkeypatch.setattr(branches.Turns, "repeats", lambda *_: False)
    yield
    monkeypatch.undo()


@pytest.fixture(scope="module")
def answers() -> dict[Path, dict[str, Any]]:
    """What is said with everything on."""
    return {path: answer(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_the_same_is_said_without_remembering(
    answers: dict[Path, Any], path: Path, nothing_remembered: None
) -> None:
    assert answer(path) == answers[path]
