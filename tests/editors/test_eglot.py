"""Hover and diagnostics in Emacs, by eglot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.editors.neovim import ROOT
from tests.editors.test_neovim import MODEL
from tests.lsp.editor import REAL

HERE = Path(__file__).parent


def eglot() -> str | None:
    """Emacs, if it has eglot: built in since 29, a package before."""
    emacs = shutil.which("emacs")
    if emacs is None:
        return None
    ask = [emacs, "--batch", "-f", "package-initialize", "-l", "eglot"]
    return emacs if subprocess.run(ask, capture_output=True, check=False).returncode == 0 else None


@pytest.mark.timeout(120)
@pytest.mark.skipif(shutil.which("emacs") is None, reason="there is no Emacs")
def test_what_eglot_shows(tmp_path: Path) -> None:
    emacs = eglot()
    if emacs is None:
        pytest.skip("this Emacs has no eglot")
    file = tmp_path / "model.py"
    file.write_text(MODEL)
    report = tmp_path / "report.json"
    given = {"server": REAL, "file": str(file), "report": str(report), "at": "self.stem(x)"}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [emacs, "--batch", "-l", str(HERE / "eglot.el")],
        cwd=tmp_path,
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "PYTHONPATH": path,
            "CONV_LSP_TEST": json.dumps(given),
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(report.read_text())
    assert "Conv2d(3 → 64, 7×7, stride 2, padding 3)" in seen["hover"]
    assert seen["count"] == 1
    assert seen["underlined"] == "y"
    assert "input has 64 channels; the layer takes 65" in seen["message"]
