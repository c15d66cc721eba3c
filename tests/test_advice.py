"""Advice: its numbers against counting one by one, what it costs, and whom it spares."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conv_lsp.advice import advise
from conv_lsp.advice.advise import ADVICE
from conv_lsp.advice.coverage import ITSELF, Coverage, union
from conv_lsp.advice.geometry import better_padding, dropped, overlap, skips, useful_taps
from conv_lsp.advice.slides import Network
from conv_lsp.analysis import Analysis, Options, analyze, with_deep_stack
from conv_lsp.config import Level, Settings
from conv_lsp.findings import RULES, Finding
from conv_lsp.project import Project
from conv_lsp.source import Source
from conv_lsp.windows import Transposed, Window

small = st.integers(1, 5)
windows = st.builds(
    Window, st.integers(1, 6), small, st.integers(0, 4), st.integers(0, 4), small, st.booleans()
)


def taps(window: Any, n: int) -> list[list[int]]:
    """The positions that each window reads, padding among them."""
    return [
        [u * window.stride - window.before + window.dilation * t for t in range(window.kernel)]
        for u in range(window.size(n))
    ]


# -- by counting ----------------------------------------------------------------------------------


@settings(derandomize=True, max_examples=500)
@given(windows, st.integers(1, 40))
def test_what_is_dropped_is_what_lies_behind_the_last_window(window: Any, n: int) -> None:
    assume(window.size(n) > 0)
    last = max(position for read in taps(window, n) for position in read)
    assert dropped(window, n) == (0 if skips(window) else max(0, n - 1 - last))


@st.composite
def uneven(draw: st.DrawFn) -> tuple[Window, int]:
    """A window without holes, and a size of which it leaves positions out."""
    kernel = draw(st.integers(1, 8))
    stride = draw(st.integers(1, kernel))
    left_out = draw(st.integers(0, stride - 1))
    padding = draw(st.integers(0, min(left_out, kernel // 2)))
    turns = draw(st.integers(0, 6))
    n = turns * stride + kernel - 2 * padding + left_out
    return Window(kernel, stride, padding, padding), n


@settings(derandomize=True, max_examples=500)
@given(uneven())
def test_a_window_without_holes_reads_all_but_what_is_dropped(drawn: tuple[Any, int]) -> None:
    window, n = drawn
    read = {position for positions in taps(window, n) for position in positions}
    assert set(range(n)) - read == set(range(n - dropped(window, n), n))


@settings(derandomize=True, max_examples=500)
@given(uneven(), st.booleans())
def test_the_padding_that_is_told_leaves_nothing_out(drawn: tuple[Any, int], pool: bool) -> None:
    window, n = drawn
    assume(dropped(window, n))
    most = window.kernel // 2 if pool else window.kernel - 1
    fitting = []
    for padding in range(window.before + 1, most + 1):
        padded = Window(window.kernel, window.stride, padding, padding)
        read = {position for positions in taps(padded, n) for position in positions}
        if set(range(n)) <= read:
            fitting.append(padding)
    assert better_padding(window, n, pool=pool) == (fitting[0] if fitting else None)


@settings(derandomize=True, max_examples=300)
@given(windows, st.integers(1, 20))
def test_strides_skip_what_no_window_spans(window: Any, n: int) -> None:
    assume(window.size(n) > 1)
    first, second, *_ = taps(window, n)
    assert skips(window) == (second[0] - first[-1] > 1)


@settings(derandomize=True, max_examples=500)
@given(windows, st.integers(1, 20))
def test_taps_are_useful_that_meet_the_input(window: Any, n: int) -> None:
    assume(window.size(n) > 0)
    columns = zip(*taps(window, n), strict=True)
    met = [any(0 <= position < n for position in column) for column in columns]
    assert useful_taps(window, n) == sum(met)


@settings(derandomize=True, max_examples=300)
@given(st.integers(1, 8), st.integers(1, 6), st.integers(1, 4))
def test_overlap_is_how_many_taps_outputs_sum(kernel: int, stride: int, dilation: int) -> None:
    outputs = [i * stride + dilation * t for i in range(80) for t in range(kernel)]
    middle = 20 * stride + dilation * kernel
    middle -= middle % stride
    counts = [outputs.count(middle + phase) for phase in range(stride)]
    assert overlap(Transposed(kernel, stride, 0, dilation)) == counts


# -- coverage -------------------------------------------------------------------------------------


def positions(coverage: Coverage | None) -> set[int]:
    assert coverage is not None
    return {coverage.lo + b for b in range(coverage.span) if coverage.bits >> b & 1}


convolutions = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(0, 6)), max_size=5
)


def stacked(layers: list[tuple[int, int, int]]) -> tuple[Coverage, set[int]]:
    made, read = ITSELF, {0}
    for kernel, dilation, before in layers:
        through = made.through(kernel, dilation, before)
        assert through is not None
        made = through
        read = {p + dilation * t - before for p in read for t in range(kernel)}
    return made, read


@settings(derandomize=True, max_examples=300)
@given(convolutions)
def test_coverage_is_the_set_of_positions(layers: list[tuple[int, int, int]]) -> None:
    made, read = stacked(layers)
    assert positions(made) == read
    assert (made.read, made.span) == (len(read), max(read) - min(read) + 1)


@settings(derandomize=True, max_examples=300)
@given(convolutions, convolutions, st.integers(-5, 5))
def test_a_join_reads_what_its_parts_read(a: Any, b: Any, by: int) -> None:
    (one, first), (other, second) = stacked(a), stacked(b)
    assert positions(union([one, other.moved(by)])) == first | {p + by for p in second}


@pytest.mark.parametrize(
    ("rates", "span", "holes"),
    [
        ((2, 2, 2), 13, 6),
        ((1, 2, 3), 13, 0),
        ((1, 2, 5), 17, 0),
        ((1, 2, 9), 25, 4),
        ((2, 4, 8), 29, 14),
        ((1, 2, 4), 15, 0),
        ((1, 2, 5, 9), 35, 0),
    ],
)
def test_known_stacks(rates: tuple[int, ...], span: int, holes: int) -> None:
    made, _ = stacked([(3, rate, rate) for rate in rates])
    assert (made.span, made.span - made.read, made.rates) == (span, holes, rates)
    found = advice(STACK, Options(run=(f"Stack({rates})",), inputs=((1, 1, 64, 64),)))
    told = f"dilations {', '.join(map(str, rates))} in a row: each unit reads {span - holes} of the"
    assert [told in f.message for f in found] == ([True] if holes else [])


STACK = """
from torch import nn

