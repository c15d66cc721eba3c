"""What torch has around its tensors: types, contexts, names."""

from __future__ import annotations

from typing import Any

import pytest

from conv_lsp.library import registry
from conv_lsp.values import List
from tests.python_library.asking import CONV, DOUBLE, WHY, X, ask, made


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64"])
def test_finfo(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.finfo(getattr(torch, name))
    ours = made("torch.finfo", registry.find(f"torch.{name}")).__dict__
    for field in ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution"):
        assert ours[field] == getattr(theirs, field)


@pytest.mark.parametrize("name", ["uint8", "int8", "int16", "int32", "int64"])
def test_iinfo(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.iinfo(getattr(torch, name))
    ours = made("torch.iinfo", registry.find(f"torch.{name}")).__dict__
    assert [ours[f] for f in ("bits", "min", "max")] == [theirs.bits, theirs.min, theirs.max]


def test_functions_that_torch_calls() -> None:
    assert ask("torch.utils.checkpoint.checkpoint", CONV, X, use_reentrant=False).shape == (
        2,
        4,
        6,
        6,
    )
    net = made("torch.nn.Sequential", CONV, made("torch.nn.ReLU"))
    assert ask("torch.utils.checkpoint.checkpoint_sequential", net, 2, X).shape == (2, 4, 6, 6)
    assert ask("torch.no_grad", DOUBLE) is DOUBLE
    assert ask("torch._assert", False, "no") == "AssertionError"
    assert ask("torch._assert", WHY, "no") is None


@pytest.mark.parametrize("value", [3, (1, 2), [4, 5, 6]])
def test_ntuples(value: Any) -> None:
    utils = pytest.importorskip("torch.nn.modules.utils")
    assert ask(
        "torch.nn.modules.utils._pair", List(value) if isinstance(value, list) else value
    ) == utils._pair(value)


@pytest.mark.parametrize("path", ["torch.nn.modules.conv.Conv2d", "torch.nn.modules.linear.Linear"])
def test_the_files_behind_torch_nn(path: str) -> None:
    assert registry.find(path) is registry.find(f"torch.nn.{path.rpartition('.')[2]}")
    assert path.rpartition(".")[0] in registry.packages()
