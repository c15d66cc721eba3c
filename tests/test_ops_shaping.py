"""Shape, stride and error of every rearranging op against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judge import AXES, SETTINGS, SIZES, agree, each, lists, tensors, torch
from tests.symbols import each_symbolic, sound


@st.composite
def targets(draw: Any) -> Any:
    """A tensor and a shape for `view`, mostly with as many elements."""
    made = draw(tensors(small=1))
    shape = list(made.shape)
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["merge", "split", "one", "wrong", "open", "drop"]))
        at = draw(st.integers(0, max(len(shape) - 1, 0)))
        if kind == "merge" and len(shape) > at + 1 and -1 not in shape:
            shape[at : at + 2] = [shape[at] * shape[at + 1]]
        elif kind == "split" and shape and shape[at] % 2 == 0:
            shape[at : at + 1] = [shape[at] // 2, 2]
        elif kind == "one":
            shape.insert(at, 1)
        elif kind == "drop" and shape and shape[at] == 1:
            del shape[at]
        elif kind == "wrong" and shape and draw(st.booleans()):
            shape[at] = draw(st.integers(-2, 6))
        elif kind == "open" and shape:
            shape[at] = -1
    return made, tuple(shape)


@SETTINGS
@given(targets())
def test_view_and_reshape(target: Any) -> None:
    made, shape = target
    agree("Tensor.view", torch.Tensor.view, made, shape)
    for named in ({2}, {3}, {1, 4}, {2, 3, 6}):
        sound("Tensor.view", torch.Tensor.view, made, shape, named=named)
    agree("torch.reshape", torch.reshape, made, shape)
    if shape:
        agree("Tensor.reshape", torch.Tensor.reshape, made, *shape)


T = torch.Tensor
DRAW: dict[str, Any] = {
    "torch.flatten": (torch.flatten, tensors(), AXES, AXES),
    "torch.ravel": (torch.ravel, tensors()),
    "torch.unflatten": (torch.unflatten, tensors(1, 3), AXES, lists(st.integers(-1, 3), 1, 3)),
    "torch.unsqueeze": (torch.unsqueeze, tensors(), AXES),
    "torch.squeeze": (torch.squeeze, tensors(), AXES | lists(st.integers(-2, 1), 1, 2).map(tuple)),
    "Tensor.squeeze": (T.squeeze, tensors()),
    "torch.permute": (torch.permute, tensors(), lists(st.integers(-3, 3))),
    "Tensor.permute": (T.permute, tensors(2, 3), st.permutations([0, 1, 2])),
    "torch.transpose": (torch.transpose, tensors(), AXES, AXES),
    "torch.swapaxes": (torch.swapaxes, tensors(), AXES, AXES),
    "torch.swapdims": (torch.swapdims, tensors(), AXES, AXES),
    "torch.movedim": (torch.movedim, tensors(), AXES, AXES),
    "torch.moveaxis": (torch.moveaxis, tensors(1), lists(AXES, 1, 2), lists(AXES, 1, 2)),
    "torch.t": (torch.t, tensors()),
    "torch.adjoint": (torch.adjoint, tensors()),
    "torch.rot90": (torch.rot90, tensors(), st.integers(-3, 3), lists(AXES, 1, 2)),
    "Tensor.contiguous": (T.contiguous, tensors()),
    "torch.clone": (torch.clone, tensors()),
    "Tensor.expand": (T.expand, tensors(0, 3), lists(st.integers(-1, 4))),
    "Tensor.broadcast_to": (T.broadcast_to, tensors(0, 3), lists(st.integers(-1, 4))),
    "torch.broadcast_to": (torch.broadcast_to, tensors(0, 3), lists(st.integers(-1, 4))),
    "Tensor.expand_as": (T.expand_as, tensors(0, 3), tensors()),
    "Tensor.view_as": (T.view_as, tensors(), tensors()),
    "Tensor.reshape_as": (T.reshape_as, tensors(), tensors()),
    "Tensor.repeat": (T.repeat, tensors(), lists(st.integers(0, 3))),
    "torch.tile": (torch.tile, tensors(), lists(st.integers(0, 3))),
    "Tensor.tile": (T.tile, tensors(), lists(st.integers(0, 3))),
    "torch.flip": (torch.flip, tensors(), lists(AXES, 0, 2)),
    "torch.fliplr": (torch.fliplr, tensors()),
    "torch.flipud": (torch.flipud, tensors()),
    "torch.roll": (torch.roll, tensors(), st.integers(-3, 3), AXES | st.just(())),
    "Tensor.roll": (T.roll, tensors(), lists(st.integers(-2, 2), 1, 2), lists(AXES, 1, 2)),
    "torch.repeat_interleave": (
        torch.repeat_interleave,
        tensors(),
        st.integers(-1, 3),
        AXES | st.none(),
    ),
    "torch.atleast_1d": (torch.atleast_1d, tensors()),
    "torch.atleast_2d": (torch.atleast_2d, tensors()),
    "torch.atleast_3d": (torch.atleast_3d, tensors()),
    "torch.view_as_complex": (torch.view_as_complex, tensors(small=1)),
    "torch.broadcast_shapes": (torch.broadcast_shapes, lists(SIZES), lists(SIZES)),
    "torch.broadcast_tensors": (torch.broadcast_tensors, tensors(), tensors()),
}


@pytest.mark.parametrize("path", DRAW)
def test_agrees_with_torch(path: str) -> None:
    each(path, *DRAW[path])


@pytest.mark.parametrize("path", DRAW)
def test_holds_for_symbols(path: str) -> None:
    each_symbolic(path, *DRAW[path])


# An op and the arguments after the tensor: strategies, or functions of the tensor that give one.
CHAIN: list[tuple[Any, ...]] = [
    ("Tensor.permute", T.permute, lambda x: st.permutations(range(x.dim()))),
    ("Tensor.transpose", T.transpose, AXES, AXES),
    ("Tensor.contiguous", T.contiguous),
    ("Tensor.clone", T.clone),
    ("Tensor.unsqueeze", T.unsqueeze, AXES),
    ("Tensor.squeeze", T.squeeze, AXES),
    ("Tensor.flatten", T.flatten, AXES, AXES),
    ("Tensor.expand", T.expand, lambda x: st.tuples(st.integers(1, 3), *map(st.just, x.shape))),
    (
        "Tensor.broadcast_to",
        T.broadcast_to,
        lambda x: st.tuples(st.just(2), *map(st.just, x.shape)),
    ),
    ("Tensor.narrow", T.narrow, AXES, SIZES, SIZES),
    ("Tensor.select", T.select, AXES, SIZES),
    ("Tensor.unfold", T.unfold, AXES, SIZES, st.integers(1, 3)),
    ("Tensor.diagonal", T.diagonal, SIZES, AXES, AXES),
    ("Tensor.flip", T.flip, st.just([0])),
    ("Tensor.relu", T.relu),
    ("torch.add", torch.add, lambda x: st.just(x.reshape(x.shape))),
    ("torch.mul", torch.mul, lambda x: st.just(torch.ones(x.shape[-1:]))),
    ("operator.getitem", T.__getitem__, st.just((..., slice(None, None, 2)))),
    ("operator.getitem", T.__getitem__, st.tuples(st.just(...), st.integers(0, 1))),
    ("operator.getitem", T.__getitem__, st.just((slice(None), None, slice(1, None)))),
    ("Tensor.view", T.view, lambda x: st.sampled_from([(-1,), (x.numel(),), (2, -1)])),
    ("Tensor.view", T.view, lambda x: st.just((*x.shape[:1], -1))),
    ("Tensor.view", T.view, lambda x: st.just((-1, *x.shape[-1:]))),
]


NAMED = (1, 2, 3, 4, 6, 8, 12, 24)


@settings(SETTINGS, max_examples=250)
@given(st.data())
def test_layout_follows_chains(data: st.DataObject) -> None:
    """What `view` accepts depends on all that was done before."""
    x = torch.zeros(data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    for _ in range(data.draw(st.integers(2, 6))):
        path, function, *kinds = data.draw(st.sampled_from(CHAIN))
        strategies = [k if isinstance(k, st.SearchStrategy) else k(x) for k in kinds]
        args = data.draw(st.tuples(*strategies))
        result = agree(path, function, x, *args)
        sound(path, function, x, *args, named=data.draw(st.sets(st.sampled_from(NAMED))))
        if not isinstance(result, str) and result.dim() <= 5 and result.numel() < 2000:
            x = result
