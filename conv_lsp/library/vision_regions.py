"""`torchvision.ops` over feature maps: pooling of regions, deformable convolution, dropping of parts."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.axes import joined, lost, whole
from conv_lsp.dims import Dim, less, minimum, proves_unequal, total, unknown_size
from conv_lsp.findings import GROUPS_DIVIDE
from conv_lsp.library.algebra import is_floating, promote, show
from conv_lsp.library.convolution import (
    CHANNELS,
    RANK,
    biased,
    divides,
    filters,
    weighed,
    windows_of,
)
from conv_lsp.library.iterators import vague
from conv_lsp.library.registry import OPS, AnyRank, Call, size_of
from conv_lsp.library.sliding import at_least, fits, images, mixed, slide, wrong
from conv_lsp.library.vision_boxes import compiled, side_lengths, vision_op
from conv_lsp.values import Tensor, Unknown, Value

INPUT_TYPES = "input:T spatial_scale:f sampling_ratio:ib aligned:bifn"
COMPILED_TYPES = (
    "input:T rois:T spatial_scale:f pooled_height:ib pooled_width:ib sampling_ratio:ib aligned:bifn"
)


# -- regions ----------------------------------------------------------------------------------


def regions(call: Call, boxes: Value) -> tuple[Dim, str]:
    """How many there are, and their dtype: rows of (image, x, y, x, y), or a list by images."""
    if isinstance(boxes, Tensor):
        if not boxes.known:
            return unknown_size(), ""
        if boxes.rank != 2 or proves_unequal(boxes.sizes[1], 5):
            wrong(call, f"takes regions (K, 5), not {show(boxes.sizes)}", at="boxes")
        return boxes.sizes[0], boxes.dtype
    if isinstance(boxes, Unknown) or vague(boxes):
        return unknown_size(), ""
    if not isinstance(boxes, (list, tuple)) or not boxes:
        wrong(call, "takes a tensor of regions, or a list of boxes for each image", at="boxes")
    counts: list[Dim] = []
    dtypes: list[str] = []
    for part in boxes:
        if not isinstance(part, Tensor) or not part.known:
            if isinstance(part, (Tensor, Unknown)):
                return unknown_size(), ""
            wrong(call, f"a list of boxes holds tensors, not {part!r}", at="boxes")
        if part.rank != 2 or proves_unequal(part.sizes[1], 4):
            wrong(call, f"takes boxes (L, 4) for each image, not {show(part.sizes)}", at="boxes")
        counts.append(part.sizes[0])
        dtypes.append(part.dtype)
    return total(counts), promote(*dtypes)


def pooled(
    call: Call, input: Tensor, boxes: Value, size: tuple[Dim, ...], share: Dim = 1
) -> Tensor:
    """Regions (K, C, *size) of feature maps; `share` channels of the input make one."""
    count, kind = regions(call, boxes)
    at_least(call, 0, "output_size", size)
    features = images(call, input, 2, unbatched=False)
    if kind and kind != features.dtype:
        wrong(call, f"the input is {features.dtype}, the regions are {kind}", at="boxes")
    if not is_floating(features.dtype) and 0 not in (count, *size):
        wrong(call, f"takes an input of floats, not {features.dtype}", at="input")
    channels, link = features.sizes[1], features.axes[1]
    if share != 1:
        if proves_unequal(channels % share, 0):
            call.fail(GROUPS_DIVIDE, at="input", name="channels", got=channels, groups=share)
        channels, link = channels // share, lost(link)
    around = lost(*features.axes[2:], features.seen)
    axes = (lost(features.axes[0]), link, *[lost(a) for a in features.axes[2:]])
    return Tensor((count, channels, *size), axes, seen=around, dtype=features.dtype)


@vision_op("roi_align", "roi_align", types=INPUT_TYPES)
def roi_align(
    call: Call,
    input: AnyRank,
    boxes: object,
    output_size: object,
    spatial_scale: object = 1.0,
    sampling_ratio: object = -1,
    aligned: object = False,
) -> Tensor:
    """Regions of feature maps, each sampled to a size: (K, C, height, width)."""
    return pooled(call, input, boxes, side_lengths(call, output_size, "output_size"))


@vision_op("roi_pool", "roi_pool", types=INPUT_TYPES)
def roi_pool(
    call: Call, input: AnyRank, boxes: object, output_size: object, spatial_scale: object = 1.0
) -> Tensor:
    """Regions of feature maps, each pooled to a size: (K, C, height, width)."""
    return pooled(call, input, boxes, side_lengths(call, output_size, "output_size"))


@vision_op("ps_roi_align", "ps_roi_align", types=INPUT_TYPES)
def ps_roi_align(
    call: Call,
    input: AnyRank,
    boxes: object,
    output_size: object,
    spatial_scale: object = 1.0,
    sampling_ratio: object = -1,
) -> Tensor:
    """As roi_align, each place of its own channels: (K, C/(height*width), height, width)."""
    return by_place(call, input, boxes, side_lengths(call, output_size, "output_size"))


@vision_op("ps_roi_pool", "ps_roi_pool", types=INPUT_TYPES)
def ps_roi_pool(
    call: Call, input: AnyRank, boxes: object, output_size: object, spatial_scale: object = 1.0
) -> Tensor:
    """As roi_pool, each place of its own channels: (K, C/(height*width), height, width)."""
    return by_place(call, input, boxes, side_lengths(call, output_size, "output_size"))


def by_place(call: Call, input: Tensor, boxes: Value, size: tuple[Dim, ...]) -> Tensor:
    at_least(call, 1, "output_size", size)
    return pooled(call, input, boxes, size, size[0] * size[1])


@compiled("roi_align", types=COMPILED_TYPES)
def compiled_roi_align(
    call: Call,
    input: AnyRank,
    rois: Tensor,
    spatial_scale: object,
    pooled_height: Dim,
    pooled_width: Dim,
    sampling_ratio: object,
    aligned: object,
) -> Tensor:
    """As torchvision.ops.roi_align."""
    return pooled(call, input, rois, (pooled_height, pooled_width))


@compiled("roi_pool", types=COMPILED_TYPES)
def compiled_roi_pool(
    call: Call,
    input: AnyRank,
    rois: Tensor,
    spatial_scale: object,
    pooled_height: Dim,
    pooled_width: Dim,
) -> Value:
    """As torchvision.ops.roi_pool, and where the largest values were."""
    found = pooled(call, input, rois, (pooled_height, pooled_width))
    return found, found.like(dtype="int32")


def _by_place(
    call: Call,
    input: AnyRank,
    rois: Tensor,
    spatial_scale: object,
    pooled_height: Dim,
    pooled_width: Dim,
    sampling_ratio: object,
) -> Value:
    """As torchvision.ops.ps_roi_align, and which channels were read."""
    found = by_place(call, input, rois, (pooled_height, pooled_width))
    return found, found.like(dtype="int32")


compiled("ps_roi_align", types=COMPILED_TYPES)(_by_place)


@compiled("ps_roi_pool", types=COMPILED_TYPES)
def compiled_ps_roi_pool(
    call: Call,
    input: AnyRank,
    rois: Tensor,
    spatial_scale: object,
    pooled_height: Dim,
    pooled_width: Dim,
) -> Value:
    """As torchvision.ops.ps_roi_pool, and which channels were read."""
    return _by_place(call, input, rois, spatial_scale, pooled_height, pooled_width, -1)


# -- deformable convolution -------------------------------------------------------------------


@vision_op("deform_conv", "deform_conv2d", types="input:T offset:T weight:T bias:Tn mask:Tn")
def deform_conv2d(
    call: Call,
    input: AnyRank,
    offset: Tensor,
    weight: Tensor,
    bias: object = None,
    stride: object = (1, 1),
    padding: object = (0, 0),
    dilation: object = (1, 1),
    mask: object = None,
) -> Tensor:
    """As conv2d, with an offset for each place of the kernel: (N, 2*groups*kH*kW, H, W)."""
    made, depth, height, width = filters(call, weight, 2)
    windows = windows_of(call, (height, width), stride, padding, dilation)
    biased(call, bias, made)
    input = images(call, input, 2, None, RANK, unbatched=False)
    channels, link = input.sizes[1], input.axes[1]
    groups = channels // depth if depth != 0 else unknown_size()
    if proves_unequal(channels % depth, 0) or less(channels, depth):
        call.fail(CHANNELS, at="input", got=channels, want=depth)
    divides(call, "the number of filters", made, groups, at="weight")
    fits(call, input, windows)
    output = slide(input, windows, made, mixed(link, groups=groups, into=channels, out_of=made))
    places = height * width
    shifts = in_place(call, "offset", offset, output, 2 * places)
    if proves_unequal(channels % (shifts // (2 * places)), 0):
        problem = f"{channels} channels are not divisible by {shifts // (2 * places)} offset groups"
        wrong(call, problem, at="offset")
    if isinstance(mask, Tensor) and mask.known:
        count = in_place(call, "mask", mask, output, places)
        if proves_unequal(count * 2, shifts):
            wrong(call, f"mask has {count} channels for {shifts} of offset", at="mask")
    for name, other in (("offset", offset), ("weight", weight), ("mask", mask), ("bias", bias)):
        if isinstance(other, Tensor) and other.dtype != input.dtype:
            wrong(call, f"the input is {input.dtype}, {name} is {other.dtype}", at=name)
    moved = whole(*offset.axes[1:2], offset.seen)
    axes = (*output.axes[:2], *[lost(a, *offset.axes[2:]) for a in output.axes[2:]])
    return weighed(output.like(output.sizes, axes, seen=joined(moved, output.seen)), weight)


def in_place(call: Call, name: str, value: Tensor, output: Tensor, share: Dim) -> Dim:
    """The channels of an offset or mask, which has those for each place of the output."""
    if value.rank != 4:
        wrong(call, f"takes an {name} of 4 dimensions, not {value.rank}", at=name)
    count, sizes = value.sizes[1], (output.sizes[0], *output.sizes[2:])
    if proves_unequal(count % share, 0) or count == 0:
        wrong(call, f"{name} has {count} channels, no multiple of {share}", at=name)
    own = (value.sizes[0], *value.sizes[2:])
    if any(map(proves_unequal, own, sizes)):
        want = f"({sizes[0]}, {count}, {sizes[1]}, {sizes[2]})"
        wrong(call, f"{name} is {show(value.sizes)}; it has to be {want}", at=name)
    return count


@compiled(
    "deform_conv2d",
    types="input:T weight:T offset:T mask:T bias:T stride_h:ib stride_w:ib pad_h:ib pad_w:ib"
    " dilation_h:ib dilation_w:ib groups:ib offset_groups:ib use_mask:bi",
)
def compiled_deform_conv2d(
    call: Call,
    input: AnyRank,
    weight: Tensor,
    offset: Tensor,
    mask: Tensor,
    bias: Tensor,
    stride_h: object,
    stride_w: object,
    pad_h: object,
    pad_w: object,
    dilation_h: object,
    dilation_w: object,
    groups: object,
    offset_groups: object,
    use_mask: object,
) -> Tensor:
    """As torchvision.ops.deform_conv2d."""
    steps = (stride_h, stride_w), (pad_h, pad_w), (dilation_h, dilation_w)
    return deform_conv2d(
        call, input, offset, weight, bias, *steps, mask if use_mask is True else None
    )


# -- parts that are dropped -------------------------------------------------------------------


def chance(call: Call, p: object) -> None:
    """Fail at what is no probability."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        wrong(call, f"the probability has to be between 0 and 1, not {p}", at="p")


