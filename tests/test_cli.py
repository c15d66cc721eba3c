"""What the command line answers, and what it says to input that it cannot use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from conv_lsp.cli import INTERRUPTED, main, parser
from conv_lsp.findings import RULES
from conv_lsp.project import MAX_BYTES

MODEL = """\
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, channels=8):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 3)
        self.head = nn.Linear(9, 10)

    def forward(self, x):
        return self.head(self.conv(x).mean((2, 3)))
"""
BAD = 11
"""The line of MODEL that raises."""
BROKEN = "import torch\nx = torch.zeros(2, 3\ny = torch.zeros(4, 5)\n"


class Answer(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a directory that holds a model and files that cannot be used."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "net.py").write_text(MODEL)
    (tmp_path / "broken.py").write_text(BROKEN)
    (tmp_path / "binary.py").write_bytes(b"x = 1\n\0\1")
    (tmp_path / "latin.py").write_bytes(b"x = '\xe9'\n")
    (tmp_path / "empty.py").touch()
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)

    def answer(*argv: str) -> Answer:
        try:
            code = main(argv)
        except SystemExit as end:  # argparse
            code = end.code if isinstance(end.code, int) else -1
        return Answer(code, *capsys.readouterr())

    return answer


# -- what is asked for ------------------------------------------------------------------------


def test_show_puts_the_sizes_behind_the_lines(run: Run) -> None:
    code, out, err = run("show", "net.py", "--run", "Net(16)", "--input", "(2, 3, 8, 8)")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert [line.partition("  ⟶")[0].partition("  x:")[0].rstrip() for line in lines[:BAD]] == (
        MODEL.splitlines()
    )
    assert lines[6].endswith("⟶ 16×6×6 · RF 3")
    assert lines[9].endswith("x: (2, 3, 8, 8)")
    assert lines[BAD - 1].endswith("⟶ (2, 10)")
    assert "linear-features: input has 16 features; the layer takes 9" in lines[BAD]


def test_show_prints_a_file_that_does_not_parse(run: Run) -> None:
    code, out, _ = run("show", "broken.py")
    assert code == 0
    first, second, mark, third = out.splitlines()
    assert [first, second] == BROKEN.splitlines()[:2]
    assert "syntax-error: '(' was never closed" in mark
    assert third.startswith("y = torch.zeros(4, 5)")
    assert third.endswith("⟶ (4, 5)")


def test_show_follows_the_settings_of_hints(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.conv-lsp.hints]\nlayers = false\n")
    assert [line[4:10] for line in run("show", "net.py").out.splitlines() if "⟶" in line] == [
        "    re"
    ]


def test_a_link_that_leads_to_itself_is_no_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "round.py").symlink_to("round.py")
    for command in ("show", "verify"):
        code, _, err = run(command, "round.py")
        assert (code, err) == (
            2,
            "conv-lsp: round.py: the file cannot be read: Too many levels of symbolic links\n",
        )
    assert "round.py:1:1: error" in run("check", ".").out


def test_a_place_is_not_told_twice(run: Run, tmp_path: Path) -> None:
    line = "from torch import nn, zeros\ny = nn.Linear(5, 2)(zeros(3, 6))\n"
    (tmp_path / "bad.py").write_text(line)
    assert "made here" not in run("check", "bad.py").out
    assert "net.py:8: the layer is made here" in run("check", "net.py").out


def test_show_prints_nothing_of_an_empty_file(run: Run) -> None:
    assert run("show", "empty.py") == (0, "", "")


def test_show_tells_what_is_wrong_with_the_call_itself(run: Run) -> None:
    given = ("--run", "Net()", "--input", "(1, 3, 8, 8)")
    _, out, _ = run("show", "net.py", *given, "--input", "(3,)")
    assert "--run:1:1: error Net.forward()" in out
    assert "--run:1:1" not in run("show", "net.py", *given).out


def test_show_prints_how_the_field_grows(run: Run) -> None:
    code, out, _ = run("show", "net.py", "--receptive-field")
    assert code == 0
    rows, told = out.splitlines()[:4], out.splitlines()[4:]
    assert [row.split()[0] for row in rows] == ["layer", "·", "conv", "head"]
    assert "Conv2d(3 → 8, 3×3)" in out
    assert told[0] == "the largest field is 3×3, at conv"
    assert told[-1] == "conv adds most (2)"


def test_check_exits_with_1_on_errors_alone(run: Run) -> None:
    assert run("check", "empty.py").code == 0
    code, out, _ = run("check", "net.py")
    assert code == 1
    assert out.startswith(f"net.py:{BAD}:26: error input has 8 features; the layer takes 9")
    assert out.endswith("1 error in 1 file\n")


def test_check_with_fix_changes_what_is_clearly_meant(run: Run, tmp_path: Path) -> None:
    bad = "from torch import nn, zeros\r\ny = nn.Linear(5, 2)(zeros(3, {}))  # é\r\n"
    (tmp_path / "bad.py").write_bytes(bad.format(6).encode("utf-8-sig"))
    code, _, told = run("check", "--fix", "bad.py")
    assert (code, told) == (0, "conv-lsp: bad.py: fixed\n")
    fixed = bad.format(6).replace("Linear(5", "Linear(6").encode("utf-8-sig")
    assert (tmp_path / "bad.py").read_bytes() == fixed
    assert run("check", "--fix", "broken.py", "bad.py").code == 1
    assert (tmp_path / "bad.py").read_bytes() == fixed
    (tmp_path / "bad.py").write_bytes(bad.format(7).replace("\r\ny", "\ny").encode())
    assert "line ends differ" in run("check", "--fix", "bad.py").err


def test_check_with_fix_goes_on_until_nothing_is_hidden(run: Run, tmp_path: Path) -> None:
    layers = "nn.Conv2d(3, 4, 9), nn.Flatten(), nn.Linear(7, 2)"
    bad = f"from torch import nn, zeros\ny = nn.Sequential({layers})(zeros(1, 3, 5, 5))\n"
    (tmp_path / "bad.py").write_text(bad)
    told = run("check", "--fix", "bad.py")
    assert (told.code, told.err) == (0, "conv-lsp: bad.py: fixed\n")
    fixed = bad.replace("4, 9", "4, 9, padding=4").replace("7,", "100,")
    assert (tmp_path / "bad.py").read_text() == fixed


def test_check_with_fix_says_what_it_leaves(run: Run, tmp_path: Path) -> None:
    bad = "from torch import nn, zeros\ny = nn.Linear(5, 2)(zeros(3, 6))\n"
    cell: dict[str, object] = {
        "cell_type": "code",
        "source": bad,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "bad.ipynb").write_text(json.dumps(notebook))
    assert "bad.ipynb: left as it is: notebooks" in run("check", "--fix", "bad.ipynb").err
    (tmp_path / "bad.py").write_text(f"{bad}def f(:\n")
    assert "bad.py: left as it is: its syntax comes first" in run("check", "--fix", "bad.py").err


def test_check_goes_on_after_a_file_that_cannot_be_used(run: Run) -> None:
    code, out, _ = run("check", ".")
    assert code == 1
    assert "broken.py:2:16: error '(' was never closed [syntax-error]" in out
    assert "binary.py:1:1: error the file is binary" in out
    assert "latin.py:1:1: error the file" in out
    assert f"net.py:{BAD}:26: error" in out
    assert out.endswith("4 errors in 5 files\n")


def test_check_passes_over_what_is_not_the_projects(run: Run, tmp_path: Path) -> None:
    for place in ("venv", ".hidden", "folder/node_modules", "folder/seen"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "bad.py").write_text(BROKEN)
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    rows = json.loads(run("check", "folder", "venv/../folder", ".", "--format", "json").out)
    files = [row["file"] for row in rows if row["file"].endswith("bad.py")]
    assert files == [str(tmp_path / "folder" / "seen" / "bad.py")]


def test_check_as_json(run: Run, tmp_path: Path) -> None:
    (row,) = json.loads(run("check", "net.py", "--format", "json").out)
    assert row == {
        "file": str(tmp_path / "net.py"),
        "line": BAD,
        "col": 25,
        "end_line": BAD,
        "end_col": 50,
        "severity": "error",
        "code": "linear-features",
        "message": "input has 8 features; the layer takes 9",
    }


def test_facts_prints_json_of_a_file_that_does_not_parse(run: Run, tmp_path: Path) -> None:
    code, out, err = run("facts", "broken.py")
    assert (code, err) == (0, "")
    held = json.loads(out)["files"][str(tmp_path / "broken.py")]
    assert [row["shapes"] for row in held["expressions"]] == [[[4, 5]], [[4, 5]]]
    assert [row["code"] for row in held["diagnostics"]] == ["syntax-error"]


def test_facts_counts_what_is_not_known(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder" / "a.py").write_text("import torch\nx = torch.load('a')\n")
    code, out, _ = run("facts", "--unknown", "folder", "binary.py", "empty.py")
    counted = [line.split(None, 1) for line in out.splitlines()]
    assert code == 0
    assert ["1", "the file is binary: it holds a null byte"] in counted
    assert run("facts", "--unknown", "empty.py").out == "everything is known\n"


BUILDER = """
import torch
from torch import nn

