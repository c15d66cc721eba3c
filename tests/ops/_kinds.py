"""Tensors of several types, and of sizes that mostly fit."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch

FLAGS = st.booleans()
SIZE = st.integers(0, 4)
SOME = st.integers(1, 4)
FEW = st.lists(SIZE, max_size=3)
DTYPES = st.sampled_from([*[torch.float32] * 16, torch.float64, torch.int64])
FLOATS = st.sampled_from([torch.float32, torch.float32, torch.float64])
"""What layers are made of."""


def mostly(value: Any) -> Any:
    """A size, and seldom another one."""
    return st.sampled_from([value] * 28 + [value + 1, 1])


@st.composite
def shaped(draw: Any, *shape: Any, dtype: Any = DTYPES) -> Any:
    """A tensor of nearly this shape, in some layout."""
    sizes = [draw(mostly(s)) for s in shape]
    if draw(st.integers(0, 31)) == 31:
        sizes = draw(st.sampled_from([sizes[1:], [*sizes, 2], [1, *sizes], sizes[:-1]]))
    made = torch.zeros(sizes, dtype=draw(dtype))
    if len(sizes) > 1 and draw(st.integers(0, 3)) == 3:
        made = made.transpose(0, 1).contiguous().transpose(0, 1)
    return made


def maybe(strategy: Any) -> Any:
    return st.none() | strategy


class Text(str):
    """Stands in a program as it is."""

    __slots__ = ()

    __repr__ = str.__str__
