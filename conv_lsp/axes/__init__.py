"""How tensor axes descend from the axes of the network's inputs.

Each axis of a tensor links to the step that made it. The links form an immutable graph that is
built while a model is interpreted; receptive fields are read from it only when they are shown.
An axis of None has no link to any input (channels, constants).

A unit of a tensor may see an input through several of its axes, e.g. the channels that
squeeze-excitation made from the whole height: `field(gathered(*tensor_axes), source)` is the field
of the tensor, `field(axis, source)` what one of its axes contributes.
"""

from conv_lsp.axes.links import (
    Axis,
    Source,
    cut,
    gathered,
    is_joined,
    is_whole,
    joined,
    lost,
    merged,
    next_serial,
    relink,
    slid,
    sources,
    step_of,
    whole,
)
from conv_lsp.axes.reading import (
    field,
    field_bypassing,
    field_minimum,
    misalignment,
    why_unknown,
)
from conv_lsp.axes.states import NO_LINK, Link, Reading

__all__ = [
    "NO_LINK",
    "Axis",
    "Link",
    "Reading",
    "Source",
    "cut",
    "field",
    "field_bypassing",
    "field_minimum",
    "gathered",
    "is_joined",
    "is_whole",
    "joined",
    "lost",
    "merged",
    "misalignment",
    "next_serial",
    "relink",
    "slid",
    "sources",
    "step_of",
    "whole",
    "why_unknown",
]
