"""After an edit only what it can change runs again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from conv_lsp.analysis import Analysis, Cache, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.interp import calls
from conv_lsp.project import Project

FILE = """
import torch
from torch import nn

SIZE = 3

class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, SIZE)

    def forward(self, x):
        return self.conv(x)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(8), Block(8))

    def forward(self, x):
        return self.blocks(x)

class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(x)

def net():
    return Net()

def other():
    return Other()
"""


class Editor:
    """One file that is edited, and the functions that each analysis of it has run."""

    def __init__(self, directory: Path, ran: list[str]) -> None:
        self.project, self.cache = Project(directory, Settings()), Cache()
        self.path, self.text, self.ran = directory / "net.py", FILE, ran
        self.show(FILE)

    def show(self, text: str) -> list[str]:
        self.text = text
        self.project.open(self.path, text)
        self.ran.clear()
        source = self.project.source(self.path)
        self.analysis: Analysis = with_deep_stack(
            partial(analyze, source, self.project, cache=self.cache)
        )
        return list(self.ran)

    def replace(self, old: str, new: str) -> list[str]:
        assert old in self.text
        return self.show(self.text.replace(old, new, 1))


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    ran: list[str] = []
    run = calls.run

    def counted(m: Any, function: Any, *rest: Any) -> Any:
        owner = f"{function.owner.name}." if function.owner is not None else ""
        ran.append(owner + function.name)
        return run(m, function, *rest)

    monkeypatch.setattr(calls, "run", counted)
    return Editor(tmp_path, ran)


def test_comments_and_blank_lines_run_nothing(editor: Editor) -> None:
    assert editor.replace("return self.conv(x)", "return self.conv(x)  # a remark") == []
    assert editor.replace("class Net", "\n\n# the network\nclass Net") == []
    assert editor.replace("        self.fc", "        # a layer\n\n        self.fc") == []


def test_a_method_runs_its_callers_and_no_other_entry(editor: Editor) -> None:
    ran = editor.replace("return self.fc(x)", "return self.fc(x) * 2")
    assert set(ran) == {"other", "Other.forward"}
    ran = editor.replace("return self.conv(x)", "return self.conv(x) + 1")
    assert set(ran) == {"net", "Net.forward", "Block.forward"}
    ran = editor.replace("Block(8), Block(8)", "Block(8)")
    assert "Net.__init__" in ran
    assert "Block.__init__" not in ran


def test_what_functions_read_counts(editor: Editor) -> None:
    ran = editor.replace("SIZE = 3", "SIZE = 5")
    assert {"Block.__init__", "Block.forward"} <= set(ran)


def test_an_edit_taken_back_gives_the_first_answer(editor: Editor) -> None:
    def sizes() -> list[str]:
        return [str(event.output) for event in editor.analysis.calls]

    before = sizes()
    editor.replace("channels, channels, SIZE", "channels, channels, 7")
    changed = sizes()
    editor.replace("channels, channels, 7", "channels, channels, SIZE")
    assert sizes() == before != changed


def test_a_file_that_its_package_imports_goes_on_too(tmp_path: Path) -> None:
    package = tmp_path / "ours"
    package.mkdir()
    registry = (
        "NETS = {}\n\ndef register(function):\n    if function.__name__ in NETS:\n"
        "        raise ValueError('twice')\n    NETS[function.__name__] = function\n"
        "    return function\n"
    )
    text = (
        "from torch import nn\nfrom .registry import register\n\n"
        "@register\ndef net():\n    return nn.Conv2d(3, 8, 3)\n"
    )
    for name, held in {"__init__": "from .nets import *\n", "registry": registry}.items():
        (package / f"{name}.py").write_text(held, encoding="utf-8")
    path = package / "nets.py"
    project, cache = Project(tmp_path, Settings()), Cache()
    for version in (text, text.replace("8, 3)", "8, 5)")):
        project.open(path, version)
        source = project.source(path)
        with_deep_stack(
            partial(analyze, source, project, cache=cache, name="ours.nets", package="ours")
        )
    assert next(iter(cache.last.values())).stages.repeats == 1
