"""Projects as they should not be: an answer or a message, never a hang, never an exception."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from conv_lsp.analysis import Analysis, Options, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.project import Project, texts
from tests.test_imports import analysed, sizes_of, write

pytestmark = pytest.mark.timeout(120)

FILES = 1_000
SHOWN = "import torch\nt = torch.zeros(width)\n"


def test_a_thousand_files_that_import_one_another(tmp_path: Path) -> None:
    files = {f"m{k}.py": f"from m{(k + 1) % FILES} import width" for k in range(FILES)}
    files[f"m{FILES // 2}.py"] = "import m0\nwidth = 22"
    main = write(tmp_path, {**files, "main.py": f"from m0 import width\n{SHOWN}"})
    assert sizes_of(analysed(main)) == [22]


def test_a_thousand_star_imports_in_circles_end(tmp_path: Path) -> None:
    files = {
        f"m{k}.py": f"from m{(k + 1) % FILES} import *\nfrom m{(k + 7) % FILES} import *\nv{k} = 1"
        for k in range(FILES)
    }
    main = write(tmp_path, {**files, "main.py": f"from m0 import *\nwidth = v700\n{SHOWN}"})
    start = time.monotonic()
    run = analysed(main).runs[0]
    assert run.stopped.startswith("stopped after")
    assert time.monotonic() - start < 60


def test_only_what_is_imported_is_read(tmp_path: Path) -> None:
    files = {f"net/m{k}.py": "width = (" for k in range(FILES)}
    files |= {"net/__init__.py": "", "net/one.py": "width = 3"}
    main = write(tmp_path, {**files, "main.py": f"from net.one import width\n{SHOWN}"})
    analysis = analysed(main)
    assert sizes_of(analysis) == [3]
    assert {Path(path).name for path in analysis.files_read} == {"one.py"}


def test_a_generated_model_of_twenty_thousand_lines(tmp_path: Path) -> None:
    layers = "".join(f"        self.c{k} = nn.Conv2d(8, 8, 3)\n" for k in range(10_000))
    calls = "".join(f"        x = self.c{k}(x)\n" for k in range(10_000))
    text = (
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        f"        super().__init__()\n{layers}    def forward(self, x):\n{calls}        return x\n"
        "t = Net()(torch.zeros(1, 8, 20_004, 20_010))"
    )
    assert sizes_of(analysed(write(tmp_path, {"main.py": text}))) == [1, 8, 4, 10]


def test_a_file_that_is_deleted_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = write(tmp_path, {"main.py": f"from part import width\n{SHOWN}", "part.py": "width = 3"})
    status = texts._status

    def and_gone(path: str) -> object:
        found = status(path)
        if path.endswith("part.py"):
            Path(path).unlink(missing_ok=True)
        return found

    monkeypatch.setattr(texts, "_status", and_gone)
    analysis = analysed(main)
    assert analysis.findings == ()
    assert analysis.files_read == ()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_that_lead_in_circles(tmp_path: Path) -> None:
    text = f"import a.b\nimport own\nfrom loop.loop.loop.part import width\n{SHOWN}"
    main = write(tmp_path, {"main.py": text, "part.py": "width = 3"})
    os.symlink(tmp_path, tmp_path / "loop")
    os.symlink("own.py", tmp_path / "own.py")
    os.symlink(tmp_path / "a", tmp_path / "b")
    os.symlink(tmp_path / "b", tmp_path / "a")
    assert sizes_of(analysed(main)) == [3]
    os.symlink(tmp_path / ".venv", tmp_path / ".venv")
    assert Project(tmp_path, Settings(python=".venv")).problems == [
        "python: no installed packages are found for .venv"
    ]


def test_a_package_with_a_syntax_error_gives_what_it_can(tmp_path: Path) -> None:
    text = "def broken(:\n    pass\nwidth = 3\nother = ("
    main = write(tmp_path, {"main.py": f"from net import width\n{SHOWN}", "net/__init__.py": text})
    assert sizes_of(analysed(main)) == [3]


def test_an_analysis_of_many_files_can_be_cancelled(tmp_path: Path) -> None:
    files = {f"m{k}.py": f"from m{(k + 1) % FILES} import *\nv{k} = 1" for k in range(FILES)}
    main = write(tmp_path, {**files, "main.py": f"from m0 import *\nwidth = v700\n{SHOWN}"})
    project = Project(tmp_path, Settings())

    def work() -> Analysis:
        return analyze(project.source(main), project, Options(main=True), stop=lambda: True)

    with pytest.raises(Exception, match=r"^$") as stopped:
        with_deep_stack(work)
    assert stopped.type.__name__ == "Cancelled"
