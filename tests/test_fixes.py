"""After a fix the engine finds nothing there, and torch runs the file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from conv_lsp.analysis import Analysis, Options, analyze, with_deep_stack
from conv_lsp.comments import check
from conv_lsp.config import Settings
from conv_lsp.findings import RULES, Finding
from conv_lsp.fixes import (
    FIXES,
    WITHOUT,
    applied,
    fixes,
    ignoring,
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


def test_every_maker_of_fixes_is_tried() -> None:
    made = set()
    for path, number in BROKEN:
        analysis, source = analyzed(path.read_text("utf-8"), Case(path).runs[number])
        made |= {f.rule.code for f in found(analysis, source) if fixes(analysis, f, source)}
    texts = {"directive", "shape-comment"}  # of which there are tests below
    assert set(FIXES) - made - texts == {"conv-input-rank"}
    assert set(FIXES) | set(WITHOUT) >= set(RULES)
    assert not set(FIXES) & set(WITHOUT)