@vision_op("stochastic_depth", "stochastic_depth", types="p:f")
def stochastic_depth(
    call: Call, input: object, p: object, mode: object, training: object = True
) -> Value:
    """The input, or rows of it, at random set to 0."""
    chance(call, p)
    if not isinstance(mode, Unknown) and mode not in ("batch", "row"):
        wrong(call, f"the mode has to be 'batch' or 'row', not {mode!r}", at="mode")
    drops = call.host.truth(training) and isinstance(p, (int, float)) and p != 0
    if not drops or isinstance(input, Unknown):
        return input
    if not isinstance(input, Tensor):
        wrong(call, f"takes a tensor, not {input!r}", at="input")
    if p != 1 and not is_floating(input.dtype):
        wrong(call, f"takes an input of floats, not {input.dtype}", at="input")
    if mode == "row" and input.known and not input.rank:
        wrong(call, "takes a batch, not a single number", at="input")
    return input


def _drop_block(count: int) -> None:
    """`drop_block` over images of `count` spatial axes."""

    @vision_op("drop_block", f"drop_block{count}d", types="input:T p:f")
    def drop_block(
        call: Call,
        input: AnyRank,
        p: object,
        block_size: object,
        inplace: object = False,
        eps: object = 1e-06,
        training: object = True,
    ) -> Tensor:
        """The input, in blocks at random set to 0."""
        return blocks_dropped(call, count, input, p, block_size, training)


