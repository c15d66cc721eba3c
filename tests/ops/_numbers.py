"""Tensors of every dtype and layout, as draws share them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch

SORTS = {
    "b": [torch.bool],
    "i": [torch.int64, torch.int64, torch.int32, torch.uint8],
    "h": [torch.float16],
    "f": [torch.float32, torch.float32, torch.float32, torch.float64],
    "c": [torch.complex64],
}
WAYS = ["plain", "plain", "plain", "permuted", "sliced", "expanded"]


def typed(letters: str = "ffffibhc") -> Any:
    """A dtype: b truth values, i integers, h floats of 16 bits, f of 32 and 64, c complex."""
    return st.sampled_from([dtype for letter in letters for dtype in SORTS[letter]])


@st.composite
def numbers(
    draw: Any, letters: str = "ffffibhc", least: int = 0, most: int = 4, small: int = 0
) -> Any:
    """A tensor of ones of some dtype: row-major, permuted, sliced or expanded."""
    shape = draw(st.lists(st.integers(small, 4), min_size=least, max_size=most))
    return draw(laid_out(shape, letters))


@st.composite
def laid_out(draw: Any, shape: list[int], letters: str = "ffffibhc") -> Any:
    """A tensor of ones of this shape, in some layout and of some dtype."""
    way, kind = draw(st.sampled_from(WAYS)), draw(typed(letters))
    if way == "permuted":
        order = draw(st.permutations(range(len(shape))))
        made = torch.ones([shape[i] for i in order], dtype=kind)
        return made.permute([order.index(i) for i in range(len(shape))])
    if way == "sliced" and shape:
        return torch.ones([*shape[:-1], 2 * shape[-1] + 1], dtype=kind)[..., : shape[-1]]
    if way == "expanded" and shape:
        return torch.ones([1, *shape[1:]], dtype=kind).expand(shape)
    return torch.ones(shape, dtype=kind)


@st.composite
def broadcast(draw: Any, letters: str = "ffffibhc", count: int = 2, most: int = 3) -> Any:
    """Tensors that mostly broadcast, in any order."""
    shape = draw(st.lists(st.integers(0, 4), max_size=most))
    made = [draw(laid_out(shape, letters))]
    for _ in range(count - 1):
        other = [draw(st.sampled_from([s, s, s, s, 1, 3])) for s in shape]
        made.append(draw(laid_out(other[draw(st.integers(0, len(other))) :], letters)))
    return draw(st.permutations(made))
