"""Torch is asked in the background, and only where a person trusts the workspace; whatever becomes of
the process, a hover answers in its usual time.
"""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as t

from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.timeout(100),
    pytest.mark.skipif(sys.platform == "win32", reason="programs are written as scripts"),
]

USUAL = 2.0
"""Seconds within which a hover answers on a busy machine."""

SCRIPT = """\
import torch

x = torch.rand(4, 5)
y = torch.gradient(x)
z = torch.flatten(x)
"""
HELLO = 'import json, sys, time\nprint(json.dumps({"torch": "9.9.9"}), flush=True)\n'
HANGS = f"{HELLO}sys.stdin.readline()\ntime.sleep(600)\n"
SLEEPS = "import time\ntime.sleep(600)\n"
NOISE = "import sys\nwhile True:\n    sys.stdout.write('lorem ipsum ' * 1000)\n"
LINES = f"{HELLO}while True:\n    print('noise', flush=True)\n"
OTHER = f'{HELLO}sys.stdin.readline()\nprint(json.dumps({{"id": 77, "said": {{}}}}), flush=True)\n'
DEAD = "raise SystemExit(3)\n"


def environment(folder: Path, program: str, marker: Path) -> Path:
    """An environment with torch whose interpreter leaves a mark, and then is another program."""
    packages = folder / "lib" / "python3.11" / "site-packages"
    (packages / "torch").mkdir(parents=True)
    (packages / "torch" / "version.py").write_text("__version__ = '9.9.9'\n")
    planted = f"open({str(marker)!r}, 'a').write('ran\\n')\n"
    (packages / "torch" / "__init__.py").write_text(planted)
    (packages / "sitecustomize.py").write_text(planted)
    (packages / "evil.pth").write_text(f"import sys; {planted}")
    python = folder / "bin" / "python"
    python.parent.mkdir()
    note = f"import os\nopen({str(marker)!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
    python.write_text(f"#!{sys.executable} -IS\n{note}{program}")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    (folder / "pyvenv.cfg").write_text("version = 3.11.2\n")
    return python


async def ask(start: Start, tmp_path: Path, program: str) -> tuple[Editor, Path]:
    marker = tmp_path / "mark"
    python = environment(tmp_path / "env", program, marker)
    given = {"python": str(python), "trusted": True}
    editor = await start("vscode", command=REAL, settings=given, options=given)
    editor.open("net.py", SCRIPT)
    assert "torch is asked" in (await editor.hover("net.py", 3, 10) or "")
    await editor.until(marker.exists)
    return editor, marker


async def hovers_as_usual(editor: Editor) -> str:
    """The hover of an operator that the tables have, and that of the one asked for."""
    begun = time.monotonic()
    known = await editor.hover("net.py", 4, 10)
    asked = await editor.hover("net.py", 3, 10)
    assert time.monotonic() - begun < USUAL
    assert "(20,)" in (known or "")
    return asked or ""


@pytest.mark.parametrize(
    "program", [SLEEPS, NOISE, LINES, OTHER, DEAD], ids="sleeps noise lines other dead".split()
)
async def test_another_program_in_its_place_costs_its_answer(
    start: Start, tmp_path: Path, program: str
) -> None:
    editor, _ = await ask(start, tmp_path, program)
    shown = await hovers_as_usual(editor)
    assert shown.startswith("unknown: torch.gradient is not modelled")
    editor.type("net.py", (2, 15, 2, 16, "6"))
    begun = time.monotonic()
    assert "(30,)" in (await editor.hover("net.py", 4, 10) or "")
    assert time.monotonic() - begun < USUAL


