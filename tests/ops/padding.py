"""Padding of the last axes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._tensors import functional, made, modules
from tests.ops.table import layer, together

MODES = ("constant", "reflect", "replicate", "circular")
KINDS = st.sampled_from([torch.float32] * 9 + [torch.float64, torch.int64, torch.bool, torch.uint8])
WAYS = st.sampled_from(["plain", "plain", "sliced"])
SIZES = st.sampled_from([*range(1, 7)] * 3 + [0])


def ends(mode: str, low: int, high: int) -> Any:
    """Padding of one end. Torch's answer to cropping a ring depends on memory that overlaps."""
    return st.integers(0 if mode == "circular" else low, high)


@st.composite
def paddings(draw: Any) -> tuple[Any, ...]:
    mode = draw(st.sampled_from(MODES))
    count = draw(st.integers(0, 3))
    pad = draw(st.lists(ends(mode, -3, 5), min_size=2 * count, max_size=2 * count))
    rank = count + draw(st.sampled_from([1, 2, 1, 2, 0, 3]))
    shape = draw(st.lists(SIZES, min_size=rank, max_size=rank))
    odd = draw(st.sampled_from([0] * 9 + [1]))
    value = draw(st.sampled_from([None, None, None, 0, 1.5, 2]))
    name = draw(st.sampled_from([mode] * 19 + ["mirror"]))
    full = (made(shape, draw(WAYS), draw(KINDS)), pad[odd:], name, value)
    return full[: draw(st.integers(2, 4))]


@st.composite
def images(draw: Any, count: int) -> Any:
    rank = draw(st.integers(count, count + 3))
    shape = draw(st.lists(SIZES, min_size=rank, max_size=rank))
    return made(shape, draw(WAYS), draw(KINDS))


together(functional("pad"), paddings())
constant = paddings().map(lambda drawn: drawn[:2])
together("torch.constant_pad_nd", constant, value=st.sampled_from([0, 1.5]))
for kind in ("Zero", "Constant", "Reflection", "Replication", "Circular"):
    for count in (1, 2, 3):
        one = ends(kind.lower(), -3, 4)
        numbers = one | st.tuples(*[one] * (2 * count)) | st.lists(one, max_size=6)
        arguments = (numbers, st.just(0.5)) if kind == "Constant" else (numbers,)
        layer(modules(f"{kind}Pad{count}d"), arguments, (images(count),))
