"""Hints, hover and diagnostics, read out of a real Neovim."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.editors import neovim
from tests.editors.screen import capture
from tests.lsp.editor import REAL

pytestmark = [
    pytest.mark.skipif(neovim.executable() is None, reason="there is no nvim"),
    pytest.mark.timeout(120),
]

SCRIPTED = [sys.executable, "-m", "tests.lsp.fake_server"]
TEXT = "a = size 1, 64\n'é😀'; b = size 2\n# nothing\nbad é; bad\nx = size 3\n"


def test_what_the_editor_shows(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(TEXT)
    seen = neovim.run(
        "read.lua",
        file,
        tmp_path,
        SCRIPTED,
        settings={"hints": {"layers": True}},
        diagnostics=1,
        hover=[2, 10],
        broken="def (",
        type=[2, 20, "77", "772"],
    )
    assert seen["encoding"] == "utf-8"
    assert seen["hints"] == [[0, 14, "1, 64"], [1, 20, "2"], [4, 10, "3"]]
    assert seen["found"] == [
        {
            "line": 3,
            "col": 4,
            "end_col": 7,
            "code": "fake-rule",
            "message": "é; is bad",
            "source": "conv-lsp",
            "severity": 1,
        }
    ]
    assert seen["hover"] == ["2 at 10"]
    assert "[ERROR]" not in seen["log"]


def test_what_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(TEXT)
    rows = capture(file, lines=14, line=2, column=10, hover=True, messages=True, server=SCRIPTED)
    assert rows[0].endswith("'é😀'; b = size 2 2"), rows
    assert any(row.endswith("x = size 3 3") for row in rows)
    assert any("bad é; bad" in row and "é; is bad" in row for row in rows)
    assert any("2 at 10" in row for row in rows)


MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.tall = nn.Conv2d(65, 32, 3, padding=1)

    def forward(self, x):
        'é😀'; y = self.stem(x)
        return self.tall(y)


Net()(torch.randn(2, 3, 224, 224))
"""


def test_a_model_in_the_editor(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(MODEL)
    seen = neovim.run(
        "read.lua",
        file,
        tmp_path,
        REAL,
        settings={},
        diagnostics=1,
        hover=[12, 25],
        broken="def (",
        type=[8, len("        self.stem = nn.Conv2d(3, 6"), "0", "604"],
    )
    hints = {line: (column, label) for line, column, label in seen["hints"]}
    column, label = hints[11]
    assert column == len("        'é😀'; y = self.stem(x)".encode())
    assert "(2, 64, 112, 112)" in label
    assert "64×112×112 · RF 7" in hints[7][1]
    (found,) = seen["found"]
    assert (found["code"], found["line"], found["source"]) == ("conv-channels", 12, "conv-lsp")
    assert "64" in found["message"]
    assert "Conv2d(3 → 64, 7×7, stride 2, padding 3)" in "\n".join(seen["hover"])
    assert "[ERROR]" not in seen["log"]


def test_a_model_as_it_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(MODEL)
    rows = capture(file, lines=20, columns=120, messages=True, server=REAL)
    stem = next(row for row in rows if "self.stem = nn" in row)
    assert stem.endswith("padding=3) ⟶ 64×112×112 · RF 7")
    bad = next(row for row in rows if "return self.tall" in row)
    assert bad.startswith("E")
    assert "input has 64 channels; the layer takes 65" in bad


PLUGIN = """\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1)

    def forward(self, x):
        return self.conv(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(3), Block(6))

    def forward(self, x):
        return self.blocks(x)


Net()(torch.zeros(1, 3, 32, 32))


class Free(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(7, 4)

    def forward(self, x):
        return self.fc(x)
"""


def test_the_plugins_commands(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(PLUGIN)
    lines = PLUGIN.splitlines()
    choices = ["model.py › blocks.0", "model.py › blocks.1"]
    seen = neovim.run(
        "plugin.lua",
        file,
        tmp_path,
        REAL,
        settings={},
        answers=[choices[1], "as at first", "(6, 7)"],
        **{"class": lines.index("class Block(nn.Module):") + 1},
        layer=8,
        first="6×16×16",
        second="12×8×8",
        free=lines.index("class Free(nn.Module):") + 1,
    )
    assert seen["lens"].startswith("input (1, 3, 32, 32) · 168 parameters")
    assert seen["asked"][0]["items"] == [*choices, "as at first"]
    assert seen["asked"][1]["items"][-1] == "as at first"
    assert seen["asked"][2]["default"] == "(1, 3, 224, 224)"
    assert seen["comment"] == "# conv-lsp: input (6, 7)"
    assert seen["lines"] == len(lines) + 1
    assert "no command nonsense" in seen["told"][-1]
    assert seen["completed"] == ["contexts", "input", "lens", "log", "restart", "verify"]
    assert seen["narrowed"] == ["log"]
    health = "\n".join(seen["health"])
    assert "conv-lsp " in health
    assert "attached to 1 buffer" in health
    assert "hints are shown in" in health
    assert "ERROR" not in health
    assert seen["help"] == "conv-lsp.txt"
    assert "[ERROR]" not in seen["log"]


def test_a_file_is_verified(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    file = tmp_path / "model.py"
    file.write_text("import torch\n\nx = torch.zeros(2, 3)\ny = x.sum(0)\n")
    settings = {"trusted": True, "python": sys.executable, "worker": False}
    seen = neovim.run("verify.lua", file, tmp_path, REAL, settings=settings, line=4, column=4)
    assert "2 lines agree, 0 differ" in seen["told"]
    assert "verified with torch 2." in seen["hover"]


def test_the_quick_fix_is_applied(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(MODEL)
    seen = neovim.run("fix.lua", file, tmp_path, REAL, settings={})
    assert "64" in seen["message"]
    assert "        self.tall = nn.Conv2d(64, 32, 3, padding=1)" in seen["text"]


def test_lenses_are_drawn(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(PLUGIN)
    rows = capture(file, lines=40, columns=120, lens=True, server=REAL)
    lens = next(row for row in rows if "class Block(nn.Module):" in row)
    assert "168 parameters" in lens
