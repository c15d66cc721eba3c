"""The project's own style, types and claims about itself, as tests: one command runs it all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["ruff", "format", "--check", "--diff", "."], id="format"),
        pytest.param(["ruff", "check", "."], id="lint"),
        pytest.param(["mypy"], id="types"),
    ],
)
def test_finds_nothing(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_modules_are_named_after_what_they_hold() -> None:
    modules = sorted((ROOT / "conv_lsp").rglob("*.py"))
    assert modules
    assert [m for m in modules if m.stem in {"utils", "util", "helpers", "common", "misc"}] == []
