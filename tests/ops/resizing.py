"""Interpolation, sampling at given places, and rearranging of pixels."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._tensors import FLAGS, functional, images, made, modules
from tests.ops.table import draw, layer, layers_together, together

MODES = ("nearest", "nearest-exact", "area", "linear", "bilinear", "bicubic", "trilinear")
RANKS = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3, "lanczos": 2}
KINDS = st.sampled_from([torch.float32] * 9 + [torch.float64, torch.int64, torch.uint8, torch.bool])
SCALES = st.sampled_from([1, 2, 0.5, 1.5, 0.29, 2.0, 0.7, 0.01, 0, -1.0])
SIZES = st.integers(1, 12) | st.integers(-1, 3)


def typed(count: int) -> Any:
    """Images, those of integers not empty."""
    pairs = st.tuples(images(count), KINDS)
    return pairs.map(lambda pair: pair[0].to(pair[1]) if pair[0].numel() else pair[0])


@st.composite
def resized(draw: Any) -> tuple[Any, ...]:
    """An image, and size, scale, mode, corners, recomputing and antialiasing in this order."""
    mode = draw(st.sampled_from([*MODES, *MODES, "lanczos", "mirror"]))
    count = draw(st.sampled_from([RANKS.get(mode, draw(st.integers(1, 3)))] * 9 + [1]))
    image = draw(typed(count))
    way = draw(st.sampled_from(["size", "size", "scale", "scale", "scale", "both", "none"]))
    size = draw(SIZES | st.tuples(*[SIZES] * count) | st.lists(SIZES, max_size=3))
    scale = draw(SCALES | st.tuples(*[SCALES] * count))
    corners = (
        draw(st.none() | FLAGS) if mode in RANKS else draw(st.sampled_from([None] * 9 + [True]))
    )
    more = (
        draw(st.sampled_from([None, None, True, False])),
        draw(st.sampled_from([False, False, True])),
    )
    size = size if way in ("size", "both") else None
    scale = scale if way in ("scale", "both") else None
    return image, size, scale, mode, corners, *more


together(functional("interpolate"), resized())
together(functional("upsample"), resized().map(lambda drawn: drawn[:5]))
plain = resized().map(lambda drawn: drawn[:3])
together(functional("upsample_nearest upsample_bilinear"), plain)
layers_together(modules("Upsample"), resized().map(lambda drawn: (drawn[1:6], drawn[:1])))
apart = plain.map(lambda drawn: (drawn[1:], drawn[:1]))
layers_together(modules("UpsamplingNearest2d UpsamplingBilinear2d"), apart)

# -- sampling at places -------------------------------------------------------------------------


@st.composite
def sampled(draw: Any, count: int | None = None) -> tuple[Any, Any]:
    """An image and a grid, most times of the same batch and of as many places as axes."""
    several = [2, 2, 2, 3, 1] if count is None else [count] * 9 + [2, 3]
    count = draw(st.sampled_from(several))
    size = st.sampled_from([1, 2, 3, 1, 2, 3, 0])
    batch = draw(size)
    image = made([batch, *draw(st.lists(size, min_size=count + 1, max_size=count + 1))])
    axes = draw(st.sampled_from([count] * 9 + [2]))
    places = draw(st.sampled_from([count] * 9 + [4]))
    at = (draw(st.sampled_from([batch] * 9 + [5])), *(draw(size) for _ in range(axes)), places)
    kind = draw(st.sampled_from([torch.float32] * 9 + [torch.int64]))
    return image, torch.zeros(at, dtype=kind)


WORDS = st.sampled_from(["bilinear", "bilinear", "nearest", "bicubic", "linear"])
EDGES = st.sampled_from(["zeros", "border", "reflection", "wrap"])
more = {"mode": WORDS, "padding_mode": EDGES, "align_corners": FLAGS}
together(functional("grid_sample"), sampled(), **more)
CODES = st.tuples(st.integers(0, 2), st.integers(0, 2), FLAGS)
for name, axes in (("grid_sampler", None), ("grid_sampler_2d", 2), ("grid_sampler_3d", 3)):
    together(f"torch.{name}", st.tuples(sampled(axes), CODES).map(lambda p: (*p[0], *p[1])))
THETAS = st.sampled_from([(2, 2, 3), (2, 2, 3), (2, 3, 4), (2, 3), (0, 2, 3)])
SHAPES = st.sampled_from(
    [(2, 3, 4, 5), [2, 3, 4, 5], (2, 3, 4, 5, 6), (3, 3, 4, 5), (2, 3, 4), (2, 1, 0, 5)]
)
theta = THETAS.map(torch.zeros) | THETAS.map(lambda shape: torch.zeros(shape, dtype=torch.int64))
draw(functional("affine_grid"), theta, SHAPES | SHAPES.map(torch.Size), align_corners=FLAGS)
draw("torch.affine_grid_generator", theta, SHAPES, FLAGS)

# -- rearranging --------------------------------------------------------------------------------

GRIDS = st.sampled_from([(2, 4, 6, 6), (1, 18, 4, 4), (4, 6, 6), (2, 12, 3, 8), (8, 2)]).map(
    torch.zeros
)
FACTORS = st.sampled_from([1, 2, 2, 3, 0, -1])
for function, kind in (
    ("pixel_shuffle", "PixelShuffle"),
    ("pixel_unshuffle", "PixelUnshuffle"),
    ("channel_shuffle", "ChannelShuffle"),
):
    draw(f"torch.{function} {functional(function)}", GRIDS | typed(2), FACTORS)
    layer(modules(kind), (FACTORS,), (GRIDS | typed(2),))
draw(f"torch.native_channel_shuffle {functional('native_channel_shuffle')}", GRIDS, FACTORS)
one = st.integers(0, 4)
PAIR = (
    st.integers(1, 3) | st.tuples(st.integers(1, 3), st.integers(1, 3)) | st.lists(one, max_size=3)
)
PAD = st.integers(-1, 2) | st.tuples(st.integers(0, 2), st.integers(0, 2))
BLOCKS = {"dilation": PAIR, "padding": PAD, "stride": PAIR}
draw(functional("unfold"), typed(2), PAIR, **BLOCKS)
layer(modules("Unfold"), (PAIR,), (typed(2),), **BLOCKS)


@st.composite
def columns(draw: Any) -> tuple[Any, Any, Any]:
    """Columns that make an image, or almost; its size, and that of the blocks."""
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    kernel = draw(st.sampled_from([1, 2, (2, 1), (1, 3)]))
    rows, across = (kernel, kernel) if isinstance(kernel, int) else kernel
    count = max(height - rows + 1, 0) * max(width - across + 1, 0)
    shape = (draw(st.integers(1, 3)) * rows * across, count + draw(st.sampled_from([0] * 9 + [1])))
    lead = draw(st.sampled_from([(), (2,), (2,), (0,), (1, 2)]))
    return made((*lead, *shape), "plain", draw(KINDS)), (height, width), kernel


few = {"padding": st.sampled_from([0, 0, 1]), "stride": st.sampled_from([1, 1, 2])}
together(functional("fold"), columns(), **few)
layers_together(modules("Fold"), columns().map(lambda drawn: (drawn[1:], drawn[:1])), **few)
