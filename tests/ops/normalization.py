"""Normalisation by batch, instance, group and layer."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._tensors import FLAGS, functional, made, modules
from tests.ops.table import Example, add, draw, layer, layers_together, together, unjudged

VECTORS = st.sampled_from([None] * 4 + [(4,)] * 4 + [(3,)])
SIZES = st.sampled_from([1, 2, 3, 1, 2, 3, 0])
ELEMENTS = st.sampled_from([torch.float32] * 9 + [torch.int64, torch.bool])
WAYS = st.sampled_from(["plain", "plain", "last", "sliced"])


@st.composite
def images(draw: Any, low: int = 1, high: int = 5, empty: bool = True) -> Any:
    """Four channels, most times; small, so that there is a single value now and then."""
    rank = draw(st.integers(low, high))
    shape = [draw(SIZES if empty else st.integers(1, 3)) for _ in range(rank)]
    if rank > 1:
        shape[1] = draw(st.sampled_from([4, 4, 4, 4, 6]))
    kind = draw(ELEMENTS)
    return made(shape, draw(WAYS), kind if 0 not in shape else torch.float32)


def vector(draw: Any) -> Any:
    """One number a channel, or none."""
    shape = draw(VECTORS)
    return None if shape is None else torch.zeros(shape)


@st.composite
def by_features(draw: Any, kind: str) -> tuple[Any, ...]:
    """An image, four vectors, and what is said of them; in the order of a form of the function.

    What instance_norm makes of empty images is an accident.
    """
    image = draw(
        images(1 if kind == "functional instance" else 2, empty=kind == "functional batch")
    )
    mean, var, weight, bias = (vector(draw) for _ in range(4))
    if draw(FLAGS):
        var = None if mean is None else torch.zeros(mean.shape)
    flag, rest = draw(FLAGS), (0.1, 1e-5)
    if kind == "functional instance" and image.dim() == 1:
        flag = True  # without it reads what lies behind the sizes
    if kind.startswith("functional"):
        full = (image, mean, var, weight, bias, flag, *rest)
        return full[: draw(st.integers(6 if kind == "functional instance" else 3, 8))]
    return (image, weight, bias, mean, var, flag, *rest, *([True] if kind == "raw" else []))


together(functional("batch_norm"), by_features("functional batch"))
together(functional("instance_norm"), by_features("functional instance"))
together("torch.batch_norm torch.instance_norm", by_features("raw"))
unjudged("torch.native_batch_norm", "torch looks at no vector, and reads past its end")
updated = st.sampled_from([None, torch.zeros(4)])
full = images(2).filter(lambda image: image.shape[1] == 4) | st.just(torch.zeros(4))
draw("torch.batch_norm_update_stats", full, updated, updated, st.just(0.1))
CHANCES = st.sampled_from([0.5, 0.0, 1.0, 1.5])
draw("torch.native_dropout", images(0), CHANCES, FLAGS | st.none())
draw("torch.norm_except_dim", images(0), pow=st.integers(1, 3), dim=st.integers(-5, 4))


@st.composite
def by_shape(draw: Any, parameters: int = 2) -> tuple[Any, ...]:
    """An image, the shape of its last dimensions, or about that, and parameters of it."""
    image = draw(images())
    count = draw(st.integers(0, 3))
    shape = tuple(image.shape[image.dim() - count :]) if count <= image.dim() else (9,)
    shape = draw(st.sampled_from([shape] * 9 + [(*shape[:-1], 9), (*shape, 1)]))
    given = draw(st.sampled_from([shape] * 9 + [(7,), (*shape, 1)]))
    held = [draw(st.none() | st.just(torch.zeros(given))) for _ in range(parameters)]
    kept = draw(st.sampled_from([shape, list(shape), torch.Size(shape)]))
    return (image, kept, *held)


together(f"torch.layer_norm {functional('layer_norm')}", by_shape(), eps=st.just(1e-3))
together(f"torch.rms_norm {functional('rms_norm')}", by_shape(1), eps=st.none() | st.just(1e-3))
together("torch.native_layer_norm", by_shape().map(lambda p: (*p, 1e-5)))


@st.composite
def by_groups(draw: Any) -> tuple[Any, ...]:
    return draw(images()), draw(st.integers(0, 4)), vector(draw), vector(draw)


together(f"torch.group_norm {functional('group_norm')}", by_groups(), eps=st.just(1e-3))


@st.composite
def flattened(draw: Any) -> tuple[Any, ...]:
    """What native_group_norm takes: the sizes besides the image."""
    n, channels, space, groups = (draw(st.integers(1, 4)) for _ in range(4))
    held = (None, (channels,), (channels,), (9,), (channels, 1))
    held = tuple(draw(st.sampled_from(held)) for _ in range(2))
    weight, bias = (None if shape is None else torch.zeros(shape) for shape in held)
    said = draw(st.sampled_from([channels] * 9 + [channels + 1]))
    image = torch.zeros(n, channels, space, dtype=draw(ELEMENTS))
    return (
        image,
        weight,
        bias,
        n,
        said,
        space,
        draw(st.sampled_from([groups, 1, channels, 0])),
        1e-5,
    )


together("torch.native_group_norm", flattened())
DIMS = st.integers(-4, 4)
POWERS = st.sampled_from([1, 2.0, 0.5, float("inf"), 0])
draw(functional("normalize"), images(0), p=POWERS, dim=DIMS | st.lists(DIMS, max_size=2))
NUMBERS = st.sampled_from([1, 0.5, 2.0])
WINDOWS = st.integers(0, 5)
NORMAL = {"alpha": NUMBERS, "beta": NUMBERS, "k": NUMBERS}
draw(functional("local_response_norm"), images(1, 6, False), WINDOWS, **NORMAL)
layer(modules("LocalResponseNorm CrossMapLRN2d"), (WINDOWS,), (images(1, 6),), **NORMAL)

# -- layers -----------------------------------------------------------------------------------

OPTIONS = {"affine": FLAGS, "track_running_stats": FLAGS, "bias": FLAGS, "eps": st.just(1e-3)}
FEATURES = st.sampled_from([4] * 9 + [6, -1])
for count in (1, 2, 3):
    for kind in ("BatchNorm", "InstanceNorm"):
        batch = images(count + 2, count + 2, False)
        near = batch | batch | images(count, count + 2, False) | images(2, empty=False)
        momentum = {"momentum": st.none() | st.just(0.2)}
        layer(modules(f"{kind}{count}d"), (FEATURES,), (near,), **OPTIONS, **momentum)
        layer(modules(f"Lazy{kind}{count}d"), (), (near,), **OPTIONS, **momentum)
    empty = images(count + 2, count + 2)
    # By name, so that no list of features comes in: empty images are scaled by the first of it.
    four = empty.map(lambda image: Example((), {"num_features": 4}, (image,)))
    add(modules(f"BatchNorm{count}d"), four)
layer(modules("SyncBatchNorm"), (FEATURES,), (images(2, empty=False),), **OPTIONS)


@st.composite
def grouped(draw: Any) -> Any:
    groups, channels = draw(st.integers(0, 4)), draw(st.sampled_from([4, 4, 4, 6, 0]))
    return (groups, channels), (draw(images(1)),)


layers_together(modules("GroupNorm"), grouped(), affine=FLAGS, bias=FLAGS)
SHAPES = st.sampled_from([1, 2, 3, (2,), (4, 3), [4, 2, 1], (3,), (4, 2), (), -1])
layer(modules("LayerNorm"), (SHAPES,), (images(1),), elementwise_affine=FLAGS, bias=FLAGS)
layer(modules("RMSNorm"), (SHAPES,), (images(1),), elementwise_affine=FLAGS)
BASES = "torch.nn.modules.batchnorm._NormBase torch.nn.modules.instancenorm._InstanceNorm"
unjudged(BASES, "the base classes of layers, which torch cannot call")