async def test_a_process_that_is_killed_while_it_answers_costs_its_answer(
    start: Start, tmp_path: Path
) -> None:
    editor, marker = await ask(start, tmp_path, HANGS)
    pid = int(marker.read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    assert (await hovers_as_usual(editor)).startswith("unknown: torch.gradient")
    await editor.until(lambda: bool(editor.logged("torch gave no answer")))
    assert "it has stopped" in editor.logged("torch gave no answer")[0]
    await hovers_as_usual(editor)


async def test_a_huge_question_is_not_asked(start: Start, tmp_path: Path) -> None:
    editor, marker = await ask(start, tmp_path, HANGS)
    huge = SCRIPT.replace("gradient(x)", f"gradient(x, spacing=['{'1' * 90_000}'])")
    before = marker.read_text()
    editor.replace("net.py", huge)
    assert await hovers_as_usual(editor) == "unknown: torch.gradient is not modelled"
    assert marker.read_text() == before


async def test_a_broken_torch_is_told_once(start: Start, tmp_path: Path) -> None:
    broken = 'print(\'{"broken": "ImportError: libc10.so"}\', flush=True)\n'
    editor, _ = await ask(start, tmp_path, broken)
    await editor.until(lambda: bool(editor.logged("not asked any more")))
    editor.type("net.py", (2, 15, 2, 16, "6"))
    shown = await hovers_of_another_size(editor)
    assert "torch cannot be" in shown
    assert "libc10.so" in shown
    assert len(editor.logged("not asked any more")) == 1


async def hovers_of_another_size(editor: Editor) -> str:
    assert "(30,)" in (await editor.hover("net.py", 4, 10) or "")
    return await editor.hover("net.py", 3, 10) or ""


# -- a repository that nobody has trusted ---------------------------------------------------------


def planted(folder: Path, marker: Path) -> None:
    """What a hostile repository may hold."""
    python = environment(folder / ".venv", SLEEPS, marker)
    (folder / "tool").symlink_to(python)
    (folder / "pyproject.toml").write_text(
        "[tool.conv-lsp]\nworker = true\npython = './tool'\ntrusted = true\n"
    )
    mark = f"open({str(marker)!r}, 'a').write('ran\\n')\n"
    for name in ("sitecustomize", "usercustomize", "torch", "json", "conv_lsp"):
        (folder / f"{name}.py").write_text(mark)


@pytest.mark.parametrize("given", [{}, {"trusted": False}, {"worker": True}, {"trusted": "yes"}])
async def test_nothing_runs_in_a_workspace_that_is_not_trusted(
    start: Start, tmp_path: Path, given: dict[str, Any]
) -> None:
    marker = tmp_path / "mark"
    planted(tmp_path, marker)
    editor = await start("vscode", command=REAL, settings=given, options=given)
    editor.open("net.py", SCRIPT.replace("torch.gradient", "torch.linalg.cond"))
    shown = await editor.hover("net.py", 3, 14)
    assert shown is not None
    assert "the workspace is not trusted" in shown
    await asyncio.sleep(0.5)
    assert not marker.exists()


async def test_the_switch_counts_in_a_trusted_workspace(start: Start, tmp_path: Path) -> None:
    marker = tmp_path / "mark"
    python = environment(tmp_path / "env", SLEEPS, marker)
    given = {"python": str(python), "trusted": True, "worker": "off"}
    editor = await start("vscode", command=REAL, settings=given, options=given)
    editor.open("net.py", SCRIPT)
    assert "the setting worker is off" in (await editor.hover("net.py", 3, 10) or "")
    await asyncio.sleep(0.5)
    assert not marker.exists()


async def test_trust_that_is_withdrawn_ends_the_process(start: Start, tmp_path: Path) -> None:
    editor, marker = await ask(start, tmp_path, HANGS)
    pid = int(marker.read_text().split()[0])
    editor.client.set_configuration({"trusted": False}, section="conv-lsp")
    editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams({}))

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    await editor.until(gone)
    assert "not trusted" in (await editor.hover("net.py", 3, 10) or "")


async def test_the_real_torch_answers_and_hints_are_refreshed(start: Start) -> None:
    pytest.importorskip("torch")
    given = {"python": sys.executable, "trusted": True}
    editor = await start("vscode", command=REAL, settings=given, options=given)
    editor.open("net.py", SCRIPT)
    deadline = time.monotonic() + 60
    while "by torch" not in (shown := await editor.hover("net.py", 3, 10) or ""):
        assert time.monotonic() < deadline, shown
        await asyncio.sleep(0.1)
    assert shown.startswith("**[(4, 5), (4, 5)]**")
    assert any(line == 3 and "(4, 5)" in label for line, _, label in await editor.hints("net.py"))
