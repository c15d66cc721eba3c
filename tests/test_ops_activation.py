"""Activations, dropouts and softmax against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.library.activation import ACTIVATIONS
from conv_lsp.library.registry import METHODS, OPS
from conv_lsp.values import Tensor
from tests.judge import AXES, SETTINGS, agree, agree_layer, each, tensors, torch
from tests.opcheck import run

F = torch.nn.functional
FEW = settings(SETTINGS, max_examples=10)
ROWS = [[cell.strip() for cell in row.split("|")] for row in ACTIVATIONS.strip().splitlines()]
NEEDED = {"threshold": (0.1, 20.0)}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_activations(row: list[str]) -> None:
    name, _, kind, _, _ = row
    more = NEEDED.get(name, ())

    @FEW
    @given(tensors())
    def check(made: Any) -> None:
        agree(f"torch.nn.functional.{name}", getattr(F, name), made, *more)
        if f"torch.{name}" in OPS:
            agree(f"torch.{name}", getattr(torch, name), made, *more)
        if name in METHODS:
            agree(f"Tensor.{name}", getattr(torch.Tensor, name), made, *more)
        agree_layer(f"torch.nn.{kind}", more, made)

    check()


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_in_place_where_torch_has_it(row: list[str]) -> None:
    name = row[0]
    for owner, path in ((torch, f"torch.{name}_"), (F, f"torch.nn.functional.{name}_")):
        assert hasattr(owner, f"{name}_") == (path in OPS), path
    assert hasattr(torch.Tensor, f"{name}_") == (f"{name}_" in METHODS)
    assert hasattr(torch.Tensor, name) == (name in METHODS)
    assert hasattr(torch, name) == (f"torch.{name}" in OPS)


def test_prelu() -> None:
    weights = st.integers(1, 4).map(torch.ones)
    each("torch.nn.functional.prelu", F.prelu, tensors(), weights)
    for channels in (1, 3, 4):
        for shape in ((2, 3, 4), (3,), (2, 4)):
            agree_layer("torch.nn.PReLU", (channels,), torch.ones(shape))


def test_glu() -> None:
    each("torch.nn.functional.glu", F.glu, tensors(), AXES)
    agree_layer("torch.nn.GLU", (1,), torch.ones(2, 6, 3))


@pytest.mark.parametrize("kind", ["", "1d", "2d", "3d"])
def test_dropout(kind: str) -> None:
    chance = st.sampled_from([0, 0.5, 1, -0.1, 1.5])
    function = getattr(F, f"dropout{kind}")
    each(f"torch.nn.functional.dropout{kind}", function, tensors(2, 4, 1), chance, st.booleans())
    each(f"torch.nn.functional.dropout{kind}", function, tensors(1, 4, 1), chance, st.just(False))


@pytest.mark.parametrize("kind", ["Dropout", "Dropout1d", "AlphaDropout", "FeatureAlphaDropout"])
def test_dropout_layers(kind: str) -> None:
    for made in ((), (0.2,), (2.0,), (-1.0, True)):
        agree_layer(f"torch.nn.{kind}", made, torch.ones(2, 3, 4))


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_softmax(name: str) -> None:
    dims = AXES | st.none()
    each(f"torch.nn.functional.{name}", getattr(F, name), tensors(), dims)
    if name != "softmin":
        each(f"torch.{name}", getattr(torch, name), tensors(), AXES)
        each(f"Tensor.{name}", getattr(torch.Tensor, name), tensors(), AXES)
        made = torch.ones(2, 3)
        agree(f"torch.{name}", getattr(torch, name), made, 1, dtype=torch.float64)
        agree(f"torch.nn.functional.{name}", getattr(F, name), made, 1, dtype=torch.float64)
    kinds = {"softmax": "Softmax", "log_softmax": "LogSoftmax", "softmin": "Softmin"}
    for dim in (None, 0, -1, 3):
        agree_layer(f"torch.nn.{kinds[name]}", (dim,), torch.ones(2, 3, 4))


def test_softmax_over_channels() -> None:
    for shape in ((3,), (2, 3), (2, 3, 4), (1, 2, 3, 4), (1, 1, 2, 3, 4)):
        agree_layer("torch.nn.Softmax2d", (), torch.ones(shape))


def test_gumbel_softmax() -> None:
    each("torch.nn.functional.gumbel_softmax", F.gumbel_softmax, tensors(1), dim=AXES)


def test_identity_takes_anything() -> None:
    agree_layer("torch.nn.Identity", (54, "unused"), torch.ones(2, 3).mT)


def test_what_a_layer_says_of_itself() -> None:
    for path, made, words in (
        ("torch.nn.ReLU", (True,), "ReLU"),
        ("torch.nn.LeakyReLU", (0.2,), "LeakyReLU(negative_slope=0.2)"),
        ("torch.nn.Dropout", (0.1,), "Dropout(0.1)"),
        ("torch.nn.PReLU", (8,), "PReLU(8)"),
    ):
        layer, _ = run(path, *made)
        assert layer.describe() == words


def test_softmax_mixes_its_axis() -> None:
    from conv_lsp.axes import Source, field
    from conv_lsp.windows import GLOBAL, IDENTITY

    rows, columns = Source("H"), Source("W")
    result, _ = run("torch.softmax", Tensor((2, 3), (rows, columns)), 1)
    assert field(result.axes[0], rows) == IDENTITY
    assert field(result.axes[1], columns) == GLOBAL