class Stack(nn.Module):
    def __init__(self, rates):
        super().__init__()
        self.convs = nn.Sequential(*[nn.Conv2d(1, 1, 3, padding=r, dilation=r) for r in rates])

    def forward(self, x):
        return self.convs(x)
"""


BRANCHES = """
from torch import nn

class Block(nn.Module):
    def __init__(self, rate, shortcut):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=rate, dilation=rate)
        self.shortcut = shortcut

    def forward(self, x):
        return x + self.conv(x) if self.shortcut else self.conv(x)

def net(*blocks):
    return nn.Sequential(*[Block(rate, shortcut) for rate, shortcut in blocks])
"""


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.booleans()), min_size=1, max_size=5))
def test_stacks_are_told_of_that_leave_positions_out(blocks: list[tuple[int, bool]]) -> None:
    read = {0}
    for rate, shortcut in blocks:
        through = {p + rate * tap for p in read for tap in (-1, 0, 1)}
        read = read | through if shortcut else through
    span = max(read) - min(read) + 1
    dilated = sum(rate > 1 for rate, _ in blocks)
    arguments = ", ".join(map(str, blocks))
    found = advice(BRANCHES, Options(run=(f"net({arguments})",), inputs=((1, 1, 64, 64),)))
    told = [f.message for f in found if f.rule.code == "gridding"]
    if dilated > 1 and len(read) < span:
        assert len(told) == 1
        assert f"each unit reads {len(read)} of the {span} positions" in told[0]
    else:
        assert told == []


# -- what is said, and what is not ------------------------------------------------------------------


def analysed(text: str, options: Options | None = None, **more: Any) -> Analysis:
    source = Source.parse("net.py", text)
    project = Project(Path(__file__).parent, Settings())
    analysis: Analysis = with_deep_stack(lambda: analyze(source, project, options, **more))
    return analysis


def advice(
    text: str, options: Options | None = None, levels: Mapping[str, Level] | None = None
) -> tuple[Finding, ...]:
    return advise(analysed(text, options), levels or {})


NET = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ModuleList(nn.ConvTranspose2d(8, 8, 3, stride=2) for _ in range(4))
        self.one = nn.ConvTranspose2d(8, 8, 3, stride=2)
        self.valid = nn.Conv2d(8, 8, 3)

    def forward(self, x):
        for layer in self.up:
            x = layer(x)
        return self.valid(self.one(x))
"""


