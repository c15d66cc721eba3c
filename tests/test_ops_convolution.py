"""What convolutions say of symbols, of what is not known, and of themselves."""

from __future__ import annotations

from typing import Any

import pytest

from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from tests import opcheck
from tests.judge import agree, agree_layer, torch

IMAGE = torch.zeros(2, 4, 9, 9)
WEIGHT = torch.zeros(6, 4, 3, 3)


@pytest.mark.parametrize("size", [(19, 20), (19, 21), (18, 19), [20, 20], (2, 6, 20, 19), 20])
def test_output_size(size: Any) -> None:
    agree_layer("torch.nn.ConvTranspose2d", (4, 6, 3, 2), IMAGE, size)


@pytest.mark.parametrize("args", [(None, 1, 0, 0), (None, 1, 0, 1, 0), (None, 1.0), (None, 0)])
def test_numbers_torch_refuses(args: Any) -> None:
    path = "torch.nn.functional.conv2d"
    assert agree(path, torch.nn.functional.conv2d, IMAGE, WEIGHT, *args) == "error"


@pytest.mark.parametrize(
    ("image", "bias", "problem"),
    [
        ("int64", "float32", "an input of int64 does not go with a bias of float32"),
        ("int64", None, "an input of int64 does not go with a weight of float32"),
    ],
)
def test_elements_that_do_not_go_together(image: str, bias: str | None, problem: str) -> None:
    vector = None if bias is None else Tensor((6,), dtype=bias)
    given = Tensor((2, 4, 9, 9), dtype=image)
    [(_, message)] = opcheck.run("torch.conv2d", given, Tensor((6, 4, 3, 3)), vector)[1]
    assert message.endswith(problem)


def conv(*args: Any, **kwargs: Any) -> Any:
    layer, findings = opcheck.run("torch.nn.Conv2d", *args, **kwargs)
    assert not findings
    return layer


def test_symbols() -> None:
    n, h, w = symbol("N"), symbol("H"), symbol("W")
    output, findings = opcheck.apply(conv(3, 64, 7, 2, 3), Tensor((n, 3, h, w)))
    assert not findings
    assert output.shape == (n, 64, (h - 1) // 2 + 1, (w - 1) // 2 + 1)


def test_symbolic_channels_are_no_mistake() -> None:
    output, findings = opcheck.apply(conv(3, 64, 3), Tensor((2, symbol("C"), 8, 8)))
    assert not findings
    assert output.shape == (2, 64, 6, 6)


def test_what_is_not_known_stays_so() -> None:
    output, findings = opcheck.apply(conv(3, 64, Unknown("why")), Tensor((2, 3, 8, 8)))
    assert not findings
    assert output.shape[:2] == (2, 64)
    assert not isinstance(output.shape[2], int)


def test_a_kernel_with_a_name_shows_it() -> None:
    layer = conv(3, 64, Unknown("why", name="k"), padding=1)
    output, _ = opcheck.apply(layer, Tensor((2, 3, 8, 8)))
    assert str(output.shape[2]) == "11 - k"


def test_an_input_of_unknown_rank_gets_the_channels() -> None:
    host = opcheck.Host()
    output = opcheck.call_value(conv(3, 64, 3), [Tensor(Unknown("parameter x"))], {}, host)
    assert host.refined == [(symbol("N"), 3, symbol("H"), symbol("W"))]
    assert output.shape[1] == 64
    assert not host.findings


def test_after_a_complaint_the_declared_channels_go_on() -> None:
    output, findings = opcheck.apply(conv(3, 64, 3), Tensor((2, 4, 8, 8)))
    assert findings == [("conv-channels", "input has 4 channels; the layer takes 3")]
    assert output.shape == (2, 64, 6, 6)


def test_groups_that_do_not_divide_are_told_once() -> None:
    layer, findings = opcheck.run("torch.nn.Conv2d", 6, 8, 3, groups=4)
    assert findings == [("groups-divide", "in_channels 6 is not divisible by groups 4")]
    assert opcheck.apply(layer, Tensor((2, 6, 8, 8)))[1] == []


def test_description_and_macs() -> None:
    layer = conv(64, 128, 3, 2, 1)
    assert layer.describe() == "Conv2d(64 → 128, 3×3, stride 2, padding 1)"
    macs = layer.macs(Tensor((1, 64, 56, 56)), Tensor((1, 128, 28, 28)))
    assert macs == 128 * 28 * 28 * 64 * 9
    wide = conv(64, 64, (1, 7), stride=(2, 1), padding="valid", groups=64, bias=False)
    assert wide.describe() == "Conv2d(64 → 64, 1×7, stride 2×1, padding valid, groups 64)"
