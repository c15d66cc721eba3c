"""Hints, hover and diagnostics, read out of a real Neovim."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.editors import neovim
from tests.editors.screen import capture

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