def test_a_line_in_several_contexts_is_one_finding() -> None:
    several, once = advice(NET)
    assert (several.span.line, several.severity, several.rule.code) == (7, "info", "checkerboard")
    assert several.message.endswith("taps by turns (up.0, in 4 contexts)")
    assert (once.span.line, once.message.endswith("taps by turns")) == (8, True)


def test_every_rule_of_advice_is_declared() -> None:
    assert set(ADVICE) <= set(RULES)
    assert {RULES[code].severity for code in ADVICE} == {"info", "hint"}


def test_a_rule_that_is_off_speaks_when_it_is_given_a_level() -> None:
    assert [f.rule.code for f in advice(NET, levels={"no-padding-shrinks": "warning"})] == [
        "checkerboard",
        "checkerboard",
        "no-padding-shrinks",
    ]
    assert advice(NET, levels={"checkerboard": "off"}) == ()


def test_a_milder_finding_is_not_made_graver() -> None:
    text = "from torch import nn, zeros\nnn.Conv2d(3, 8, 1, stride=2)(zeros(1, 3, 8, 8))\n"
    assert [f.severity for f in advice(text)] == ["hint"]
    assert [f.severity for f in advice(text, levels={"stride-skips-input": "error"})] == ["hint"]


def test_each_rule_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analysed(NET)
    first = advise(analysis, {})
    monkeypatch.setattr(Network, "__init__", None)
    assert advise(analysis, {}) == first
    assert "no-padding-shrinks" not in analysis.advice


def test_a_fault_of_a_rule_costs_its_advice_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(network: Network) -> Any:
        raise ZeroDivisionError("by 0")

    monkeypatch.setitem(ADVICE, "gridding", faulty)
    found = advice(NET)
    assert [f.rule.code for f in found] == ["checkerboard", "checkerboard", "internal-error"]
    assert "gridding: ZeroDivisionError: by 0" in found[-1].message


def nowhere(path: str) -> bool:
    return False


def test_installed_files_are_not_advised_on() -> None:
    analysis = analysed(NET, workspace=nowhere)
    assert advise(analysis, {}) == ()


def test_a_line_that_need_not_run_is_not_advised_on() -> None:
    text = NET.replace(
        "return self.valid", "if unknown(x):\n            self.one(x)\n        return "
    )
    assert [f.span.line for f in advice(text.replace("(self.one(x))", "x"))] == [7]


def test_a_size_worked_out_while_a_model_is_made_is_not_the_models() -> None:
    text = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(self.pool(torch.zeros(1, 3, 7, 7)).numel(), 2)

    def forward(self, x):
        return self.pool(x)

Net()(torch.zeros(1, 3, 8, 8))
"""
    assert advice(text) == ()
    assert [f.rule.code for f in advice(text.replace("8, 8", "9, 9"))] == ["uneven-window"]


def test_comments_in_other_files_are_heard(tmp_path: Path) -> None:
    block = "from torch import nn\n\ndef up():\n    return nn.ConvTranspose2d(8, 8, 3, stride=2)"
    net = tmp_path / "net.py"
    net.write_text("import torch\nfrom block import up\n\nup()(torch.zeros(1, 8, 4, 4))\n")
    said = []
    for comment in ("", "  # conv-lsp: ignore[checkerboard]"):
        (tmp_path / "block.py").write_text(f"{block}{comment}\n")
        project = Project(tmp_path, Settings())
        analysis = with_deep_stack(lambda: analyze(project.source(net), project))  # noqa: B023
        said.append([(Path(f.span.path).name, f.span.line) for f in advise(analysis, {})])
    assert said == [[("block.py", 4)], []]
