"""After a fix the engine finds nothing there, and torch runs the file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from conv_lsp.advice import advise
from conv_lsp.analysis import Analysis, Options, analyze, with_deep_stack
from conv_lsp.comments import check
from conv_lsp.config import Settings
from conv_lsp.findings import RULES, Finding
from conv_lsp.fixes import (
    FIXES,
    WITHOUT,
    applied,
    fix_all,
    fixes,
    ignoring,
    input_comment,
    shape_comments,
)
from conv_lsp.project import Project
from conv_lsp.source import Source
from tests.harness import CASES, Case, Run

ROUNDS = 6
"""Fixes that one run may need: one mistake can hide another."""
BROKEN = [
    (path, number)
    for path in sorted((CASES / "fixes").glob("*.py"))
    for number in range(len(Case(path).runs))
]


def analyzed(text: str, run: Run | None = None) -> tuple[Analysis, Source]:
    source = Source.parse("broken.py", text)
    options = Options((run.expression,), run.inputs) if run else Options()
    project = Project(Path(__file__).parent, Settings())
    return with_deep_stack(lambda: analyze(source, project, options)), source


def found(analysis: Analysis, source: Source) -> list[Finding]:
    return [*analysis.findings, *check(analysis, source).findings]


def where(finding: Finding, source: Source) -> tuple[str, str, str]:
    """What a finding says of which line; the line's number may be another one."""
    return finding.rule.code, finding.message, source.line_text(finding.span.line)


def executed(text: str, run: Run) -> None:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    names: dict[str, object] = {"__name__": "broken"}
    exec(compile(text, "broken.py", "exec"), names)
    model = eval(run.expression, names)
    if run.inputs:
        model.eval()(*(torch.zeros(*sizes) for sizes in run.inputs))


@pytest.mark.parametrize(("path", "number"), BROKEN, ids=lambda v: getattr(v, "stem", str(v)))
def test_after_the_first_fix_of_each_finding_torch_runs(path: Path, number: int) -> None:
    text, run = path.read_text("utf-8"), Case(path).runs[number]
    with pytest.raises(Exception, match=r".*"):
        executed(text, run)
    for _ in range(ROUNDS):
        analysis, source = analyzed(text, run)
        left = found(analysis, source)
        if not left:
            break
        offered = fixes(analysis, left[0], source)
        assert offered, left[0]
        text = applied(source, offered[0].edits)
        ast.parse(text)
        analysis, changed = analyzed(text, run)
        again = found(analysis, changed)
        assert where(left[0], source) not in [where(f, changed) for f in again], text
    assert not left
    executed(text, run)


@pytest.mark.parametrize(("path", "number"), BROKEN, ids=lambda v: getattr(v, "stem", str(v)))
def test_after_every_other_fix_the_finding_is_gone(path: Path, number: int) -> None:
    text, run = path.read_text("utf-8"), Case(path).runs[number]
    analysis, source = analyzed(text, run)
    for finding in found(analysis, source):
        for fix in fixes(analysis, finding, source)[1:]:
            again = found(*analyzed(applied(source, fix.edits), run))
            assert finding.message not in [f.message for f in again], fix


@pytest.mark.parametrize(("path", "number"), BROKEN, ids=lambda v: getattr(v, "stem", str(v)))
def test_an_ignored_finding_is_silent(path: Path, number: int) -> None:
    text, run = path.read_text("utf-8"), Case(path).runs[number]
    analysis, source = analyzed(text, run)
    for finding in analysis.findings:
        fix = ignoring(analysis, finding, source)
        assert fix is not None
        again = found(*analyzed(applied(source, fix.edits), run))
        assert len(again) == len(analysis.findings) - 1


def test_every_rule_with_fixes_is_tried() -> None:
    made = set(ADVISED) | {"directive", "shape-comment"}
    for path, number in BROKEN:
        analysis, source = analyzed(path.read_text("utf-8"), Case(path).runs[number])
        made |= {f.rule.code for f in found(analysis, source) if fixes(analysis, f, source)}
    assert made == set(FIXES)
    assert set(FIXES) | set(WITHOUT) == set(RULES)
    assert not set(FIXES) & set(WITHOUT)


NET = """\
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {made}

    def forward(self, x):
        {used}
        return x


Net()(torch.zeros(2, 3, 16, 16))
"""
NORM = "self.a = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8))"
ADVISED = {
    "bias-before-norm": (NORM, "x = self.a(x)", "padding=1, bias=False)"),
    "no-padding-shrinks": ("self.a = nn.Conv2d(3, 8, 5)", "x = self.a(x)", "8, 5, padding=2)"),
    "flatten-unbatched": (
        "self.a = nn.Conv2d(3, 8, 3, padding=1)",
        "x = self.a(x).relu().view(-1)",
        "self.a(x).relu().flatten(1)",
    ),
}


@pytest.mark.parametrize("code", ADVISED)
def test_after_a_fix_of_advice_there_is_none(code: str) -> None:
    made, used, after = ADVISED[code]
    text = NET.format(made=made, used=used)
    for _ in range(2):
        analysis, source = analyzed(text)
        advised = [f for f in advise(analysis, {code: "warning"}) if f.rule.code == code]
        if text.count(after):
            assert not advised
            return
        (fix,) = fixes(analysis, advised[0], source)
        assert not fix.preferred
        text = applied(source, fix.edits)
    pytest.fail(text)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("# conv-lsp: ignore[conv-chanels, dtype]", "# conv-lsp: ignore[conv-channels, dtype]"),
        ("# conv-lsp: inputs (1, 3, 8, 8)", "# conv-lsp: input (1, 3, 8, 8)"),
        ("# conv-lsp off", "# conv-lsp: off"),
    ],
)
def test_directives_are_spelt_right(wrong: str, right: str) -> None:
    analysis, source = analyzed(f"x = 1  {wrong}\n")
    (finding,) = analysis.findings
    (fix,) = fixes(analysis, finding, source)
    assert applied(source, fix.edits) == f"x = 1  {right}\n"
    assert not analyzed(f"x = 1  {right}\n")[0].findings


