"""Shapes in comments: what is read, what holds, and what is certainly wrong."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from conv_lsp.analysis import Options, analyze, with_deep_stack
from conv_lsp.comments import Checked, check, confirmed
from conv_lsp.comments.reading import read
from conv_lsp.config import Settings
from conv_lsp.fixes import applied, fixes
from conv_lsp.project import Project
from conv_lsp.source import Source
from tests.harness import Case, cases, name

SHAPES = {
    "# (N, 512, 38, 38)": ["N", "512", "38", "38"],
    "# [B, 64, 56, 56]": ["B", "64", "56", "56"],
    "#bs,c,7,7": ["bs", "c", "7", "7"],
    "# B,  32, 16, 16": ["B", "32", "16", "16"],
    "# N x 64 x 112 x 112": ["N", "64", "112", "112"],
    "# 64x112x112": ["64", "112", "112"],
    "# state size. (64) x 48 x 48": ["64", "48", "48"],
    "# -> 64x56x56": None,
    "# 14x14x4 => 7x7x8": ["7", "7", "8"],
    "# [B, C, 8, 8] -> [B, 64, C]": ["B", "64", "C"],
    "# [B, H/2*W/2, 4*C]": ["B", "H/2*W/2", "4*C"],
    "# B, 1024*4*4, 1": ["B", "1024*4*4", "1"],
    "# output shape: (1, 28, 28)": ["1", "28", "28"],
    "# x.shape = [2, 3, 4]": ["2", "3", "4"],
    "# (B, 10).": ["B", "10"],
    "# the second of 3, 4 or 5 layers": None,
    "# see section 3.1, 2": None,
    "# 3x3 convolution": None,
    "# stage 3": None,
    "# TODO(me): 2, 3": None,
    "# lr 0.1, 0.01, 0.001": None,
    "# x, y, z": None,
}


@pytest.mark.parametrize("comment", SHAPES)
def test_what_is_plainly_a_shape_is_read(comment: str) -> None:
    told = read(comment)
    assert (told and [size.text for size in told.sizes]) == SHAPES[comment]
    if told is not None:
        for size in told.sizes:
            assert comment[size.start :].startswith(size.text)


NET = """\
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.b = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.c = nn.Conv2d(16, 32, 3, stride=2, padding=1)

    def forward(self, x):
        x = self.a(x)  {}
        x = self.b(x)  {}
        x = self.c(x)  {}
        return x.mean((2, 3))  {}


