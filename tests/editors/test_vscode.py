"""What a person sees and does in a real VS Code with the packed extension.

Skipped where `python -m tests.editors.vscode --install` has not been run.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.editors import vscode

WHY = vscode.missing()
pytestmark = [
    pytest.mark.skipif(WHY is not None, reason=WHY or ""),
    pytest.mark.timeout(600),
]

MODEL = """\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels, width, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(channels, width, 3, stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = Block(64, 64)
        self.layer2 = Block(64, 128, stride=2)
        self.head = nn.Linear(64, classes)

    def forward(self, x):
        x = self.pool(self.stem(x))
        x = self.layer2(self.layer1(x))
        x = x.mean((2, 3))
        return self.head(x)


Net()(torch.randn(1, 3, 224, 224))


class Free(nn.Module):
    def forward(self, image):
        return image[:, :1]
"""
CELLS = (
    "import torch\nfrom torch import nn\nnet = nn.Conv2d(3, 8, 3, padding=1)",
    "x = torch.randn(2, 3, 16, 16)\ny = net(x)",
    "nn.Linear(9, 2)(y)",
)


def notebook() -> str:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "source": text,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for text in CELLS
    ]
    kernel = {"language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes that run these tests: the extension is built and tried once."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="module")
def extension(together: Path) -> Path:
    packed = together / "conv-lsp.vsix"
    with vscode.alone(together):
        return packed if packed.exists() else vscode.build(packed)


@pytest.fixture(scope="module")
def seen(extension: Path, together: Path) -> dict[str, Any]:
    home = together / "vscode"
    with vscode.alone(together):
        if not home.exists():
            project = home / "project"
            project.mkdir(parents=True)
            (project / "model.py").write_text(MODEL)
            (project / "cells.ipynb").write_text(notebook())
            (project / ".vscode").mkdir()
            settings = {"conv-lsp.python": sys.executable}
            (project / ".vscode" / "settings.json").write_text(json.dumps(settings))
            vscode.session("whole", project, home, extension)
        report: dict[str, Any] = json.loads((home / "report.json").read_text())
    return report


def test_hints_are_drawn(seen: dict[str, Any]) -> None:
    lines = "\n".join(seen["hints"]["lines"])
    assert "padding=3)⟶ 64×112×112 · RF 7" in lines
    assert "def forward(self, x):x: (1, 3, 224, 224)" in lines
    assert "x = x.mean((2, 3))⟶ (1, 128)" in lines


def test_lenses_and_squiggles_are_drawn(seen: dict[str, Any]) -> None:
    block, net = seen["hints"]["lenses"][:2]
    assert "(1 of 2)" in block
    assert net.startswith("input (1, 3, 224, 224) from line 31")
    assert seen["hints"]["squiggles"] == 1


def test_a_hint_has_a_tooltip(seen: dict[str, Any]) -> None:
    assert "Conv2d(3 → 64, 7×7, stride 2, padding 3)" in seen["tooltip"]


def test_a_call_has_a_hover(seen: dict[str, Any]) -> None:
    assert "(1, 64, 112, 112)" in seen["hover"]


def test_the_quick_fix_is_applied(seen: dict[str, Any]) -> None:
    assert "nn.Linear(128, classes)" in seen["fix"]["line"], seen["fix"]


def test_a_lens_chooses_the_context(seen: dict[str, Any]) -> None:
    assert "64×56×56" in seen["lens"]["before"]
    assert ["layer1" in item for item in seen["lens"]["items"]] == [True, False, False]
    assert "128×28×28" in seen["lens"]["after"]


def test_a_file_is_verified_by_command(seen: dict[str, Any]) -> None:
    pytest.importorskip("torch")
    told = seen["verify"]["told"]
    assert re.search(r"model.py, torch \d+\.\d+ on cpu: \d+ lines agree, 0 differ", told), told
    assert re.search(r"verified with torch \d+\.\d+", seen["verify"]["hover"])


def test_an_input_is_set_by_command(seen: dict[str, Any]) -> None:
    assert "image: (2, 5, 8, 8)" in seen["write_input"]


def test_the_status_and_the_information_for_help(seen: dict[str, Any]) -> None:
    assert re.search(r"conv-lsp: \d+ findings?\n", seen["status"])
    told = "\n".join(seen["information"])
    assert "chosen by    bundled with the extension" in told
    assert "-I " in told


def test_cells_of_a_notebook(seen: dict[str, Any]) -> None:
    assert seen["notebook"]["squiggles"] == 1
    assert any("y = net(x)⟶ (2, 8, 16, 16)" in row for row in seen["notebook"]["lines"])


def test_the_walkthrough_has_its_picture(seen: dict[str, Any]) -> None:
    assert seen["walkthrough"] is True


def plant(folder: Path) -> Path:
    """A project whose settings name a program of its own; it leaves a trace when it is started."""
    project = folder / "project"
    planted = project / ".venv" / "bin" / "python"
    planted.parent.mkdir(parents=True)
    planted.write_text(f"#!/bin/sh\necho started >> {folder / 'started'}\n")
    planted.chmod(0o755)
    (project / "model.py").write_text(MODEL)
    (project / ".vscode").mkdir()
    wanted = {"path": [str(planted)], "interpreter": [str(planted)], "python": str(planted)}
    settings = {f"conv-lsp.{key}": value for key, value in wanted.items()}
    (project / ".vscode" / "settings.json").write_text(json.dumps(settings))
    return project


def test_nothing_of_a_workspace_that_is_not_trusted_is_started(
    extension: Path, tmp_path: Path
) -> None:
    seen = vscode.session("restricted", plant(tmp_path), tmp_path, extension)
    assert "padding=3)⟶ 64×112×112 · RF 7" in "\n".join(seen["restricted"])
    assert not (tmp_path / "started").exists()


def test_a_trusted_workspace_chooses_the_program(extension: Path, tmp_path: Path) -> None:
    seen = vscode.session("trusted", plant(tmp_path), tmp_path, extension)
    assert any("conv-lsp did not start" in text for text in seen["trusted"])
    assert (tmp_path / "started").read_text().split() == ["started"] * 2  # and by command again
