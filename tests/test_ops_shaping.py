"""What `view` accepts after several steps, against CPU torch."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judge import AXES, SETTINGS, SIZES, agree, torch
from tests.symbols import sound

T = torch.Tensor

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
