"""The instruments themselves: what they send, and what they make of it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from conv_lsp.analysis import analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.project import Project
from tests.bench.client import Client, ServerError
from tests.bench.corpus import Edit
from tests.bench.measure import Timed, label
from tests.bench.packages import installed, project

EMPTY = [sys.executable, str(Path(__file__).with_name("empty_server.py"))]
TEXT = "import torch\n\n\ndef f(x):\n    # says\n    return conv(x, 3)\n"
EDITS = [
    Edit("kernel", "conv(x, 3)", "conv(x, 5)"),
    Edit("line", "(x):\n", "(x):\n    x = x + 1\n"),
    Edit("comment", "# says", "# it says"),
    Edit("newline", "", "\n"),
]


def applied(text: str, change: dict[str, object]) -> str:
    """The text as a server has it after the change."""
    place = change["range"]
    assert isinstance(place, dict)
    lines = text.splitlines(keepends=True)

    def offset(position: dict[str, int]) -> int:
        return sum(map(len, lines[: position["line"]])) + position["character"]

    return text[: offset(place["start"])] + str(change["text"]) + text[offset(place["end"]) :]


def test_edits_are_said_as_they_are_made_and_taken_back() -> None:
    text = TEXT
    for _ in range(2):
        for edit in EDITS:
            before = text
            text, change = edit.apply(text)
            assert text != before
            assert applied(before, change) == text
            ast.parse(text)
    assert text == TEXT


def test_an_edit_that_is_not_in_the_file_fails() -> None:
    with pytest.raises(AssertionError, match="not in the file"):
        Edit("line", "y = 1", "y = 2").apply(TEXT)


def test_the_client_talks_to_a_server(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    client = Client(EMPTY, tmp_path, {}, seconds=30)
    try:
        client.start()
        client.open(path, TEXT)
        assert client.view(path, 6) == ([], [])
        _, change = EDITS[0].apply(TEXT)
        client.change(path, 1, [change])
        assert client.view(path, 6) == ([], [])
        with pytest.raises(ServerError, match="textDocument/nothing"):
            client.request("textDocument/nothing", {})
        if sys.platform == "linux":
            assert client.peak_memory()
    finally:
        client.stop()


def test_a_server_that_hangs_is_ended(tmp_path: Path) -> None:
    client = Client(
        [sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, {}, seconds=0.5
    )
    with pytest.raises(ServerError, match="stopped"):
        client.start()
    client.stop()


def test_percentiles_are_times_that_were_measured() -> None:
    timed = Timed("net.py", [float(n) for n in range(1, 51)], [2.0, 4.0, 3.0])
    assert (timed.median, timed.p95, timed.unit) == (25.5, 48.0, 3.0)
    assert timed.row()["p95_ratio"] == 16.0


def test_labels_are_joined() -> None:
    assert label([{"value": "64×"}, {"value": "56"}]) == label("64×56")


def test_the_project_is_made_of_files_that_import_one_another(tmp_path: Path) -> None:
    blocks, *nets = project(tmp_path, 3)
    assert [path.name for path in (blocks, *nets)] == ["blocks.py", "net0.py", "net1.py", "net2.py"]
    for path in (blocks, *nets):
        ast.parse(path.read_text())
    files = Project(tmp_path, Settings())
    analysis = with_deep_stack(lambda: analyze(files.source(nets[-1]), files))
    assert {Path(path).name for path in analysis.files_read} >= {"blocks.py", "net1.py"}
    assert analysis.findings == ()


def test_an_environment_has_a_package_or_not(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "python3.11" / "site-packages" / "timm" / "__init__.py"
    package.parent.mkdir(parents=True)
    package.write_text("")
    assert installed(tmp_path / "bin" / "python", "timm")
    assert not installed(tmp_path / "bin" / "python", "torchvision")
