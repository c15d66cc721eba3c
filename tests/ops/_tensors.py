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
