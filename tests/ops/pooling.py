"""Pooling over windows, to a size, and back."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._tensors import FLAGS, functional, images, modules, per_axis
from tests.ops.table import Example, add, draw, layer, layers_together, together

KINDS = st.sampled_from([torch.float32] * 9 + [torch.float64, torch.int64, torch.uint8, torch.bool])


def inputs(count: int) -> Any:
    """Images; what torch says of empty ones of integers differs from version to version."""
    pairs = st.tuples(images(count), KINDS)
    return pairs.map(lambda pair: pair[0].to(pair[1]) if pair[0].numel() else pair[0])


def windows(count: int) -> dict[str, Any]:
    """What a pool over windows takes after the size of its windows."""
    return {
        "stride": st.none() | per_axis(count, 1, 4) | per_axis(count, 0, 2),
        "padding": st.just(0) | per_axis(count, -1, 2),
        "ceil_mode": FLAGS,
    }


def sizes(count: int) -> Any:
    """Sizes to pool to."""
    one = st.integers(-1, 6)
    return (
        st.sampled_from([1, 2])
        | per_axis(count, 0, 6)
        | per_axis(count, 1, 1)
        | st.tuples(*[st.none() | one] * count)
    )


def both(name: str, kind: str, count: int, *args: Any, **kwargs: Any) -> None:
    """A function and the layer of the same arguments."""
    draw(functional(f"{name}_pool{count}d"), inputs(count), *args, **kwargs)
    layer(modules(f"{kind}Pool{count}d"), args, (inputs(count),), **kwargs)


@st.composite
def unpooled(draw: Any, count: int) -> tuple[Any, Any, Any]:
    """An image and places in it; kernel, stride and padding; the size before."""
    image = draw(inputs(count))
    shape = draw(st.sampled_from([image.shape] * 9 + [(*image.shape, 1)]))
    indices = torch.zeros(shape, dtype=draw(st.sampled_from([torch.int64] * 9 + [torch.int32])))
    few = st.integers(1, 3)
    numbers = few | st.tuples(*[few] * count) | st.lists(few, max_size=1)
    kernel, stride = draw(numbers), draw(st.none() | numbers)
    padding = draw(st.sampled_from([0, 0, 1]))
    wanted = draw(st.none() | st.lists(st.integers(1, 9), min_size=count, max_size=count + 2))
    return (image, indices), (kernel, stride, padding), (wanted,)


for count in (1, 2, 3):
    kernel, geometry = per_axis(count, 0, 5) | per_axis(count, 1, 2), windows(count)
    dilation = per_axis(count, 1, 2) | per_axis(count, 0, 1)
    both("max", "Max", count, kernel, **geometry, dilation=dilation, return_indices=FLAGS)
    plain = {"dilation": dilation, "ceil_mode": FLAGS, "padding": geometry["padding"]}
    stride = per_axis(count, 0, 4)
    draw(f"torch.max_pool{count}d", inputs(count), kernel, stride=stride, **plain)
    draw(functional(f"max_pool{count}d_with_indices"), inputs(count), kernel, **plain)
    more = {"divisor_override": st.sampled_from([None, 2, 0, -1])} if count > 1 else {}
    stride = geometry["stride"] if count > 1 else stride
    given = {**geometry, "stride": stride, "count_include_pad": FLAGS}
    both("avg", "Avg", count, kernel, **given, **more)
    power = st.sampled_from([1, 2.0, 2, float("inf")])
    both("lp", "LP", count, power, kernel, stride=geometry["stride"], ceil_mode=FLAGS)
    both("adaptive_max", "AdaptiveMax", count, sizes(count), return_indices=FLAGS)
    draw(functional(f"adaptive_max_pool{count}d_with_indices"), inputs(count), sizes(count))
    both("adaptive_avg", "AdaptiveAvg", count, sizes(count))
    together(functional(f"max_unpool{count}d"), unpooled(count).map(lambda p: p[0] + p[1] + p[2]))
    unpooling = unpooled(count).map(lambda p: (p[1], p[0] + p[2]))
    layers_together(modules(f"MaxUnpool{count}d"), unpooling)
draw("torch.max_pool1d_with_indices", inputs(1), per_axis(1, 0, 5), stride=per_axis(1, 0, 4))
draw("torch.adaptive_avg_pool1d torch.adaptive_max_pool1d", inputs(1), per_axis(1, -1, 6))


@st.composite
def shares(draw: Any, count: int) -> dict[str, Any]:
    """A kernel and a size to pool to, or the share of it; by name, so that no mistake comes in.

    What torch makes of a negative kernel depends on random numbers.
    """
    size, share = per_axis(count, 0, 4), st.sampled_from([0.5, 0.5, 0.7, 0.3, 1.0, 1.5])
    sized = st.tuples(size, st.none())
    shared = st.tuples(st.none(), st.tuples(*[share] * count) | share)
    either = st.tuples(st.none() | size, st.none() | share)
    kernel = st.integers(1, 2) | per_axis(count, 1, 3)
    wanted, ratio = draw(st.one_of(sized, sized, shared, shared, either))
    named = {"kernel_size": draw(kernel), "output_size": wanted, "output_ratio": ratio}
    return {**named, "return_indices": draw(FLAGS)}


for count in (2, 3):
    name = f"fractional_max_pool{count}d"
    pair = st.tuples(inputs(count), shares(count))
    calls = pair.map(lambda p: Example((p[0],), p[1]))
    add(functional(f"{name} {name}_with_indices"), calls)
    made = pair.map(lambda p: Example((), p[1], (p[0],)))
    add(modules(f"FractionalMaxPool{count}d"), made)