LAYER = "self.a = nn.Conv2d({}, 8, 3)"


def test_a_layer_that_is_used_with_different_inputs_is_left_alone() -> None:
    used = "x = self.a(self.a(x))"
    analysis, source = analyzed(NET.format(made=LAYER.format(4), used=used))
    assert {f.rule.code for f in analysis.findings} == {"conv-channels"}
    assert not [fix for f in analysis.findings for fix in fixes(analysis, f, source)]


def test_a_number_from_elsewhere_is_set_but_not_unasked() -> None:
    text = NET.replace("(self)", "(self, width=4)", 1)
    analysis, source = analyzed(text.format(made=LAYER.format("width"), used="x = self.a(x)"))
    (fix,) = fixes(analysis, analysis.findings[0], source)
    assert not fix.preferred
    assert not fix_all(analysis, analysis.findings, source)


@pytest.mark.parametrize(
    ("used", "unasked"),
    [
        ("x = x.reshape(-1, 7)", True),
        ("x = x.reshape(x.size(0), 7)", True),
        ("x = x.reshape(2, 7)", True),
        ("x = x.reshape(7, 2)", False),
        ("x = nn.Conv2d(4, 2, 1)(x.reshape(2, 3, 5, 4))", True),
        ("x = nn.Conv2d(9, 2, 1)(x.reshape(2, 3, 5, 4).repeat(1, 1, 1, 9)[..., :9])", False),
    ],
)
def test_what_is_not_clearly_meant_is_not_done_unasked(used: str, unasked: bool) -> None:
    text = NET.format(made="self.a = nn.ReLU()", used=used)
    analysis, source = analyzed(text, Run("Net()", ((2, 3, 4, 5),)))
    (finding,) = analysis.findings
    first, *_ = fixes(analysis, finding, source)
    assert ("flatten(1)" in first.title) or ("permute(0, 3, 1, 2)" in first.title)
    assert first.preferred is unasked


def test_square_images_are_not_taken_for_channels() -> None:
    text = NET.format(made="self.a = nn.Conv2d(4, 2, 1)", used="x = self.a(x)")
    analysis, source = analyzed(text, Run("Net()", ((2, 3, 4, 4),)))
    (finding,) = analysis.findings
    assert [fix.title for fix in fixes(analysis, finding, source)] == ["Set in_channels to 3"]


def test_an_instance_norm_with_parameters_is_told_its_features() -> None:
    made = "self.a = nn.InstanceNorm2d(4, affine=True)"
    analysis, source = analyzed(NET.format(made=made, used="x = self.a(x)"))
    text = applied(source, fix_all(analysis, analysis.findings, source))
    assert "nn.InstanceNorm2d(3, affine=True)" in text
    assert not analyzed(text)[0].findings


def test_preferred_fixes_of_a_file_are_made_together() -> None:
    made = "self.a, self.b = nn.Conv2d(4, 8, 3), nn.Conv2d(6, 8, 3)"
    text = NET.format(made=made, used="x = self.b(self.a(x))")
    analysis, source = analyzed(text)
    edits = fix_all(analysis, analysis.findings, source)
    assert len(edits) == 2
    assert not analyzed(applied(source, edits))[0].findings


def test_a_second_rule_joins_the_first_in_its_directive() -> None:
    text = NET.format(made=LAYER.format(4), used="x = self.a(x)  # conv-lsp: ignore[dtype]")
    analysis, source = analyzed(text)
    fix = ignoring(analysis, analysis.findings[0], source)
    assert fix is not None
    assert "# conv-lsp: ignore[dtype, conv-channels]\n" in applied(source, fix.edits)


def test_no_comment_is_written_into_a_string_or_after_a_backslash() -> None:
    used = 'x = self.a(x); y = """\n        """; z = \\\n            x'
    analysis, source = analyzed(NET.format(made=LAYER.format(4), used=used))
    assert ignoring(analysis, analysis.findings[0], source) is None
    fix = shape_comments(analysis, source, 11)
    text = applied(source, fix.edits) if fix is not None else ""
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(source.text))
    assert "            x  # shape: (2, 8, 14, 14)\n" in text


def test_shapes_and_inputs_that_are_written_hold() -> None:
    text = NET.format(made=LAYER.format(3), used="x = self.a(x)  # made\n        x = x.relu()")
    analysis, source = analyzed(text)
    shapes = shape_comments(analysis, source, 11)
    told = input_comment(analysis, source, 8)
    assert shapes is not None
    assert told is not None
    text = applied(source, [*shapes.edits, *told.edits])
    assert "x = x.relu()  # shape: (2, 8, 14, 14)\n        return x  # shape: (2, 8, 14" in text
    assert "class Net(nn.Module):  # conv-lsp: input (2, 3, 16, 16)\n" in text
    assert not found(*analyzed(text))
    assert input_comment(*analyzed(text), 8) is None
