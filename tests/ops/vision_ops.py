"""torchvision.ops: boxes, regions, blocks."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import lists, torch
from tests.ops.table import Example, add, draw, layer, together, unjudged, untyped

OPS = "torchvision.ops."
COMPILED = "torch.ops.torchvision."
KINDS = st.sampled_from([torch.float32] * 5 + [torch.float64, torch.int64, torch.float16])
REAL = st.sampled_from([torch.float32] * 6 + [torch.float64])
ONE = st.just(torch.float32)
FORMATS = st.sampled_from("xyxy xywh cxcywh xyxy xywhr cxcywhr xyxyxyxy xxyy".split())
FLAGS = st.booleans()
CHANCE = st.sampled_from([0.0, 0.3, 1.0, 0.2, 1.5])


@st.composite
def boxes(draw: Any, least: int = 1, most: int = 3, last: Any = None, kinds: Any = KINDS) -> Any:
    """Boxes of 4 numbers, mostly."""
    front = draw(lists(st.integers(0, 3), least - 1, most - 1))
    count = draw(st.sampled_from([4] * 8 + [3, 5]) if last is None else last)
    made = torch.zeros([*front, count], dtype=draw(kinds))
    return made.T if made.dim() == 2 and draw(st.integers(0, 9)) == 0 else made


def some(*sizes: Any, kinds: Any = ONE) -> Any:
    """A tensor of these sizes; those that are ranges are drawn."""
    parts = [st.just(s) if isinstance(s, int) else s for s in sizes]
    return st.tuples(st.tuples(*parts), kinds).map(lambda p: torch.zeros(p[0], dtype=p[1]))


SIZE = st.integers(0, 4)
SIDE = st.integers(1, 9)

# -- boxes ------------------------------------------------------------------------------------

draw(f"{OPS}box_area", boxes(1, 3), fmt=FORMATS)
ALL = st.sampled_from([4, 4, 4, 5, 8])
draw(f"{OPS}box_convert", boxes(1, 3, ALL), FORMATS, FORMATS)
PAIR = st.sampled_from([(32, 48), (32, 48), (5,)])
draw(f"{OPS}clip_boxes_to_image", boxes(1, 3, st.sampled_from([4, 4, 6, 3, 1])), PAIR)
draw(f"{OPS}remove_small_boxes", boxes(1, 2), st.sampled_from([1, 2.5]))
draw(f"{OPS}masks_to_boxes", some(SIZE, SIZE, SIZE) | some(SIZE, SIZE))
draw(f"{OPS}box_iou", boxes(), boxes(), fmt=st.sampled_from("xyxy xywh cxcywh xxyy".split()))
FIVE = boxes(2, 2, st.sampled_from([5, 5, 5, 4]), ONE)
draw(f"{OPS}box_iou", FIVE, FIVE, st.just("cxcywhr"))
draw(f"{OPS}generalized_box_iou", boxes(), boxes())
draw(f"{OPS}complete_box_iou {OPS}distance_box_iou", boxes(), boxes(), eps=st.just(1e-5))
draw(f"{COMPILED}box_iou_rotated", FIVE, FIVE)

SCORED = st.integers(0, 4).flatmap(
    lambda n: st.tuples(
        boxes(2, 3, kinds=ONE) | some(n, 4),
        some(n, kinds=REAL) | some(n, 1),
        st.just(torch.zeros(n, dtype=torch.int64)) | some(SIZE),
        st.sampled_from([0.5, 1]),
    )
)
together(f"{OPS}nms {COMPILED}nms", SCORED.map(lambda p: (p[0], p[1], p[3])))
together(f"{OPS}batched_nms", SCORED)
unjudged(f"{COMPILED}qnms", "takes what is quantized")


@st.composite
def matched(draw: Any) -> Any:
    """Two sets of boxes, mostly as many of each."""
    first = draw(boxes(1, 3))
    return first, draw(st.sampled_from([first, first.clone(), draw(boxes(1, 3))]))


REDUCTION = st.sampled_from(["none", "mean", "sum", "none", "batchmean"])
LOSSES = "generalized_box_iou_loss distance_box_iou_loss complete_box_iou_loss"
together(" ".join(OPS + n for n in LOSSES.split()), matched(), reduction=REDUCTION)


@st.composite
def scored(draw: Any) -> Any:
    shape = draw(lists(SIZE, 0, 3))
    other = shape if draw(st.integers(0, 4)) else draw(lists(SIZE, 0, 3))
    kinds = st.sampled_from([torch.float32] * 5 + [torch.float64])
    return torch.zeros(shape, dtype=draw(kinds)), torch.zeros(other, dtype=draw(kinds))


ALPHA = st.sampled_from([0.25, -1, 2, 1])
together(f"{OPS}sigmoid_focal_loss", scored(), alpha=ALPHA, reduction=REDUCTION)

# -- regions ----------------------------------------------------------------------------------

CHANNELS = st.sampled_from([4, 8, 4, 2])
MAPS = some(
    SIZE, CHANNELS, SIDE, SIDE, kinds=st.sampled_from([torch.float32] * 9 + [torch.float64])
)
BAD_MAPS = some(SIZE, SIDE, SIDE)
ROWS = some(SIZE, 5) | some(SIZE, 5) | boxes(2, 2, st.sampled_from([5, 5, 4]), REAL)
BOXES = lists(some(SIZE, 4), 1, 3)
REGIONS = ROWS | BOXES | BOXES.map(tuple) | lists(boxes(2, 2, kinds=ONE), 0, 2)
OUT = st.integers(0, 3) | st.tuples(st.integers(1, 3), st.integers(1, 3))
FULL = st.sampled_from([1, 2, (2, 1), (1, 2), (2, 2), 1, (3, 1)])
SCALE = st.sampled_from([1.0, 0.25])
RATIO = st.sampled_from([-1, 2])

draw(f"{OPS}roi_align", MAPS | MAPS | BAD_MAPS, REGIONS, OUT, SCALE, RATIO, aligned=FLAGS)
draw(f"{OPS}roi_pool", MAPS | MAPS | BAD_MAPS, REGIONS, OUT, spatial_scale=SCALE)
draw(f"{OPS}ps_roi_align", MAPS, REGIONS, FULL, SCALE, sampling_ratio=RATIO)
draw(f"{OPS}ps_roi_pool", MAPS, REGIONS, FULL, spatial_scale=SCALE)
NUMBERS = st.integers(1, 2)
draw(f"{COMPILED}roi_align", MAPS, ROWS, SCALE, NUMBERS, NUMBERS, RATIO, FLAGS)
draw(f"{COMPILED}roi_pool {COMPILED}ps_roi_pool", MAPS, ROWS, SCALE, NUMBERS, NUMBERS)
draw(f"{COMPILED}ps_roi_align", MAPS, ROWS, SCALE, NUMBERS, NUMBERS, RATIO)
layer(f"{OPS}RoIAlign", (OUT, SCALE, RATIO), (MAPS, REGIONS), aligned=FLAGS)
layer(f"{OPS}RoIPool", (OUT, SCALE), (MAPS, REGIONS))
layer(f"{OPS}PSRoIAlign", (FULL, SCALE, RATIO), (MAPS, REGIONS))
layer(f"{OPS}PSRoIPool", (FULL, SCALE), (MAPS, REGIONS))


@st.composite
def deformed(draw: Any, *, layered: bool) -> Any:
    """A deformable convolution whose parts fit each other, mostly."""
    groups, each = draw(st.sampled_from([1, 1, 2])), draw(st.integers(1, 2))
    kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    stride, padding, dilation = (draw(st.integers(*r)) for r in ((1, 2), (0, 2), (1, 2)))
    sides = draw(st.tuples(st.integers(1, 8), st.integers(1, 8)))
    batch, shifts = draw(st.integers(0, 2)), draw(st.sampled_from([1, 1, groups * each, 3]))
    out = [
        (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1
        for n, k in zip(sides, kernel, strict=True)
    ]
    out = [max(n, 0) for n in out]
    if draw(st.integers(0, 9)) == 0:
        out[0] += 1
    places = shifts * kernel[0] * kernel[1] + (draw(st.integers(0, 9)) == 0)
    image = torch.zeros(batch, groups * each, *sides)
    offset, mask = torch.zeros(batch, 2 * places, *out), torch.zeros(batch, places, *out)
    made = groups * draw(st.integers(1, 2))
    steps = stride, (padding, padding), dilation
    mask = draw(st.sampled_from([None, mask]))
    if layered:
        given = groups * each, made + (draw(st.integers(0, 9)) == 0), kernel, *steps, groups
        return Example((*given, draw(FLAGS)), {}, (image, offset, mask))
    weight, bias = (
        torch.zeros(made, each, *kernel),
        draw(st.sampled_from([None, torch.zeros(made)])),
    )
    return Example((image, offset, weight, bias, *steps, mask))


add(f"{OPS}deform_conv2d", deformed(layered=False))
add(f"{OPS}DeformConv2d", deformed(layered=True))


def compiled(example: Example) -> Example:
    """The same of the compiled operator, which takes all numbers by themselves."""
    image, offset, weight, bias, stride, padding, dilation, mask = example.args
    places = 2 * weight.shape[2] * weight.shape[3]
    groups = image.shape[1] // weight.shape[1]
    numbers = stride, stride, *padding, dilation, dilation, groups, offset.shape[1] // places
    bias = torch.zeros(len(weight)) if bias is None else bias
    whole = torch.zeros(image.shape[0], 1) if mask is None else mask
    return Example((image, weight, offset, whole, bias, *numbers, mask is not None))


add(f"{COMPILED}deform_conv2d", deformed(layered=False).map(compiled))

# -- dropping ---------------------------------------------------------------------------------

ANY = lists(SIZE, 0, 4).map(torch.zeros) | some(SIZE, SIZE, kinds=KINDS)
MODE = st.sampled_from(["batch", "row", "rows"])
draw(f"{OPS}stochastic_depth", ANY, CHANCE, MODE, training=FLAGS)
layer(f"{OPS}StochasticDepth", (CHANCE, MODE), (ANY,))
DEPTH = st.integers(1, 3)
IMAGES, VOLUMES = some(SIZE, DEPTH, SIDE, SIDE), some(SIZE, DEPTH, SIDE, SIDE, SIDE)
BLOCK = st.integers(-1, 5)
draw(f"{OPS}drop_block2d", IMAGES | some(SIZE, SIZE), CHANCE, BLOCK, inplace=FLAGS, training=FLAGS)
draw(f"{OPS}drop_block3d", VOLUMES | IMAGES, CHANCE, BLOCK, training=FLAGS)
layer(f"{OPS}DropBlock2d", (CHANCE, BLOCK), (IMAGES,))
layer(f"{OPS}DropBlock3d", (CHANCE, BLOCK), (VOLUMES | IMAGES,))

# -- blocks -----------------------------------------------------------------------------------

layer(f"{OPS}Permute", (st.permutations([0, 1, 2]) | lists(SIZE),), (some(SIZE, SIZE, SIZE),))
NORMED = some(SIZE, st.sampled_from([3, 3, 1, 4]), SIDE, SIDE) | some(3, SIDE, SIDE)
layer(f"{OPS}FrozenBatchNorm2d", (st.just(3),), (NORMED,), eps=st.just(1e-3))
EXCITED = some(SIZE, st.sampled_from([4, 4, 3]), SIDE, SIDE)
layer(f"{OPS}SqueezeExcitation", (st.just(4), st.integers(1, 2)), (EXCITED,))
KERNEL = st.sampled_from([1, 3, 5, (3, 1), (3, 5), 2])
STEPS = {
    "kernel_size": KERNEL,
    "stride": st.sampled_from([1, 2]),
    "padding": st.sampled_from([None, 1, "same", (0, 1)]),
    "groups": st.sampled_from([1, 2, 3]),
    "norm_layer": st.none(),
    "activation_layer": st.none(),
    "dilation": st.sampled_from([1, 2, (1, 2)]),
    "inplace": st.sampled_from([None, True, False]),
    "bias": st.sampled_from([None, True, False]),
}
layer(f"{OPS}Conv2dNormActivation", (st.just(4), st.sampled_from([2, 4])), (EXCITED,), **STEPS)
DEEP = {**STEPS, "kernel_size": st.sampled_from([1, 3, (3, 1, 3)]), "dilation": st.just(1)}
DEEP["padding"] = st.sampled_from([None, 1])
MANY = some(SIZE, 4, SIDE, SIDE, SIDE)
layer(f"{OPS}Conv3dNormActivation", (st.just(4), st.sampled_from([2, 4])), (MANY,), **DEEP)
WIDTHS = lists(st.integers(1, 4), 0, 3)
PERCEPTRON = {"inplace": st.sampled_from([None, True]), "bias": FLAGS, "dropout": st.just(0.1)}
layer(f"{OPS}MLP", (st.just(3), WIDTHS), (some(SIZE, st.sampled_from([3, 3, 2])),), **PERCEPTRON)


@st.composite
def pyramids(draw: Any) -> Example:
    """Feature maps, each of about half the size of the one before."""
    count, side = draw(st.integers(1, 3)), draw(st.integers(4, 9))
    channels = [draw(st.integers(1, 4)) for _ in range(count)]
    maps = {
        f"map{i}": torch.zeros(1, c + (draw(st.integers(0, 9)) == 0), max(side >> i, 1), side)
        for i, c in enumerate(channels)
    }
    return Example((channels, draw(st.integers(1, 3))), {}, (maps,))


add(f"{OPS}FeaturePyramidNetwork", pyramids())


@st.composite
def levels(draw: Any) -> Example:
    """Feature maps, boxes for each image, and the sizes of the images."""
    count = draw(st.integers(1, 2))
    maps = {f"f{i}": torch.zeros(2, 3, 16 >> i, 16 >> i) for i in range(3)}
    names = draw(st.sampled_from([["f0", "f1"], ["f1"], ["f0", "f1", "f2"]]))
    found = [
        torch.rand(draw(st.integers(0, 3)), 4) + torch.tensor([0, 0, 9, 9]) for _ in range(count)
    ]
    return Example((names, draw(OUT), 2), {}, (maps, found, [(64, 64)] * count))


add(f"{OPS}MultiScaleRoIAlign", levels())
LEVELS = "torchvision.ops.feature_pyramid_network."
WHY = "appends to the lists that it is given: judged with the pyramid in tests/test_ops_vision.py"
unjudged(f"{LEVELS}LastLevelMaxPool {LEVELS}LastLevelP6P7", WHY)
unjudged(f"{LEVELS}ExtraFPNBlock", "a base class that does nothing")
BLOCKS = "Conv2dNormActivation Conv3dNormActivation MLP SqueezeExcitation FeaturePyramidNetwork"
untyped(" ".join(OPS + name for name in BLOCKS.split()))