Net()(torch.zeros(2, 3, 64, 64))
"""
LINES = [13, 14, 15, 16]


def checked(text: str) -> tuple[Checked, Source]:
    source = Source.parse("net.py", text)
    project = Project(Path(__file__).parent, Settings())
    analysis = with_deep_stack(lambda: analyze(source, project, Options()))
    assert not analysis.findings
    return check(analysis, source), source


def flagged(*comments: str) -> list[tuple[int, str, str]]:
    found, _ = checked(NET.format(*comments))
    return [(f.span.line, f.severity, f.message) for f in found.findings]


RIGHT = [
    ("# (N, 8, 32, 32)", "# (N, 16, 16, 16)", "# (N, 32, 8, 8)", "# (N, 32)"),
    ("# [B, 8, 32, 32]", "# [B, 16, 16, 16]", "# [B, 32, 8, 8]", "# [B, 32]"),
    ("# 8x32x32", "# 16x16x16", "# 32x8x8", "#"),
    ("# 32,32,8", "# 16,16,16", "# 8,8,32", "#"),
    ("# N x 8 x 32 x 32", "# N x 16 x 16 x 16", "# N x 32 x 8 x 8", "#"),
    ("# 3x64x64 -> 8x32x32", "# 8x32x32 -> 16x16x16", "# -> 32x8x8", "#"),
    ("# shape: (N, 8, 32, 32)", "# shape: (2, c, h, h)", "# shape: (N, 32, 8, 8)", "#"),
]


@pytest.mark.parametrize("comments", RIGHT, ids=" ".join)
def test_comments_that_hold_are_confirmed_and_silent(comments: tuple[str, ...]) -> None:
    found, _ = checked(NET.format(*comments))
    assert not found.findings
    assert len(found.confirmed_lines) >= 2


WRONG = [
    (0, "# (N, 8, 30, 32)", "# (N, 8, 32, 32)"),
    (1, "# (N, 24, 16, 16)", "# (N, 16, 16, 16)"),
    (2, "# (N, 32, 7, 7)", "# (N, 32, 8, 8)"),
]


@pytest.mark.parametrize(("at", "wrong", "right"), WRONG)
def test_a_wrong_number_among_right_ones_is_found_and_changed(
    at: int, wrong: str, right: str
) -> None:
    comments = list(RIGHT[0])
    comments[at] = wrong
    text = NET.format(*comments)
    found, source = checked(text)
    (finding,) = found.findings
    assert (finding.rule.code, finding.severity) == ("shape-comment", "warning")
    assert finding.span.line == LINES[at]
    analysis = with_deep_stack(
        lambda: analyze(source, Project(Path(__file__).parent, Settings()), Options())
    )
    (fix,) = fixes(analysis, finding, source)
    assert fix.preferred
    assert applied(source, fix.edits) == text.replace(wrong, right)


SILENT = [
    # for another input
    ("# (N, 8, 112, 112)", "# (N, 16, 56, 56)", "# (N, 32, 28, 28)", "#"),
    # nobody confirms it
    ("#", "# (N, 24, 16, 16)", "#", "#"),
    # of the line's input
    ("# (N, 3, 64, 64)", "# (N, 8, 32, 32)", "# (N, 16, 16, 16)", "#"),
    # more are wrong than right
    ("# (N, 8, 32, 32)", "# (N, 17, 16, 16)", "# (N, 33, 8, 8)", "#"),
    # another notation than the others'
    ("# (N, 8, 32, 32)", "# (N, 16, 16, 16)", "# 8x8x31", "#"),
    # names of other things
    ("# (N, 8, 32, 32)", "# (N, 16, 16, 16)", "# stride: (2, 32, 3, 4)", "#"),
    # an order of its own
    ("# (N, 8, 32, 32)", "# (N, 16, 16, 16)", "# (8, N, 8, 32)", "#"),
]


@pytest.mark.parametrize("comments", SILENT)
def test_what_may_be_meant_otherwise_is_silent(comments: tuple[str, ...]) -> None:
    assert flagged(*comments) == []


CLAIMS = [
    ("(2, 8, 32, 33)", True),
    ("(2, 8, 32)", True),
    ("(n, 8, 2*n, 32)", True),
    ("(n, 8, 16*n, 32)", False),
    ("(N, C, H, W)", False),
    ("(N, C, H//2, W//2)", False),
    ("(B, h, N, Ch) -> (B, N)", False),
    ("(1, 1), (2, 2)", False),
]


@pytest.mark.parametrize(("claim", "wrong"), CLAIMS)
def test_a_claim_is_compared_in_full(claim: str, wrong: bool) -> None:
    found = flagged(f"# shape: {claim}", "#", "#", "#")
    want = f"the comment says {claim}; the tensor has (2, 8, 32, 32)"
    assert found == ([(13, "error", want)] if wrong else [])


def test_a_claim_about_an_input_of_ours_is_a_warning() -> None:
    text = NET.rpartition("\n\n\n")[0] + "\n"
    found, _ = checked(text.format("# shape: (N, 9, 32, 32)", "#", "#", "#"))
    assert [f.severity for f in found.findings] == ["warning"]
    found, _ = checked(text.format("# shape: (N, 8, (H + 1)//2, W)", "#", "#", "#"))
    assert not found.findings


def test_a_finding_of_a_comment_can_be_hidden() -> None:
    hidden = "# shape: (1, 2)  # conv-lsp: ignore[shape-comment]"
    assert flagged(hidden, "#", "#", "#") == []


def test_lines_that_need_no_hint_are_told() -> None:
    comments = ("# (N, 8, 32, 32)", "# [B, C, 16, 16]", "# shape: (N, 32, 8, 8)", "#")
    source = Source.parse("net.py", NET.format(*comments))
    project = Project(Path(__file__).parent, Settings())
    analysis = with_deep_stack(lambda: analyze(source, project, Options()))
    assert confirmed(analysis, source) == {13, 15}


@pytest.mark.parametrize(
    "path", [p for p in cases() if p.parent.name not in ("fixes", "hostile")], ids=name
)
def test_the_claims_of_the_cases_hold(path: Path) -> None:
    case = Case(path)
    source = Source.parse(str(path), case.text)
    project = Project(path.parent, Settings())
    if case.guessed:
        return
    every = [Options((r.expression,), r.inputs) for r in case.runs] or [Options(main=True)]
    for options in every:
        analysis = with_deep_stack(partial(analyze, source, project, options))
        said = [f for f in check(analysis, source).findings if f.severity == "error"]
        assert len(every) > 1 or not said
