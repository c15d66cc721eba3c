"""Tensors of other elements than floating point numbers, and of images, as strategies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import tensors, torch

FLAGS = st.booleans()
FLOATS = (torch.float32,) * 6
OTHERS = (torch.float64, torch.int64, torch.uint8, torch.bool)


def typed(values: Any, *kinds: Any) -> Any:
    """The tensors, some of them with elements of other kinds."""
    kind = st.sampled_from([*FLOATS, *(kinds or OTHERS)])
    return st.tuples(values, kind).map(lambda pair: pair[0].to(pair[1]))


def functional(names: str) -> str:
    """The paths of functions of torch.nn.functional."""
    return " ".join(f"torch.nn.functional.{name}" for name in names.split())


def modules(names: str) -> str:
    """The paths of layers."""
    return " ".join(f"torch.nn.{name}" for name in names.split())


ANY = typed(tensors())


# -- images -----------------------------------------------------------------------------------


def per_axis(count: int, low: int, high: int) -> Any:
    """A number from 1, or one for each axis; seldom one below, or another count of them."""
    one = st.integers(max(low, min(1, high)), high)
    several = st.tuples(*[one] * count)
    edge = st.integers(low, high)
    other = st.lists(edge, max_size=4)
    usual = [one, several, several.map(list)]
    return st.one_of(*usual * 4, edge, st.tuples(*[edge] * count), other)


def made(shape: Any, way: str = "plain", kind: Any = torch.float32) -> Any:
    """A tensor of zeros; of a batch, sometimes with its channels last in memory.

    With a single channel or pixel torch takes one tensor for both layouts.
    """
    if way == "last" and len(shape) > 2 and shape[1] != 1 and set(shape[2:]) != {1}:
        return torch.zeros(shape[0], *shape[2:], shape[1], dtype=kind).movedim(-1, 1)
    if way == "sliced" and shape:
        return torch.zeros(*shape[:-1], shape[-1] + 3, dtype=kind)[..., : shape[-1]]
    return torch.zeros(shape, dtype=kind)


WAYS = st.sampled_from(["plain", "plain", "plain", "last", "sliced"])


@st.composite
def images(draw: Any, count: int, channels: int = 3, most: int = 9, kind: Any = None) -> Any:
    """A batch or a single image, sometimes of another rank, with other channels, or empty."""
    lead = draw(st.sampled_from([(2,), (2,), (1,), (), (1, 2), (0,)]))
    depth = draw(st.sampled_from([(channels,)] * 9 + [(channels + 1,), (0,), ()]))
    size = st.sampled_from([*range(1, most + 1)] * 3 + [0])
    shape = (*lead, *depth, *draw(st.lists(size, min_size=count, max_size=count)))
    batch = len(shape) == count + 2
    return made(shape, draw(WAYS) if batch else "plain", kind or torch.float32)