def blocks_dropped(
    call: Call, count: int, input: Tensor, p: object, block_size: object, training: object
) -> Tensor:
    """The input, whose layout may become another one."""
    chance(call, p)
    input = images(call, input, count, unbatched=False)
    if not call.host.truth(training) or p == 0 or not isinstance(p, (int, float)):
        return input
    block = block_of(call, block_size, input.sizes[2:])
    if isinstance(block, int):
        if block % 2 == 0:
            wrong(call, f"the block size has to be odd, not {block}", at="block_size")
        pool = OPS[f"torch.nn.functional.max_pool{count}d"]
        call.invoke(pool, input, block, 1, block // 2)
    return input.like(input.sizes, input.axes)


def block_of(call: Call, block_size: object, sizes: Sequence[Dim]) -> Dim:
    """The size of a block, which is no larger than the image."""
    if isinstance(block_size, float):
        if not all(isinstance(n, int) and n <= block_size for n in sizes):
            wrong(call, f"the block size has to be an integer, not {block_size}", at="block_size")
        return minimum(*sizes)
    block = size_of(block_size)
    if block is None:
        wrong(call, f"the block size has to be an integer, not {block_size!r}", at="block_size")
    return minimum(block, *sizes)


for _count in (2, 3):
    _drop_block(_count)
