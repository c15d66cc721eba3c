"""Imports go one way: the contracts of pyproject.toml hold, and each can fail."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# What would break each contract: (contract's id, module, the offending statement).
OFFENCES = [
    ("layers", "dims", "from conv_lsp import analysis"),
    ("layers", "config", "import conv_lsp.source"),
    ("layers", "project", "import conv_lsp.present"),
    ("layers", "witness", "import conv_lsp.fixes"),
    ("layers", "library", "def late():\n    from conv_lsp import interp"),
    ("protocol-only-in-lsp", "present", "from lsprotocol import types"),
    ("protocol-only-in-lsp", "analysis", "import pygls.server"),
    ("torch-only-in-the-worker", "values", "def late():\n    import torch.nn"),
    ("library-knows-no-syntax", "library", "import ast"),
]


def add(folder: Path, module: str, statement: str) -> None:
    """Append a statement to a module of the copied project, be it a file or a package."""
    file = folder / "conv_lsp" / f"{module}.py"
    path = file if file.exists() else file.with_suffix("") / "__init__.py"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{statement}\n", encoding="utf-8")


def lint_imports(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    # lint-imports puts the working directory first on its path: the copy is linted, not us.
    only = [part for name in contracts for part in ("--contract", name)]
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return subprocess.run(
        [*command, "--no-cache", *only],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "conv_lsp", tmp_path / "conv_lsp", ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path


def test_the_contracts_hold() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"[1-9]\d* kept, 0 broken", run.stdout)


@pytest.mark.parametrize(("contract", "module", "statement"), OFFENCES)
def test_a_contract_can_fail(copy: Path, contract: str, module: str, statement: str) -> None:
    add(copy, module, statement)
    run = lint_imports(copy, contract)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "0 kept, 1 broken" in run.stdout


def test_a_new_module_needs_a_place(copy: Path) -> None:
    (copy / "conv_lsp" / "helpers.py").write_text("", encoding="utf-8")
    run = lint_imports(copy, "layers")
    assert run.returncode == 1
    assert "conv_lsp.helpers" in run.stdout


# -- what really gets loaded ---------------------------------------------------------------

ENGINE = "import conv_lsp.analysis"
SERVER = """
import importlib, pkgutil, conv_lsp.lsp
for module in pkgutil.iter_modules(conv_lsp.lsp.__path__, "conv_lsp.lsp."):
    importlib.import_module(module.name)
"""
PROTOCOL = ["pygls", "lsprotocol"]
HEAVY = ["torch", "numpy", "torchvision"]


def loaded(statements: str, packages: list[str], folder: Path = ROOT) -> list[str]:
    """Those of the packages that a fresh interpreter holds after the statements."""
    ask = f"{statements}\nimport sys\nprint([p for p in {packages!r} if p in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    found: list[str] = eval(run.stdout.splitlines()[-1])
    return found


def command(*arguments: str) -> str:
    return f"""
import sys
from conv_lsp.__main__ import main
sys.argv[1:] = {list(arguments)!r}
try:
    code = main()
except SystemExit as stop:
    code = stop.code
assert not code, code
"""


def test_the_engine_loads_neither_torch_nor_the_protocol() -> None:
    assert loaded(ENGINE, HEAVY + PROTOCOL) == []


def test_the_command_line_loads_neither_torch_nor_the_protocol() -> None:
    assert loaded(command("--help"), HEAVY + PROTOCOL) == []


def test_the_server_loads_no_torch() -> None:
    assert loaded(SERVER, [*HEAVY, "pygls"]) == ["pygls"]


@pytest.mark.parametrize("package", ["torch", "pygls"])
def test_a_loaded_package_is_seen(copy: Path, package: str) -> None:
    pytest.importorskip(package)
    add(copy, "dims", f"import {package}")
    assert loaded(ENGINE, [package], folder=copy) == [package]
