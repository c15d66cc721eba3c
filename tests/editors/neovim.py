"""A real Neovim without a terminal, with the plugin that the project ships."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SERVER = [sys.executable, "-m", "conv_lsp", "server"]


def executable() -> str | None:
    """Neovim beside the running Python (it can be installed with pip), or on the PATH."""
    beside = shutil.which("nvim", path=str(Path(sys.executable).parent))
    return beside or shutil.which("nvim")


def run(
    script: str, file: Path, home: Path, server: list[str] = SERVER, **values: object
) -> dict[str, Any]:
    """Open `file`, run a Lua script of this folder, and read what it reports.

    The log of Neovim's client is added to the report as "log". Raises AssertionError with all that
    was printed if the script fails.
    """
    report = home / "report.json"
    _nvim(["--headless", *_scripted(script)], file, home, server, values)
    result: dict[str, Any] = json.loads(report.read_text())
    log = home / "nvim" / "lsp.log"
    return {**result, "log": log.read_text() if log.exists() else ""}


def draw(file: Path, home: Path, server: list[str] = SERVER, **values: object) -> list[str]:
    """The rows of a terminal in which Neovim shows `file`.

    The terminal is another Neovim's, without a window of its own.
    """
    screen = home / "screen.txt"
    inner = [str(executable()), *_scripted("screen.lua")]
    outer = ["--headless", "--clean", "-u", "NONE", "-c", f"luafile {HERE / 'terminal.lua'}"]
    _nvim(outer, file, home, server, {**values, "inner": inner, "screen": str(screen)})
    return [row.rstrip() for row in screen.read_text().split("\n")]


def _scripted(script: str) -> list[str]:
    return ["--clean", "-u", str(HERE / "init.lua"), "-c", f"luafile {HERE / script}"]


def _nvim(
    arguments: list[str], file: Path, home: Path, server: list[str], values: dict[str, object]
) -> None:
    nvim = executable()
    assert nvim is not None
    plugin = shutil.copytree(ROOT / "editors" / "nvim", home / "plugin", dirs_exist_ok=True)
    given = {
        "plugin": str(plugin),
        "server": server,
        "file": str(file),
        "report": str(home / "report.json"),
        **values,
    }
    places = {f"XDG_{kind}_HOME": str(home) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [nvim, *arguments],
        env={**os.environ, **places, "PYTHONPATH": path, "CONV_LSP_TEST": json.dumps(given)},
        cwd=file.parent,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    if done.returncode != 0:
        kept = (home / "report.json.failure", home / "screen.txt", home / "nvim" / "lsp.log")
        written = [path.read_text() for path in kept if path.exists()]
        raise AssertionError("\n".join([*written, done.stdout, done.stderr]))
