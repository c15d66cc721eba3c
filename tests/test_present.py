"""What hovers say of receptive fields and of where sizes come from; which lines have hints."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from conv_lsp.analysis import Analysis, analyze, with_deep_stack
from conv_lsp.config import Hints, Settings
from conv_lsp.present import hints, hover
from conv_lsp.present.growth import Summary
from conv_lsp.present.lens import lenses
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


def test_an_input_is_not_told_to_see_itself() -> None:
    assert "receptive field" not in told("x):\n        x = self.stem")
    assert "receptive field 1×1" in told("self.short(x)", JOINS)


SCRIPT = """\
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList()
        self.layers.append(nn.Conv3d(1, 2, (1, 3, 3), stride=(1, 2, 2)))
        self.layers.append(nn.Conv3d(2, 4, 3))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

def train(net):
    net.train()
    for _ in range(2):
        y = net(torch.zeros(2, 1, 9, 9, 9))

def main():
    net = Net()
    train(net)
    y = net(torch.zeros(3, 1, 9, 9, 9))

main()
"""


def test_sizes_come_from_the_call_of_the_network_not_from_main() -> None:
    assert lenses(analysed(SCRIPT), analysed(SCRIPT).path)[0].text.startswith(
        "input (2, 1, 9, 9, 9) from line 19 "
    )
    rows = told("x):\n", SCRIPT).split("  \n")
    assert rows == [
        "**x: (2, 1, 9, 9, 9)**",
        "sizes from the call at line 19",
        "takes 1 channel; D at least 3; H, W at least 7",
        "(3, 1, 9, 9, 9) from the call at line 24",
    ]
    assert told("y = net", SCRIPT).endswith("sizes from the call at line 23")


def test_a_layer_in_a_list_has_a_hint_and_a_module_that_is_only_called_on_has_none() -> None:
    shown = {
        hint.line: hint.label for hint in hints(analysed(SCRIPT), analysed(SCRIPT).path, Hints())
    }
    assert shown[8] == "⟶ 2×9×4×4 · RF 1×3×3 (1 of 2)"
    assert 17 not in shown


def test_each_axis_is_told_where_they_differ() -> None:
    told_of = told("nn.Conv3d(2", SCRIPT)
    assert "jump 1×2×2 · starts at 0" in told_of


def test_a_long_condition_is_mentioned_in_passing() -> None:
    code = SCRIPT.replace("return x", "return x.view(-1, 1024)")
    code = code.replace("zeros(2, 1, 9, 9, 9)", "zeros(2, 1, 10, 35, 35)").replace(
        "zeros(3, 1, 9, 9, 9)", "zeros(2, 1, 10, 35, 35)"
    )
    text = lenses(analysed(code), analysed(code).path)[0].text
    assert text.endswith("D at least 3; H, W at least 7; a condition on D, H, W")


UNTOLD = """\
from torch import nn

class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.conv = nn.Conv2d(3, config.width, 3)

    def forward(self, x):
        return self.conv(x)
"""


def test_a_number_that_is_not_known_is_not_counted() -> None:
    assert told("self.conv(x)", UNTOLD).split("  \n") == [
        "**Conv2d(3 → ?, 3×3)** · conv",
        "(N, 3, H, W) → (N, ?, H − 2, W − 2)",
        "H: H − 3 + 1 = H − 2",
        "W: W − 3 + 1 = W − 2",
        "receptive field 3×3 = 1 + (3 − 1)·1 · jump 1 · starts at 0",
        "sizes from symbols: nothing here calls Net",
    ]
    assert "parameters" not in lenses(analysed(UNTOLD), analysed(UNTOLD).path)[0].text