class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.conv(x)

class Net(nn.Module):
    def __init__(self, body, width):
        super().__init__()
        self.body = body
        self.fc = nn.Linear(width, 2)

    def forward(self, x):
        return self.fc(self.body(x).flatten(1))

def build():
    body = Body()
    return Net(body, body(torch.zeros(1, 3, 8, 8)).flatten(1).shape[1])
"""


def test_a_pass_in_a_builder_stands_back(run: Run, tmp_path: Path) -> None:
    (tmp_path / "builder.py").write_text(BUILDER)
    script = "import torch\nfrom builder import build\nbuild()(torch.zeros(2, 3, 8, 8))\n"
    (tmp_path / "script.py").write_text(script)
    held = json.loads(run("facts", "script.py", "--main").out)
    rows = held["files"][str(tmp_path / "builder.py")]["expressions"]
    shapes = [row["shapes"] for row in rows if row["line"] == 11 and row["col"] == 15]
    assert shapes == [[[2, 4, 6, 6]]]
    outputs = {row["path"]: row["output"] for row in held["modules"]}
    assert outputs == {"": [2, 2], "body": [2, 4, 6, 6], "body.conv": [2, 4, 6, 6], "fc": [2, 2]}


def test_explain_prints_the_page_of_a_rule(run: Run) -> None:
    rows = [line.split() for line in run("explain").out.splitlines()]
    assert [row[:2] for row in rows] == [[code, RULES[code].severity] for code in sorted(RULES)]
    assert ["input", "has", "…", "channels;", "the", "layer", "takes", "…"] in [r[2:] for r in rows]
    assert run("explain", "conv-channels").out.startswith("# conv-channels\n")


# -- settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "code"), [("warning", 0), ("info", 0), ("hint", 0), ("off", 0), ("error", 1)]
)
def test_the_level_of_a_rule_is_the_persons_choice(
    run: Run, tmp_path: Path, level: str, code: int
) -> None:
    settings = f'[tool.conv-lsp.rules]\nlinear-features = "{level}"\n'
    (tmp_path / "pyproject.toml").write_text(settings)
    said = [] if level == "off" else [level]
    checked = run("check", "net.py", "--format", "json")
    assert checked.code == code
    assert [row["severity"] for row in json.loads(checked.out)] == said
    held = json.loads(run("facts", "net.py").out)["files"][str(tmp_path / "net.py")]
    assert [row["severity"] for row in held["diagnostics"]] == said
    assert ("linear-features" in run("show", "net.py").out) == bool(said)


def test_settings_that_are_wrong_are_told_once(run: Run, tmp_path: Path) -> None:
    settings = '[tool.conv-lsp]\nhint = 1\npython = "nowhere"\nrules = { lin = "off" }\n'
    (tmp_path / "pyproject.toml").write_text(settings)
    code, _, err = run("check", "net.py", "empty.py")
    assert code == 1
    named, rule, python = err.splitlines()
    assert str(tmp_path) in named
    assert "unknown key 'hint', did you mean 'hints'?; accepted: python, hints" in named
    assert "there is no rule 'lin'" in rule
    assert "there is no nowhere" in python


# -- what cannot be carried out ---------------------------------------------------------------

LARGE = f"the file is larger than {MAX_BYTES // 1_000_000} MB"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("show missing.py", "missing.py: the file cannot be read: No such file"),
        ("check net.py missing", "missing: there is no such file or directory"),
        ("check folder", "folder: there is no Python file in this directory"),
        ("show folder", "folder: this is a directory; name one file"),
        ("facts binary.py", "binary.py: the file is binary"),
        ("show latin.py", "latin.py: the file is not utf-8 text, and declares no other encoding"),
        ("facts", "facts takes a FILE, or --unknown with paths"),
        ("show net.py --run Nope()", "net.py: --run 'Nope()': name 'Nope' is not defined"),
        ("show net.py --run Nope()", "the file defines Net"),
        ("show empty.py --run Net()", "the file defines no class and no function"),
        ("show net.py --run Net(", "--run 'Net(' is no expression: '(' was never closed"),
        ("show net.py --run x=1", "write for example 'Net(10)'"),
        ("show net.py --run Net() --input (1,3", "--input: the shape '(1,3' has no closing ')'"),
        ("show net.py --run Net() --input (1,-3)", "such as (N, 3, 224, 224)"),
        ("show net.py --input (1,3)", "--input goes with --run"),
        ("show net.py --main --train", "--train goes with --run"),
        ("show net.py --main --run Net()", "--run: not allowed with argument --main"),
        ("show net.py --python nowhere", "--python: there is no interpreter at nowhere"),
        ("show net.py --python net.py", "--python: no installed packages are found for"),
        ("check net.py --format xml", "invalid choice: 'xml'"),
        ("explain conv-chanels", "no rule 'conv-chanels'; did you mean conv-channels?"),
        ("explain zzz", "there is no rule 'zzz'; `conv-lsp explain` lists them"),
        ("server --tcp junk", "--tcp takes HOST:PORT, such as 127.0.0.1:2087, not 'junk'"),
        ("server --tcp localhost:99999", "not 'localhost:99999'"),
        ("shwo net.py", "invalid choice: 'shwo'"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(run: Run, argv: str, said: str) -> None:
    code, out, err = run(*argv.split())
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_file_that_is_too_large_is_not_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "large.py").write_bytes(b"#" * (MAX_BYTES + 1))
    assert run("show", "large.py") == (2, "", f"conv-lsp: large.py: {LARGE}\n")
    assert run("check", "large.py").out.startswith(f"large.py:1:1: error {LARGE} [syntax-error]")


def test_a_directive_with_a_typing_error_is_a_warning(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder" / "a.py").write_text("# conv-lsp: inptu (1, 3)\n")
    code, out, _ = run("check", "folder")
    assert code == 0
    assert "a.py:1:1: warning unknown directive 'inptu'; did you mean 'input'? accepted: " in out


def test_stopped_from_the_keyboard(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("conv_lsp.cli.explain", interrupted)
    assert run("explain") == (INTERRUPTED, "", "")


@pytest.mark.parametrize("given", ["Net(\0)", "(" * 100_000])
def test_no_text_of_run_breaks_it(run: Run, given: str) -> None:
    code, _, err = run("show", "net.py", "--run", given)
    assert code == 2
    assert "is no expression" in err


def test_every_command_is_described() -> None:
    told = parser().format_help()
    assert [
        c for c in ("show", "check", "facts", "verify", "explain", "server") if c not in told
    ] == []


# -- other processes --------------------------------------------------------------------------


def alone(folder: Path, *argv: str, **environment: str) -> subprocess.CompletedProcess[bytes]:

    root = str(Path(__file__).parent.parent)
    return subprocess.run(
        [sys.executable, "-m", "conv_lsp", *argv],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": root, **environment},
        capture_output=True,
        check=False,
    )


def test_a_terminal_that_lacks_characters_gets_others(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(MODEL)
    done = alone(tmp_path, "show", "net.py", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_reader_may_leave_early(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1  # a line\n" * 20_000)
    command = f"'{sys.executable}' -m conv_lsp show long.py | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("x = 1  # a line\n", "")


# -- notebooks --------------------------------------------------------------------------------


def notebook(*cells: str) -> str:
    kinds = ["markdown" if cell.startswith("# ") else "code" for cell in cells]
    made = [{"cell_type": k, "source": c} for k, c in zip(kinds, cells, strict=True)]
    return json.dumps({"cells": made, "nbformat": 4, "metadata": {}})


CELLS = (
    "# A model",
    "%matplotlib inline\n" + MODEL,
    "# what it does",
    "x = torch.zeros(2, 3, 9, 9)\ny = net(x)",
    "!nvidia-smi\nnet = Net()\nnet(x)",
)


def test_a_notebook_is_checked_cell_by_cell(run: Run) -> None:
    Path("net.ipynb").write_text(notebook(*CELLS))
    code, out, _ = run("check", "net.ipynb")
    assert code == 1
    first, *related = out.splitlines()
    assert first.startswith(f"net.ipynb:cell 2:{BAD + 1}:26: error ")
    assert "    net.ipynb:cell 2:9: the layer is made here" in related
    assert out.endswith("1 error, 1 info in 1 file\n")
    row, _ = json.loads(run("check", "net.ipynb", "--format", "json").out)
    assert (row["cell"], row["line"], row["end_line"]) == (2, BAD + 1, BAD + 1)
    Path("folder/other.ipynb").write_text(notebook(CELLS[1]))
    assert "other.ipynb:cell 1:12:" in run("check", "folder").out.replace(os.sep, "/")


def test_a_notebook_is_shown_cell_by_cell(run: Run) -> None:
    Path("net.ipynb").write_text(notebook(*CELLS).replace("Linear(9", "Linear(8"))
    code, out, _ = run("show", "net.ipynb")
    assert code == 0
    lines = out.splitlines()
    assert [line for line in lines if line.startswith("──")] == [
        f"── cell {number} ──" for number in (2, 4, 5)
    ]
    assert "%matplotlib inline" in lines
    assert "!nvidia-smi" in lines
    (shown,) = [line for line in lines if line.startswith("x = torch.zeros")]
    assert shown.endswith("⟶ (2, 3, 9, 9)")


def test_a_broken_notebook_is_told(run: Run) -> None:
    Path("net.ipynb").write_text('{"cells": [')
    code, out, _ = run("check", "net.ipynb")
    assert code == 1
    assert out.startswith(
        "net.ipynb:1:1: error the notebook is not valid JSON: "
        "Expecting value: line 1 column 12 (char 11) ["
    )
    code, _, err = run("show", "net.ipynb")
    assert code == 2
    assert "net.ipynb: the notebook is not valid JSON" in err
