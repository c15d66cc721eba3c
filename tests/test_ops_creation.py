"""New tensors, their numbers, casts and attributes against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conv_lsp.library.dtypes import MEMORY_FORMATS
from conv_lsp.library.registry import ATTRIBUTES
from conv_lsp.values import Tensor, Unknown
from tests.judge import AXES, SETTINGS, SIZES, abstract, agree, each, lists, same, tensors, torch
from tests.opcheck import run

T = torch.Tensor
DTYPES = st.sampled_from([torch.float32, torch.float64, torch.int64, torch.int32, torch.bool])
SHAPE = lists(st.integers(-1, 3))
NUMBERS = st.integers(-4, 6) | st.sampled_from([0.5, -1.5, 2.25])
NESTED = st.recursive(
    NUMBERS | st.booleans(), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)

DRAW: dict[str, Any] = {
    "torch.zeros": (torch.zeros, SHAPE),
    "torch.ones": (torch.ones, SIZES, SIZES),
    "torch.empty": (torch.empty, SHAPE),
    "torch.rand": (torch.rand, SHAPE),
    "torch.randn": (torch.randn, SIZES),
    "torch.full": (torch.full, SHAPE, NUMBERS),
    "torch.randint": (torch.randint, st.integers(2, 5), SHAPE),
    "torch.randperm": (torch.randperm, SIZES),
    "torch.eye": (torch.eye, st.integers(-1, 4), st.integers(-1, 4)),
    "torch.arange": (torch.arange, NUMBERS, NUMBERS, NUMBERS),
    "torch.linspace": (torch.linspace, NUMBERS, NUMBERS, st.integers(-1, 5)),
    "torch.logspace": (torch.logspace, NUMBERS, NUMBERS, st.integers(-1, 5)),
    "torch.hann_window": (torch.hann_window, SIZES),
    "torch.kaiser_window": (torch.kaiser_window, SIZES),
    "torch.zeros_like": (torch.zeros_like, tensors()),
    "torch.ones_like": (torch.ones_like, tensors()),
    "torch.rand_like": (torch.rand_like, tensors()),
    "torch.full_like": (torch.full_like, tensors(), NUMBERS),
    "Tensor.new_zeros": (T.new_zeros, tensors(), SHAPE),
    "Tensor.new_full": (T.new_full, tensors(), SHAPE, NUMBERS),
    "Tensor.new_tensor": (T.new_tensor, tensors(), NUMBERS),
    "torch.normal": (torch.normal, tensors(), tensors()),
    "torch.bernoulli": (torch.bernoulli, tensors()),
    "torch.multinomial": (
        torch.multinomial,
        tensors(small=1).map(torch.ones_like),
        st.integers(-1, 4),
    ),
    "torch.complex": (torch.complex, tensors(), tensors()),
    "torch.polar": (torch.polar, tensors(), tensors()),
    "torch.FloatTensor": (torch.FloatTensor, SIZES, SIZES),
    "torch.LongTensor": (torch.LongTensor, lists(st.integers(0, 3))),
    "builtins.Tensor": (torch.Tensor, SIZES, SIZES),
    "Tensor.to": (T.to, tensors(), DTYPES),
    "Tensor.type": (T.type, tensors(), DTYPES),
    "Tensor.float": (T.float, tensors()),
    "Tensor.long": (T.long, tensors()),
    "Tensor.type_as": (T.type_as, tensors(), tensors()),
    "Tensor.detach": (T.detach, tensors()),
    "Tensor.size": (T.size, tensors(), AXES),
    "Tensor.dim": (T.dim, tensors()),
    "Tensor.numel": (T.numel, tensors()),
    "Tensor.__len__": (T.__len__, tensors()),
    "Tensor.stride": (T.stride, tensors(small=2)),
    "Tensor.is_contiguous": (T.is_contiguous, tensors()),
    "Tensor.element_size": (T.element_size, tensors()),
    "Tensor.is_floating_point": (T.is_floating_point, tensors()),
}


@pytest.mark.parametrize("path", DRAW)
def test_agrees_with_torch(path: str) -> None:
    each(path, *DRAW[path])


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


@SETTINGS
@given(tensors())
def test_attributes(made: Any) -> None:
    x = abstract(made)
    assert ATTRIBUTES["shape"](x) == tuple(made.shape)
    assert ATTRIBUTES["ndim"](x) == made.ndim
    assert repr(ATTRIBUTES["dtype"](x)) == str(made.dtype)
    assert same(ATTRIBUTES["T"](x), made.permute(*range(made.dim())[::-1]) if made.dim() else made)
    if made.dim() > 1:
        assert same(ATTRIBUTES["mT"](x), made.mT)


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
    agree("Tensor.view", T.view, x.contiguous(memory_format=torch.channels_last), 2, -1)
