"""Indexing, picking and writing against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judge import AXES, SETTINGS, SIZES, agree, each, lists, tensors, torch
from tests.symbols import each_symbolic, sound

T = torch.Tensor
BOUNDS = st.none() | st.integers(-5, 5)


@st.composite
def places(draw: Any, most: int = 3) -> Any:
    """An integer tensor with small numbers."""
    shape = draw(st.lists(st.integers(0, 3), max_size=most))
    return torch.zeros(shape, dtype=torch.int64)


@st.composite
def picks(draw: Any, most: int = 2) -> Any:
    """An integer tensor with numbers that may be out of range."""
    made = draw(places(most))
    return made + torch.arange(made.numel()).view(made.shape) - draw(st.integers(0, 1))


@st.composite
def masks(draw: Any, most: int = 3) -> Any:
    shape = draw(st.lists(st.integers(0, 3), max_size=most))
    return torch.ones(shape, dtype=torch.bool)


PARTS = st.one_of(
    st.integers(-4, 4),
    st.builds(slice, BOUNDS, BOUNDS, st.none() | st.integers(0, 3)),
    st.just(slice(None)),
    st.none(),
    st.just(...),
    st.booleans(),
    picks(),
    masks(2),
    st.lists(st.integers(-2, 2), max_size=3),
)
INDEX = lists(PARTS, 0, 4).map(tuple) | PARTS


@settings(SETTINGS, max_examples=400)
@given(tensors(), INDEX)
def test_getitem(made: Any, index: Any) -> None:
    agree("operator.getitem", T.__getitem__, made, index)
    sound("operator.getitem", T.__getitem__, made, index, named={2, 3})


@settings(SETTINGS, max_examples=200)
@given(
    tensors(1),
    lists(st.just(slice(None)) | st.integers(-2, 2) | places(1), 1, 3).map(tuple),
    tensors(),
)
def test_setitem(made: Any, index: Any, value: Any) -> None:
    agree("operator.setitem", lambda x, i, v: x.clone().__setitem__(i, v), made, index, value)


DRAW: dict[str, Any] = {
    "torch.select": (torch.select, tensors(), AXES, st.integers(-5, 4)),
    "torch.narrow": (torch.narrow, tensors(), AXES, st.integers(-4, 4), st.integers(-1, 4)),
    "Tensor.unfold": (T.unfold, tensors(), AXES, SIZES, st.integers(-1, 3)),
    "torch.diagonal": (torch.diagonal, tensors(), st.integers(-3, 3), AXES, AXES),
    "torch.diag": (torch.diag, tensors(), st.integers(-3, 3)),
    "torch.diag_embed": (torch.diag_embed, tensors(0, 3), st.integers(-2, 2), AXES, AXES),
    "torch.diagflat": (torch.diagflat, tensors(), st.integers(-2, 2)),
    "torch.tril": (torch.tril, tensors(), st.integers(-2, 2)),
    "torch.triu": (torch.triu, tensors(), st.integers(-2, 2)),
    "torch.tril_indices": (torch.tril_indices, SIZES, SIZES, st.integers(-1, 1)),
    "torch.index_select": (torch.index_select, tensors(), AXES, picks()),
    "torch.gather": (torch.gather, tensors(small=1), AXES, places()),
    "torch.take": (torch.take, tensors(small=1), places()),
    "torch.take_along_dim": (torch.take_along_dim, tensors(small=1), places(), AXES | st.none()),
    "torch.scatter": (torch.scatter, tensors(small=1), AXES, places(), tensors()),
    "torch.scatter_add": (torch.scatter_add, tensors(small=1), AXES, places(), tensors()),
    "torch.scatter_reduce": (
        torch.scatter_reduce,
        tensors(small=1),
        AXES,
        places(),
        tensors(),
        st.just("sum"),
    ),
    "torch.index_add": (torch.index_add, tensors(small=1), AXES, places(2), tensors()),
    "torch.index_copy": (torch.index_copy, tensors(small=1), AXES, places(2), tensors()),
    "torch.index_fill": (torch.index_fill, tensors(), AXES, picks(), st.just(1.0)),
    "torch.put": (torch.put, tensors(small=1), places(), tensors()),
    "torch.masked_fill": (torch.masked_fill, tensors(), masks(), st.just(1.0)),
    "torch.masked_select": (torch.masked_select, tensors(), masks()),
    "torch.where": (torch.where, masks(), tensors(), tensors()),
    "torch.nonzero": (torch.nonzero, tensors()),
    "torch.argwhere": (torch.argwhere, tensors()),
    "torch.nn.functional.one_hot": (
        torch.nn.functional.one_hot,
        places(),
        st.integers(1, 3),
    ),
    "torch.select_scatter": (torch.select_scatter, tensors(1, 2), tensors(0, 1), AXES, SIZES),
    "torch.slice_scatter": (torch.slice_scatter, tensors(1, 2), tensors(1, 2), AXES, SIZES, SIZES),
    "Tensor.fill_diagonal_": (T.fill_diagonal_, tensors(0, 2).map(T.contiguous), st.just(1.0)),
    "torch.diagonal_scatter": (torch.diagonal_scatter, tensors(2, 3), tensors(1, 2)),
    "Tensor.masked_fill_": (
        T.masked_fill_,
        tensors().map(T.contiguous),
        masks(),
        st.just(1.0),
    ),
    "Tensor.copy_": (T.copy_, tensors().map(T.contiguous), tensors()),
}


@pytest.mark.parametrize("path", DRAW)
def test_agrees_with_torch(path: str) -> None:
    each(path, *DRAW[path])


@pytest.mark.parametrize("path", DRAW)
def test_holds_for_symbols(path: str) -> None:
    each_symbolic(path, *DRAW[path])
