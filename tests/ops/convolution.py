"""Convolutions and transposed ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._tensors import FLAGS, images, per_axis
from tests.ops.table import layers_together, together, unjudged

KINDS = st.sampled_from([torch.float32] * 9 + [torch.float64, torch.int64, torch.uint8, torch.bool])
GROUPS = st.sampled_from([1, 1, 1, 2, 3])


@st.composite
def convolutions(draw: Any, count: int, transposed: bool) -> tuple[Any, ...]:
    """An image, a weight, a bias, and numbers in the order of the function's parameters."""
    groups, kind = draw(GROUPS), draw(KINDS)
    other = draw(st.sampled_from([kind] * 9 + [torch.int64]))
    channels, made = draw(st.sampled_from([(groups, 2 * groups), (4, 6), (6, 3), (0, groups)]))
    kernel = draw(st.lists(st.sampled_from([1, 1, 2, 3, 4, 0]), min_size=count, max_size=count))
    shape = (channels, made, *kernel) if transposed else (made, channels, *kernel)
    rank = draw(st.sampled_from([count + 2] * 9 + [count + 1]))
    biases = [None, None, (made,), (made * groups,), (made, 1)]
    shape_of_bias = draw(st.sampled_from(biases))
    bias = None if shape_of_bias is None else torch.zeros(shape_of_bias, dtype=kind)
    weight = torch.zeros(shape[:rank], dtype=other)
    image = draw(images(count, channels if transposed else channels * groups))
    image = image.to(kind) if image.numel() else image
    stride, dilation = draw(per_axis(count, 0, 3)), draw(per_axis(count, 1, 3))
    full: tuple[Any, ...]
    if transposed:
        extra, padding = draw(per_axis(count, 0, 2)), draw(per_axis(count, -1, 2))
        full = (image, weight, bias, stride, padding, extra, groups, dilation)
    else:
        padding = draw(per_axis(count, -1, 3) | st.sampled_from(["same", "valid", "full"]))
        full = (image, weight, bias, stride, padding, dilation, groups)
    return full[: draw(st.integers(2, len(full)))]


@st.composite
def of_any_rank(draw: Any) -> tuple[Any, ...]:
    """What torch.convolution takes: a batch, and everything in sequences."""
    count, transposed = draw(st.integers(1, 3)), draw(FLAGS)
    groups = draw(st.sampled_from([1, 1, 1, 2, 3]))
    made, depth = draw(st.sampled_from([(6, 2), (6, 6), (4, 1)]))
    weight = torch.zeros((made, depth, *[draw(st.integers(1, 3))] * count))
    few = st.integers(1, 2)
    usual = st.lists(few, min_size=count, max_size=count) | st.tuples(few)
    numbers = st.one_of(*[usual] * 19, few, st.just((3,)))
    stride, padding, dilation = (draw(numbers) for _ in range(3))
    extra = draw(st.sampled_from([[0], [0], [0], [1]]))
    channels = made if transposed else depth * groups
    space = [draw(st.integers(5, 9)) for _ in range(draw(st.sampled_from([count] * 9 + [2])))]
    image = torch.zeros(draw(st.integers(1, 2)), channels, *space)
    bias = draw(st.sampled_from([None, None, torch.zeros(made)]))
    return image, weight, bias, stride, padding, dilation, transposed, extra, groups


@st.composite
def times(draw: Any) -> tuple[Any, ...]:
    """What conv_tbc takes: (time, batch, channels), (kernel, channels, filters), bias."""
    size = st.integers(0, 4)
    channels, filters = draw(size), draw(size)
    other = draw(st.sampled_from([channels] * 9 + [9]))
    kind = draw(KINDS)
    image = torch.zeros(draw(size), draw(size), channels, dtype=kind)
    weight = torch.zeros(draw(size), other, filters, dtype=kind)
    bias = torch.zeros(draw(st.sampled_from([(filters,)] * 9 + [(9,), (filters, 1)])), dtype=kind)
    return image, weight, bias


@st.composite
def layers(draw: Any, count: int, transposed: bool, lazy: bool = False) -> Any:
    """What a layer is made with, in order, and its input."""
    groups = draw(st.sampled_from([1, 1, 1, 1, 2, 2, 3, 3, 0]))
    channels = draw(st.sampled_from([groups, 2 * groups, 6, 6, 4, 0, -1]))
    made = draw(st.sampled_from([groups, 3 * groups, 6, 6, 0]))
    numbers = [draw(per_axis(count, *ends)) for ends in ((0, 4), (0, 3), (-1, 3), (1, 2))]
    kernel, stride, padding, dilation = numbers
    extra = draw(per_axis(count, 0, 1))
    names = st.sampled_from(["same", "valid", "valid", "valid", "full"])
    modes = st.sampled_from(["zeros"] * 6 + ["reflect", "circular", "replicate", "mirror"])
    bias = draw(FLAGS)
    if transposed:
        full = (made, kernel, stride, padding, extra, groups, bias, dilation)
    else:
        padding = draw(st.just(padding) | st.just(padding) | names)
        full = (made, kernel, stride, padding, dilation, groups, bias, draw(modes))
    given = full[: draw(st.integers(2, len(full)))]
    kind = draw(st.sampled_from([torch.float32] * 9 + [torch.int64]))
    image = draw(images(count, max(channels, 0)))
    image = image.to(kind) if image.numel() else image
    size = draw(st.none() | st.lists(st.integers(1, 20), min_size=count, max_size=count + 2))
    wanted = transposed and draw(st.sampled_from([False, False, True])) and size is not None
    inputs = (image, size) if wanted else (image,)
    return (given if lazy else (channels, *given)), inputs


for count in (1, 2, 3):
    for kind in ("conv", "conv_transpose"):
        names = f"torch.{kind}{count}d torch.nn.functional.{kind}{count}d"
        together(names, convolutions(count, "transpose" in kind))
    layers_together(f"torch.nn.Conv{count}d", layers(count, False))
    layers_together(f"torch.nn.ConvTranspose{count}d", layers(count, True))
    layers_together(f"torch.nn.LazyConv{count}d", layers(count, False, True))
    layers_together(f"torch.nn.LazyConvTranspose{count}d", layers(count, True, True))
together("torch.convolution", of_any_rank())
together("torch.conv_tbc torch.nn.functional.conv_tbc", times(), pad=st.integers(-1, 3))
BASES = "torch.nn.modules.conv._ConvNd torch.nn.modules.conv._ConvTransposeNd"
unjudged(BASES, "the base classes of layers, which have no forward")
