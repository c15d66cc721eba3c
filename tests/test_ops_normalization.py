"""What normalisation sees, and what it says of symbols and of what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from conv_lsp.axes import Source, field, field_bypassing
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests import opcheck


def test_a_batch_of_one_value_cannot_be_trained() -> None:
    layer, _ = opcheck.run("torch.nn.BatchNorm1d", 4)
    _, findings = opcheck.apply(layer, Tensor((1, 4)))
    assert [code for code, _ in findings] == ["always-raises"]
    assert opcheck.apply(layer, Tensor((symbol("N"), 4)))[1] == []
    layer.training = Unknown("mode")
    assert opcheck.apply(layer, Tensor((1, 4)))[1] == []


def test_after_a_complaint_the_features_that_arrive_go_on() -> None:
    layer, _ = opcheck.run("torch.nn.BatchNorm2d", 64)
    output, findings = opcheck.apply(layer, Tensor((2, 32, 8, 8)))
    assert findings == [("norm-features", "input has 32 features; the layer normalises 64")]
    assert output.shape == (2, 32, 8, 8)


def test_an_input_of_unknown_rank() -> None:
    host = opcheck.Host()
    layer, _ = opcheck.run("torch.nn.BatchNorm2d", 64)
    opcheck.call_value(layer, [Tensor(Unknown("parameter x"))], {}, host)
    assert host.refined == [(symbol("N"), 64, symbol("H"), symbol("W"))]


@pytest.mark.parametrize(
    ("layer", "args", "everything"),
    [
        ("BatchNorm2d", (4,), False),
        ("InstanceNorm2d", (4,), True),
        ("GroupNorm", (2, 4), True),
        ("LayerNorm", ((4, 8, 8),), True),
        ("LayerNorm", (8,), False),
    ],
)
def test_links(layer: str, args: Any, everything: bool) -> None:
    height = Source("H")
    image = Tensor((2, 4, 8, 8), (None, None, height, None))
    made, _ = opcheck.run(f"torch.nn.{layer}", *args)
    output, findings = opcheck.apply(made, image)
    assert not findings
    assert field(output.axes[2], height) == (GLOBAL if everything else IDENTITY)
    assert field_bypassing(output.axes[2], height) == IDENTITY


def test_what_a_statistic_sees() -> None:
    height = Source("H")
    image = Tensor((2, 4, 8, 8), (None, None, height, None))
    (_, mean, _), findings = opcheck.run("torch.native_layer_norm", image, (8, 8), None, None, 1e-5)
    assert not findings
    assert field(mean.seen, height) == GLOBAL
