"""`conv-lsp verify` runs the user's code with the user's torch, and tells what agrees."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from conv_lsp.cli import main

NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        x = self.conv(x)
        for scale in (1, 2):
            x = self.norm(x) * scale
        a, (b, *rest) = x, x.split(4, 1)
        return [part.mean((2, 3)) for part in (a, b, *rest)][0]
"""
SCRIPT = NET + "\n\nNet()(torch.rand(2, 3, 32, 32))\n"


def run(folder: Path, text: str, *options: str, python: str = sys.executable) -> int:
    file = folder / "net.py"
    file.write_text(text)
    return main(["verify", str(file), "--python", python, *options])


def report(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


torch = pytest.importorskip("torch")


@pytest.mark.parametrize(
    ("text", "options", "device"),
    [
        (SCRIPT, (), "cpu"),
        (SCRIPT, ("--main",), "cpu"),
        (NET, ("--run", "Net()", "--input", "(2, 3, 32, 32)"), "meta"),
        (NET, ("--run", "Net()", "--input", "(N, 3, H, H)"), "meta"),
        (NET, ("--run", "Net()"), "meta"),
        (NET, (), "cpu"),
    ],
)
def test_what_is_right_agrees(
    text: str,
    options: tuple[str, ...],
    device: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(tmp_path, text, *options) == 0
    told = capsys.readouterr()
    version = ".".join(torch.__version__.split(".")[:2])
    assert f"torch {version} on {device}" in told.out
    assert "0 differ" in told.out
    assert "0 are not known" in told.out
    assert " 0 lines agree" not in told.out
    assert "this runs the code of" in told.err


# The engine does not see what changes torch itself; torch does.
CHANGED = [
    ("relu", "lambda x: x[0]", "y = torch.relu(x)", "(4, 5)"),
    ("flatten", "lambda x, n: x[:, 0]", "y = torch.flatten(x, 1)", "(2, 5)"),
]


@pytest.mark.parametrize(("name", "other", "line", "seen"), CHANGED)
def test_what_is_wrong_differs(
    name: str, other: str, line: str, seen: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = f"import torch\n\nvars(torch).update({name}={other})\n"
    assert run(tmp_path, f"{change}x = torch.rand(2, 4, 5)\n{line}\n") == 1
    told = report(capsys)
    assert "1 differs: 5" in told
    assert f"{seen} is what torch gives" in told


def test_a_function_that_gives_a_network_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = NET.replace("(self)", "(self, channels)") + "\n\ndef small(): return Net(3)\n"
    assert run(tmp_path, text) == 0
    told = report(capsys)
    assert "did not run" not in told
    assert " 0 lines agree" not in told


def test_a_function_that_calls_its_network_is_only_evaluated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = NET.replace("(self)", "(self, channels)")
    text += "\n\ndef demo():\n    return Net(3)(torch.rand(2, 3, 32, 32))\n"
    assert run(tmp_path, text) == 0
    told = report(capsys)
    assert "did not run" not in told
    assert "the run ended" not in told


@pytest.mark.parametrize("side", [32, 33])
def test_sizes_that_a_network_refuses_are_no_differences(
    side: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = NET.replace("x = self.conv(x)", f"x = self.conv(x) + torch.zeros({side}, {side})")
    assert run(tmp_path, text.replace("stride=2", "padding=1")) == 0
    told = report(capsys)
    assert "0 differ" in told
    assert ("the run ended" in told) is (side == 33)


def test_code_without_tensors_is_said_to_be_unverified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "x = 1\n") == 2
    assert "it ran and made no tensor; --run says what else to run" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_is_positive(seconds: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path, SCRIPT, "--timeout", seconds)


def test_a_wrong_comment_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SCRIPT.replace("self.conv(x)\n", "self.conv(x)  # shape: (N, 8, 15, 16)\n")
    assert run(tmp_path, text) == 0
    told = report(capsys)
    assert "net.py:12: the comment says (N, 8, 15, 16); the tensor has (2, 8, 15, 15)" in told
    assert "torch agrees with the facts there" in told


def test_what_is_unknown_is_told_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "import torch\n\nx = torch.rand(4, 5)\ny = torch.gradient(x)\n") == 0
    told = report(capsys)
    assert "1 is not known: 4" in told
    assert "net.py:4: torch.gradient is not modelled" in told


def test_what_ends_the_run_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, f"{SCRIPT}raise ValueError('enough')\n") == 0
    assert "net.py:20: the run ended with ValueError: enough" in report(capsys)


def test_the_code_has_a_time_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SCRIPT + "import time\ntime.sleep(600)\n"
    begun = time.monotonic()
    assert run(tmp_path, text, "--timeout", "8") == 0
    assert time.monotonic() - begun < 40
    told = report(capsys)
    assert "the run ended with stopped after 8 s" in told
    assert "0 differ" in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nowhere\n", "ModuleNotFoundError"),
        ("import os\nos._exit(7)\n", "exit code 7"),
        ("import os, sys\nsys.stdout.write('{}')\nos.kill(os.getpid(), 9)\n", "exit code -9"),
        ("def f(:\n", "SyntaxError"),
    ],
)
def test_code_that_does_not_run_is_said_to_be_unverified(
    text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, text) == 2
    error = capsys.readouterr().err
    assert "could not be verified" in error
    assert why in error


def test_without_torch_the_reason_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare"
    (bare / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (bare / "bin").mkdir()
    (bare / "bin" / "python").symlink_to(sys.executable)
    (bare / "pyvenv.cfg").write_text("version = 3.11.2\n")
    assert run(tmp_path, SCRIPT, python=str(bare / "bin" / "python")) == 2
    assert "there is no torch in the project's environment" in capsys.readouterr().err


def test_a_module_of_a_package_runs_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "models"
    package.mkdir()
    (package / "__init__.py").write_text("from models.net import Net\n")
    (package / "parts.py").write_text("def double(x):\n    return x * 2\n")
    text = "from .parts import double\n" + NET.replace("self.conv(x)", "double(self.conv(x))")
    assert run(package, text, "--run", "Net()", "--input", "(2, 3, 32, 32)") == 0
    assert "0 differ" in report(capsys)
