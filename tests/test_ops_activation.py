"""What activations, dropouts and softmax are called, say of themselves and mix."""

from __future__ import annotations

import pytest

from conv_lsp.axes import Source, field
from conv_lsp.library.activation import ACTIVATIONS
from conv_lsp.library.registry import METHODS, OPS
from conv_lsp.values import Tensor
from conv_lsp.windows import GLOBAL, IDENTITY
from tests.judge import torch
from tests.opcheck import apply, run

F = torch.nn.functional
NAMES = [row.split("|")[0].strip() for row in ACTIVATIONS.strip().splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_in_place_where_torch_has_it(name: str) -> None:
    for owner, path in ((torch, f"torch.{name}_"), (F, f"torch.nn.functional.{name}_")):
        assert hasattr(owner, f"{name}_") == (path in OPS), path
    assert hasattr(torch.Tensor, f"{name}_") == (f"{name}_" in METHODS)
    assert hasattr(torch.Tensor, name) == (name in METHODS)
    assert hasattr(torch, name) == (f"torch.{name}" in OPS)


@pytest.mark.parametrize(
    ("path", "made", "words"),
    [
        ("torch.nn.ReLU", (True,), "ReLU"),
        ("torch.nn.LeakyReLU", (0.2,), "LeakyReLU(negative_slope=0.2)"),
        ("torch.nn.Dropout", (0.1,), "Dropout(0.1)"),
        ("torch.nn.PReLU", (8,), "PReLU(8)"),
    ],
)
def test_what_a_layer_says_of_itself(path: str, made: tuple[object, ...], words: str) -> None:
    assert run(path, *made)[0].describe() == words


@pytest.mark.parametrize(
    ("path", "args", "problem"),
    [
        ("torch.nn.GELU", (), "does not take int64 elements"),
        ("torch.nn.Dropout", (), "does not take int64 elements"),
        ("torch.nn.Softmax", (0,), "does not take int64 elements"),
    ],
)
def test_integers_are_refused(path: str, args: tuple[object, ...], problem: str) -> None:
    layer, _ = run(path, *args)
    [(code, message)] = apply(layer, Tensor((2, 3), dtype="int64"))[1]
    assert (code, message.partition(": ")[2]) == ("call-arguments", problem)


def test_writing_to_an_expanded_tensor() -> None:
    expanded = Tensor((2, 3), strides=(0, 1))
    _, findings = run("torch.nn.functional.relu", expanded, inplace=True)
    assert [code for code, _ in findings] == ["call-arguments"]
    assert not run("torch.nn.functional.relu", expanded)[1]


def test_softmax_mixes_its_axis() -> None:
    rows, columns = Source("H"), Source("W")
    result, _ = run("torch.softmax", Tensor((2, 3), (rows, columns)), 1)
    assert field(result.axes[0], rows) == IDENTITY
    assert field(result.axes[1], columns) == GLOBAL
