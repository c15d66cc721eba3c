"""Builds conv-lsp.vsix: `python editors/vscode/build.py [--out FILE]`.

Packs this checkout's server with the libraries it needs, so that a Python 3.10 or later is all that
the extension asks for. Needs pip, npm and Node 22 or later.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIBS = HERE / "bundled" / "libs"
PICTURE = "docs/images/vscode.png"

# What the server imports, all of it pure Python. The command line's output (rich) is left out.
LIBRARIES = ("lsprotocol>=2025.0.0", "pygls>=2.1")
OLDER = ("exceptiongroup", "tomli")  # Python 3.10's; markers speak of the Python that runs this


def vendor() -> None:
    """Install the server and its libraries into the extension."""
    shutil.rmtree(LIBS, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(LIBS), "--no-compile"]
    pure = ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
    _run([*pip, *pure, "--python-version=3.10", *LIBRARIES, *OLDER])
    _run([*pip, "--no-deps", str(ROOT)])
    for folder in (LIBS / "bin", *LIBS.rglob("__pycache__")):
        shutil.rmtree(folder, ignore_errors=True)
    compiled = [*LIBS.rglob("*.so"), *LIBS.rglob("*.pyd")]
    if compiled:
        raise SystemExit(f"not pure Python: {', '.join(map(str, compiled))}")


def package(out: Path) -> None:
    """Compile and pack the extension."""
    shutil.copy(ROOT / "LICENSE", HERE / "LICENSE")
    shutil.copy(ROOT / PICTURE, HERE / "images" / "hints.png")
    page = (HERE / "README.md").read_text(encoding="utf-8")
    readme = HERE / "dist" / "README.md"
    readme.parent.mkdir(exist_ok=True)
    readme.write_text(page.replace(f"../../{PICTURE}", "images/hints.png"), encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not on PATH")
    quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    if not (HERE / "node_modules" / "vscode-languageclient").exists():
        _run([npm, "ci", *quiet])
    vsce = HERE / "node_modules" / ".bin" / ("vsce.cmd" if os.name == "nt" else "vsce")
    flags = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"]
    _run([str(vsce), "package", *flags, "--readme-path", "dist/README.md", "--out", str(out)])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "conv-lsp.vsix")
    given = parser.parse_args()
    vendor()
    package(given.out.resolve())
    sys.stdout.write(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
