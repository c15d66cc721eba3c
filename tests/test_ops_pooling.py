"""What pooling sees, says of itself, and makes of what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, Field
from tests import opcheck

FUNCTIONAL = "torch.nn.functional"


def links(path: str, *args: Any) -> Any:
    """The field on the height after a pool of (N, 3, 16, 16)."""
    height = Source("H")
    image = Tensor((symbol("N"), 3, 16, 16), (None, None, height, None))
    output, findings = opcheck.run(path, image, *args)
    assert not findings
    return field(output.axes[2], height)


def test_links() -> None:
    assert links(f"{FUNCTIONAL}.max_pool2d", 3, 2, 1) == Field(1, 2, ((-1, 1),))
    assert links(f"{FUNCTIONAL}.adaptive_avg_pool2d", 4) == Field(1, 4, ((0, 3),))
    assert links(f"{FUNCTIONAL}.adaptive_avg_pool2d", (1, 1)) is GLOBAL
    assert links(f"{FUNCTIONAL}.fractional_max_pool2d", 2, 5) is None


def test_a_rounding_that_is_not_known() -> None:
    image, unknown = Tensor((2, 3, 9, 8)), Unknown("why")
    output, findings = opcheck.run(f"{FUNCTIONAL}.max_pool2d", image, 2, ceil_mode=unknown)
    assert not findings
    assert output.shape[3] == 4
    assert not isinstance(output.shape[2], int)


@pytest.mark.parametrize(
    ("path", "args", "words"),
    [
        ("torch.nn.MaxPool2d", (3, 2, 1), "MaxPool2d(3×3, stride 2, padding 1)"),
        ("torch.nn.AdaptiveAvgPool2d", ((1, 7),), "AdaptiveAvgPool2d(to 1×7)"),
    ],
)
def test_descriptions(path: str, args: Any, words: str) -> None:
    assert opcheck.run(path, *args)[0].describe() == words


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ((2.0,), "kernel_size has to be an integer, not float 2.0"),
        ((2, True), "stride has to be an integer, not True"),
        ((2, 0), "stride has to be at least 1, not 0"),
        ((2, 2, -1), "padding has to be at least 0, not -1"),
        (((2, 2, 2),), "kernel_size has 3 numbers for 2 axes"),
    ],
)
def test_numbers_that_are_refused(args: Any, problem: str) -> None:
    [(_, message)] = opcheck.run(f"{FUNCTIONAL}.max_pool2d", Tensor((2, 3, 9, 8)), *args)[1]
    assert message.partition(": ")[2] == problem
