"""Tensors joined into one, and one cut into several."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import AXES, lists, tensors, torch
from tests.ops.shaping import typed
from tests.ops.table import draw, together


@st.composite
def alike(draw: Any, count: int = 3, most: int = 4, least: int = 0) -> Any:
    """Tensors of mostly one shape."""
    shape = draw(st.lists(st.integers(0, 3), max_size=most))
    found = []
    for _ in range(draw(st.integers(least, count))):
        own = list(shape)
        change = draw(st.sampled_from(["same", "same", "same", "size", "rank", "empty"]))
        if change == "size" and own:
            own[draw(st.integers(0, len(own) - 1))] = draw(st.integers(0, 3))
        elif change == "rank":
            own = own[1:]
        elif change == "empty":
            own = [0]
        kind = draw(st.sampled_from([torch.float32, torch.float32, torch.int64, torch.complex64]))
        made = torch.zeros(own, dtype=kind)
        if draw(st.booleans()):
            made = made.mT.contiguous().mT if len(own) > 1 else made
        found.append(made)
    return found


LINES = lists(st.integers(0, 3).map(torch.zeros) | st.just(torch.tensor(1.0)), 0, 3)
WRITTEN = LINES | lists(st.integers(1, 2).map(lambda n: torch.zeros(n, dtype=torch.int64)), 1, 2)
SECTIONS = st.integers(-1, 5) | lists(st.integers(-1, 4)) | lists(st.integers(-1, 4)).map(tuple)
PLACES = st.sampled_from([torch.tensor(2), torch.tensor([1, 2]), torch.tensor([[1]])])

draw("torch.cat torch.concat torch.concatenate torch.stack", alike(), AXES)
draw("torch.cat torch.stack", alike().map(tuple))
draw("torch.cat torch.stack", alike(least=1), st.integers(-2, 1))
draw("torch.hstack torch.vstack torch.dstack torch.column_stack torch.row_stack", alike())
draw("torch.split", typed(), SECTIONS, AXES)
draw("torch.split torch.functional.split Tensor.split", tensors(1), st.integers(1, 3))
draw("torch.split_with_sizes", tensors(1, 3), lists(st.integers(-1, 3)), AXES)
draw("torch.chunk", typed(), st.integers(-1, 6), AXES)
draw("torch.chunk", tensors(1), st.integers(1, 6))
draw("torch.tensor_split", tensors(), SECTIONS | PLACES, AXES)
draw("torch.hsplit torch.vsplit torch.dsplit", tensors(), SECTIONS)
draw("torch.hsplit torch.vsplit torch.dsplit", tensors(3, 4), st.integers(1, 3))
PLACE = st.integers(-3, 3)
draw("Tensor.hsplit Tensor.vsplit Tensor.dsplit", tensors(), PLACE, PLACE)
draw("Tensor.hsplit Tensor.vsplit Tensor.dsplit", tensors(), sections=st.integers(1, 3))
draw("Tensor.hsplit Tensor.vsplit Tensor.dsplit", tensors(), indices=SECTIONS)
draw("Tensor.hsplit Tensor.vsplit Tensor.dsplit", tensors(), SECTIONS)
draw("torch.unbind", typed(), AXES)
together("torch.meshgrid torch.cartesian_prod", WRITTEN)
together("torch.meshgrid", LINES, indexing=st.sampled_from(["xy", "ij", "yx"]))
draw("torch.meshgrid", LINES, indexing=st.sampled_from(["xy", "ij"]))
together("torch.block_diag", lists(typed(3), 0, 3))
