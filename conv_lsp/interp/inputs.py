"""Tensors from which receptive fields begin."""

from __future__ import annotations

from conv_lsp.axes import Source
from conv_lsp.values import Tensor, Value

SPATIAL = ("T", "D", "H", "W")
"""What the axes after batch and channels are called, counted from the last."""


def sourced(value: Value) -> Value:
    """A tensor without links as a network's input: its spatial axes are sources of fields."""
    if value.__class__ is not Tensor or not value.known or value.rank < 3:
        return value
    if value.seen is not None or any(a is not None for a in value.axes):
        return value
    return with_sources(value)


def with_sources(value: Tensor) -> Tensor:
    """The tensor with its axes after batch and channels as the beginnings of receptive fields."""
    rank = value.rank
    if rank < 3:
        return value
    names = ("L",) if rank == 3 else SPATIAL[-(rank - 2) :]
    axes = (None, None, *map(Source, names, value.sizes[2:]), *[None] * (rank - 2 - len(names)))
    return Tensor(
        value.shape,
        axes,
        dtype=value.dtype,
        strides=value.strides,
        data=value.data,
        kind=value.kind,
    )
