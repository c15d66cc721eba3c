"""Joining and cutting against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judge import AXES, SETTINGS, agree, each, lists, tensors, torch
from tests.symbols import each_symbolic

T = torch.Tensor


@st.composite
def alike(draw: Any, count: int = 3, most: int = 4) -> Any:
    """Tensors of mostly one shape."""
    shape = draw(st.lists(st.integers(0, 3), max_size=most))
    found = []
    for _ in range(draw(st.integers(0, count))):
        own = list(shape)
        change = draw(st.sampled_from(["same", "same", "size", "rank", "empty"]))
        if change == "size" and own:
            own[draw(st.integers(0, len(own) - 1))] = draw(st.integers(0, 3))
        elif change == "rank":
            own = own[1:]
        elif change == "empty":
            own = [0]
        dtype = draw(st.sampled_from([torch.float32, torch.int64]))
        made = torch.zeros(own, dtype=dtype)
        if draw(st.booleans()):
            made = made.mT.contiguous().mT if len(own) > 1 else made
        found.append(made)
    return found


LINES = lists(st.integers(0, 3).map(torch.zeros) | st.just(torch.tensor(1.0)), 1, 3)
SECTIONS = st.integers(-1, 5) | lists(st.integers(-1, 4))
DRAW: dict[str, Any] = {
    "torch.cat": (torch.cat, alike(), AXES),
    "torch.concat": (torch.concat, alike(), AXES),
    "torch.stack": (torch.stack, alike(), AXES),
    "torch.hstack": (torch.hstack, alike()),
    "torch.vstack": (torch.vstack, alike()),
    "torch.dstack": (torch.dstack, alike()),
    "torch.column_stack": (torch.column_stack, alike()),
    "torch.split": (torch.split, tensors(), SECTIONS, AXES),
    "Tensor.split": (T.split, tensors(), SECTIONS, AXES),
    "torch.split_with_sizes": (
        torch.split_with_sizes,
        tensors(1, 3),
        lists(st.integers(0, 3)),
        AXES,
    ),
    "torch.chunk": (torch.chunk, tensors(), st.integers(-1, 6), AXES),
    "torch.tensor_split": (torch.tensor_split, tensors(), SECTIONS, AXES),
    "torch.hsplit": (torch.hsplit, tensors(), SECTIONS),
    "torch.vsplit": (torch.vsplit, tensors(), SECTIONS),
    "torch.dsplit": (torch.dsplit, tensors(), SECTIONS),
    "torch.unbind": (torch.unbind, tensors(), AXES),
}


@pytest.mark.parametrize("path", DRAW)
def test_agrees_with_torch(path: str) -> None:
    each(path, *DRAW[path])


# A symbol may be too small for as many chunks as are asked for; code that unpacks them says not.
@pytest.mark.parametrize("path", sorted(DRAW.keys() - {"torch.chunk"}))
def test_holds_for_symbols(path: str) -> None:
    each_symbolic(path, *DRAW[path])


@pytest.mark.parametrize("path", ["torch.meshgrid", "torch.cartesian_prod", "torch.block_diag"])
def test_several_tensors(path: str) -> None:
    function = getattr(torch, path[6:])
    kinds = LINES if path != "torch.block_diag" else lists(tensors(0, 3), 1, 3)

    def call(parts: Any) -> Any:
        return function(*parts)

    each_of_list(path, call, kinds)


def each_of_list(path: str, function: Any, kinds: Any) -> None:
    @SETTINGS
    @given(kinds)
    def check(parts: Any) -> None:
        agree(path, lambda *p: function(p), *parts)

    check()


def test_crossed_grids() -> None:
    each(
        "torch.meshgrid",
        torch.meshgrid,
        st.integers(1, 3).map(torch.zeros),
        st.integers(1, 3).map(torch.zeros),
        indexing=st.sampled_from(["xy", "ij"]),
    )
