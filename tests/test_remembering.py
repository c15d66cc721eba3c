"""Remembered calls, copied constructions and left-out turns change no answer."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conv_lsp.analysis import Options, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.document import document
from conv_lsp.interp import branches, calls
from conv_lsp.project import Project
from conv_lsp.source import Source

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


DEEP = """
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return x + torch.relu(self.norm(self.conv(x)))

class Net(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(16) for _ in range(count)])
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)

    def forward(self, x):
        return self.blocks(x)

Net(COUNT)(torch.randn(1, 16, 32, 32))
"""


def test_equal_blocks_cost_little_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty blocks run the code of a block as often as two do."""
    ran: list[str] = []
    run = calls.run

    def counted(m: Any, function: Any, *rest: Any) -> Any:
        ran.append(function.name)
        return run(m, function, *rest)

    monkeypatch.setattr(calls, "run", counted)
    counts = []
    for blocks in ("2", "50"):
        ran.clear()
        source = Source.parse("net.py", DEEP.replace("COUNT", blocks))
        with_deep_stack(partial(analyze, source, Project(".", Settings())))
        counts.append(len(ran))
    assert counts[0] == counts[1] == 4


CATALOGUE = """
from torch import nn

class Features(nn.Module):
    def forward(self, x):
        return x

class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)

    def forward(self, x):
        return self.conv(x)

def make(width, features=False):
    return Features() if features else Net(width)
"""


def test_factories_that_reach_nothing_new_do_not_all_run(tmp_path: Path) -> None:
    # Each names a class that none of them reaches.
    factories = "".join(f"\ndef net{i}():\n    return make({i})\n" for i in range(1, 40))
    path = tmp_path / "catalogue.py"
    source = Source.parse(str(path), CATALOGUE + factories)
    labels = [r.label for r in analyze(source, Project(tmp_path, Settings())).runs]
    assert labels == ["catalogue.py", "net1()", "net2()", "net3()", "Features"]
