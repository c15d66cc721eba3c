"""The numbers of new tensors, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conv_lsp.library.dtypes import MEMORY_FORMATS
from conv_lsp.values import Tensor, Unknown
from tests.judge import SETTINGS, abstract, agree, same, torch
from tests.opcheck import run
from tests.ops.creation import NESTED, NUMBERS

DTYPES = st.sampled_from([torch.float32, torch.float64, torch.int64, torch.int32, torch.bool])


@SETTINGS
@given(NESTED, DTYPES | st.none())
def test_numbers_of_data(data: Any, dtype: Any) -> None:
    """The nested lists come back, rounded as the dtype does."""
    try:
        theirs = torch.tensor(data, dtype=dtype)
    except (ValueError, TypeError, RuntimeError):
        return
    ours, _ = run("torch.tensor", data, dtype=abstract(dtype))
    assert same(ours, theirs)
    assert ours.data in (None, theirs.tolist())
    assert ours.data is not None or not theirs.numel()


@SETTINGS
@given(NUMBERS, NUMBERS, st.integers(1, 30))
def test_numbers_of_linspace(start: Any, end: Any, steps: int) -> None:
    """Stochastic depth reads its rates so."""
    ours, _ = run("torch.linspace", start, end, steps)
    assert ours.data == pytest.approx(
        torch.linspace(start, end, steps).tolist(), rel=1e-6, abs=1e-6
    )


@SETTINGS
@given(st.integers(-5, 5), st.integers(-5, 5), st.integers(1, 3))
def test_numbers_of_arange(start: int, end: int, step: int) -> None:
    if end < start:
        return
    ours, _ = run("torch.arange", start, end, step)
    assert ours.data == torch.arange(start, end, step).tolist()
    assert [run("operator.getitem", ours, i)[0].data for i in range(len(ours.data))] == ours.data


def test_items() -> None:
    assert run("Tensor.item", run("torch.tensor", [7])[0])[0] == 7
    assert run("Tensor.tolist", run("torch.arange", 3)[0])[0] == [0, 1, 2]
    assert isinstance(run("Tensor.item", Tensor(()))[0], Unknown)
    assert run("Tensor.item", Tensor((2,)))[1]


def test_numbers_are_forgotten_once_written_to() -> None:
    made = run("torch.zeros", 3)[0]
    run("operator.setitem", made, 0, 1.0)
    assert made.data is None


def test_parameters_belong_to_a_module() -> None:
    made = run("torch.nn.Parameter", run("torch.ones", 3)[0])[0]
    assert (made.shape, made.kind, made.data) == ((3,), "parameter", None)
    assert run("torch.nn.Buffer", Tensor((2,)))[0].kind == "buffer"


def test_channels_last() -> None:
    x = torch.zeros(2, 3, 4, 5)
    ours, _ = run("Tensor.contiguous", abstract(x), memory_format=MEMORY_FORMATS["channels_last"])
    assert same(ours, x.contiguous(memory_format=torch.channels_last))
    agree("Tensor.view", torch.Tensor.view, x.contiguous(memory_format=torch.channels_last), 2, -1)
