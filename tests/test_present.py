"""What hovers say of receptive fields."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from conv_lsp.analysis import Analysis, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.present import hover
from conv_lsp.present.growth import Summary
from conv_lsp.project import Project

TEXT = """\
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.wide = nn.Conv2d(8, 8, (5, 1), dilation=2, padding=(4, 0))
        self.up = nn.ConvTranspose2d(8, 8, 3, stride=2, padding=1)

    def forward(self, x):
        y = self.wide(x)
        return self.up(y)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 7, stride=2, padding=3)
        self.block = Block()
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        x = self.stem(x)
        x = self.block(x)
        return x * self.pool(x)

Net()(torch.zeros(1, 3, 32, 64))
"""


HERE = Path("net.py")


@cache
def analysed(text: str = TEXT) -> Analysis:
    project = Project(Path(), Settings())
    project.open(HERE, text)
    made: Analysis = with_deep_stack(lambda: analyze(project.source(HERE), project))
    return made


JOINS = """\
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.wide = nn.Conv2d(3, 8, 5)
        self.strided = nn.Conv2d(3, 8, 3, 2, 1)
        self.short = nn.Conv2d(3, 8, 1)

    def forward(self, x):
        y = self.wide(x)
        short = self.short(x)
        left = y + short[:, :, :60, :60]
        centred = y + short[:, :, 2:62, 2:62]
        uneven = self.strided(x) + short[:, :, :32, :32]
        turned = torch.flip(y, [2])
        return left, centred, uneven, turned

Net()(torch.zeros(1, 3, 64, 64))
"""


def told(text: str, code: str = TEXT) -> str:
    """The hover at the first place of a text."""
    before = code[: code.index(text)]
    found = hover(
        analysed(code), analysed(code).path, before.count("\n") + 1, len(before.rpartition("\n")[2])
    )
    assert found is not None
    return found.markdown


def test_a_window_adds_its_reach_times_the_jump() -> None:
    assert "receptive field 7×7 = 1 + (7 − 1)·1 · jump 2 · starts at −3" in told("self.stem(x)")
    assert "2.4% of the input" in told("self.stem(x)")
    row = "receptive field 23×7 = 7 + 2·(5 − 1)·2 · jump 2 · starts at −11, −3"
    assert row in told("self.wide(x)")


def test_a_layer_is_told_its_field_within_its_module() -> None:
    assert "within block: 9×1 · jump 1" in told("self.wide(x)")
    assert "within" not in told("self.stem(x)")


def test_a_field_that_differs_by_phase_has_two_sizes() -> None:
    assert "receptive field (23…25)×(7…9) · jump 1" in told("self.up(y)")


def test_global_steps_can_be_passed_by() -> None:
    assert "receptive field: the whole input (by-passing it 25×9)" in told("* self.pool(x)")


def test_misaligned_branches_are_told() -> None:
    assert "branches are misaligned by 2 inputs" in told("left =", JOINS)
    assert "misaligned" not in told("centred =", JOINS)
    uneven = told("uneven =", JOINS)
    assert "jump varies" in uneven
    assert "branches are misaligned by 31 inputs" in uneven


def test_a_field_that_is_unknown_has_a_reason() -> None:
    assert "receptive field unknown: the units of an axis" in told("turned =", JOINS)


def test_what_is_worth_knowing_of_a_network() -> None:
    assert Summary(analysed()).lines() == [
        "the largest field is (23…25)×(7…9), at block.up",
        "pool is the first layer to cover the input",
        "block.wide adds most (16)",
    ]


@pytest.mark.parametrize(("size", "layer"), [(5, "stem"), (8, "block.up"), (9, "pool")])
def test_covering_is_about_a_unit_that_exists(size: int, layer: str) -> None:
    covering = Summary(analysed(TEXT.replace("32, 64", f"{size}, {size}"))).covering
    assert covering is not None
    assert covering.event.path == layer
