"""`torchvision.ops` for boxes: areas, overlaps, conversions and the losses made of them.

Boxes are rows of four numbers. What is declared here stands in for torchvision's own source, which
goes first where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from conv_lsp.axes import lost, whole
from conv_lsp.dims import Dim, less, proves_unequal, unknown_size
from conv_lsp.library.algebra import (
    broadcast_shapes,
    is_floating,
    pointwise,
    promote,
    promote_operands,
    reduce,
    show,
)
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.iterators import vague
from conv_lsp.library.layout import insert
from conv_lsp.library.losses import summed
from conv_lsp.library.registry import OPS, Call, op
from conv_lsp.library.sliding import numbers, wrong
from conv_lsp.values import SCATTERED, Tensor, Unknown, Value

F = TypeVar("F", bound=Callable[..., Value])
VISION_OPS: Final = "torchvision.ops"

FORMATS: Final = {"xyxy": 4, "xywh": 4, "cxcywh": 4, "xywhr": 5, "cxcywhr": 5, "xyxyxyxy": 8}
"""How many numbers a box has, by what they are."""
PLAIN_FORMATS: Final = ("xyxy", "xywh", "cxcywh")


def vision_op(file: str, *names: str, types: str = "") -> Callable[[F], F]:
    """Declare a function of torchvision.ops, under the file that holds it too."""

    def declare(function: F) -> F:
        for name in names:
            paths = f"{VISION_OPS}.{name}", f"{VISION_OPS}.{file}.{name}"
            OTHER_TYPES.update(dict.fromkeys(paths, types))
            op(*paths)(function)
        return function

    return declare


def compiled(*names: str, types: str) -> Callable[[F], F]:
    """Declare a compiled operator of torchvision, which has no source."""

    def declare(function: F) -> F:
        paths = [f"torch.ops.torchvision.{name}" for name in names]
        OTHER_TYPES.update(dict.fromkeys(paths, types))
        return op(*paths)(function)

    return declare


def coordinates(call: Call, boxes: Tensor, at: str, count: int = 4) -> None:
    """Fail at boxes that have not so many numbers each."""
    if not boxes.rank:
        wrong(call, "takes boxes, not a single number", at=at)
    if proves_unequal(boxes.sizes[-1], count):
        wrong(call, f"takes boxes of {count} numbers each, not {boxes.sizes[-1]}", at=at)


def real(*dtypes: str) -> str:
    """The dtype of what is divided, in the precision of torchvision."""
    return "float64" if promote(*dtypes) == "float64" else "float32"


def no_layout(result: Tensor, *inputs: Tensor) -> Tensor:
    """The result with a layout that is not told, unless all that it is made of is row-major."""
    result.strides = SCATTERED if any(t.strides is not None for t in inputs) else None
    return result


# -- boxes by themselves ----------------------------------------------------------------------


@vision_op("boxes", "box_area", types="boxes:T fmt:s")
def box_area(call: Call, boxes: Tensor, fmt: str = "xyxy") -> Tensor:
    """A number for each box: (..., 4) to (...)."""
    plain_format(call, fmt, "fmt")
    if not boxes.rank or less(boxes.sizes[-1], 4):
        coordinates(call, boxes, "boxes")
    kind = boxes.dtype
    if is_floating(kind):
        kind = real(kind)
    elif kind != "int64":
        kind = "int32"
    return no_layout(reduce(call, boxes, -1, dtype=kind), boxes)


def plain_format(call: Call, fmt: str, at: str) -> None:
    if fmt not in PLAIN_FORMATS:
        wrong(call, f"there is no format {fmt!r}", at=at)


@vision_op("boxes", "box_convert", types="boxes:T in_fmt:s out_fmt:s")
def box_convert(call: Call, boxes: Tensor, in_fmt: str, out_fmt: str) -> Tensor:
    """The same boxes in another format: (..., 4) stays, turned ones have 5 or 8 numbers."""
    for fmt, at in ((in_fmt, "in_fmt"), (out_fmt, "out_fmt")):
        if fmt not in FORMATS:
            wrong(call, f"there is no format {fmt!r}", at=at)
    if in_fmt == out_fmt:
        return boxes.like(boxes.sizes, boxes.axes)
    before, after = FORMATS[in_fmt], FORMATS[out_fmt]
    if (in_fmt in PLAIN_FORMATS) != (out_fmt in PLAIN_FORMATS):
        wrong(call, f"there is no way from {in_fmt!r} to {out_fmt!r}", at="out_fmt")
    coordinates(call, boxes, "boxes", before)
    halves = before == 4 and "cxcywh" in (in_fmt, out_fmt) and not is_floating(boxes.dtype)
    made = boxes.like((*boxes.sizes[:-1], after), (*boxes.axes[:-1], whole(boxes.axes[-1])))
    return no_layout(made.like(dtype="float32") if halves else made)


@vision_op("boxes", "clip_boxes_to_image", types="boxes:T")
def clip_boxes_to_image(call: Call, boxes: Tensor, size: object) -> Tensor:
    """The boxes, within an image of (height, width)."""
    if not boxes.rank:
        coordinates(call, boxes, "boxes")
    if proves_unequal(boxes.sizes[-1] % 2, 0):
        wrong(call, f"{boxes.sizes[-1]} numbers a box are no pairs", at="boxes")
    if isinstance(size, (tuple, list)) and len(size) != 2 and not vague(size):
        wrong(call, f"takes a height and a width, not {len(size)} numbers", at="size")
    for side in size if isinstance(size, (tuple, list)) else ():
        if isinstance(side, (str, list, tuple, dict, type)):
            wrong(call, f"takes a height and a width, not {side!r}", at="size")
    if isinstance(size, (int, float, str, dict, type)) or size is None:
        wrong(call, f"takes a height and a width, not {size!r}", at="size")
    return no_layout(boxes.like(boxes.sizes, boxes.axes))


@vision_op("boxes", "remove_small_boxes", types="boxes:T min_size:f")
def remove_small_boxes(call: Call, boxes: Tensor, min_size: object) -> Tensor:
    """Numbers of the boxes that are large enough: as many as there are."""
    if not boxes.rank or less(boxes.sizes[-1], 4):
        coordinates(call, boxes, "boxes")
    return kept(boxes)


def kept(boxes: Tensor) -> Tensor:
    """The numbers of some boxes."""
    return Tensor((unknown_size(),), (lost(*boxes.axes, boxes.seen),), dtype="int64")


@vision_op("boxes", "masks_to_boxes", types="masks:T")
def masks_to_boxes(call: Call, masks: Tensor) -> Tensor:
    """The box around each mask: (N, H, W) to (N, 4)."""
    if 0 in masks.sizes:
        return Tensor((0, 4))
    if masks.rank != 3:
        wrong(call, f"takes masks (N, H, W), not {show(masks.sizes)}", at="masks")
    around = whole(*masks.axes[1:], masks.seen)
    return Tensor((masks.sizes[0], 4), (masks.axes[0], None), seen=around)


# -- fewer boxes ------------------------------------------------------------------------------


@vision_op("boxes", "nms", types="boxes:T scores:T iou_threshold:f")
def nms(call: Call, boxes: Tensor, scores: Tensor, iou_threshold: object) -> Tensor:
    """Numbers of the boxes that are kept of (N, 4): as many as there are."""
    if boxes.rank != 2:
        wrong(call, f"takes boxes (N, 4), not {show(boxes.sizes)}", at="boxes")
    coordinates(call, boxes, "boxes")
    if scores.rank != 1:
        wrong(call, f"takes scores (N), not {show(scores.sizes)}", at="scores")
    if proves_unequal(boxes.sizes[0], scores.sizes[0]):
        problem = f"{scores.sizes[0]} scores for {boxes.sizes[0]} boxes"
        wrong(call, problem, at="scores")
    if boxes.dtype != scores.dtype:
        wrong(call, f"boxes are {boxes.dtype}, scores {scores.dtype}", at="scores")
    return kept(boxes)


@compiled("nms", "qnms", types="dets:T scores:T iou_threshold:f")
def compiled_nms(call: Call, dets: Tensor, scores: Tensor, iou_threshold: object) -> Tensor:
    """As torchvision.ops.nms."""
    return nms(call, dets, scores, iou_threshold)


@vision_op("boxes", "batched_nms", types="boxes:T")
def batched_nms(
    call: Call, boxes: Tensor, scores: object, idxs: object, iou_threshold: object
) -> Value:
    """As nms, among the boxes of each class."""
    if 0 in boxes.sizes:
        return Tensor((0,), dtype="int64")
    if isinstance(idxs, (Unknown, Tensor)) and not (isinstance(idxs, Tensor) and idxs.known):
        return kept(boxes)
    if not isinstance(idxs, Tensor) or not idxs.rank:
        wrong(call, "takes a class for each box", at="idxs")
    spread = insert(idxs.like(idxs.sizes, idxs.axes, dtype=boxes.dtype), 1)
    return call.invoke(
        OPS[f"{VISION_OPS}.nms"], pointwise(call, boxes, spread), scores, iou_threshold
    )


# -- overlaps ---------------------------------------------------------------------------------


def pairs(call: Call, boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """A number for each pair: (..., N, 4) and (..., M, 4) to (..., N, M)."""
    coordinates(call, boxes1, "boxes1")
    coordinates(call, boxes2, "boxes2")
    if boxes2.rank < 2:
        wrong(call, "takes several boxes, not one", at="boxes2")
    first, second = reduce(call, boxes1, -1), reduce(call, boxes2, -1)
    made = pointwise(call, insert(first, first.rank), insert(second, second.rank - 1))
    return no_layout(made.like(dtype=real(boxes1.dtype, boxes2.dtype)), boxes1, boxes2)


@vision_op("boxes", "box_iou", types="boxes1:T boxes2:T fmt:s")
def box_iou(call: Call, boxes1: Tensor, boxes2: Tensor, fmt: str = "xyxy") -> Tensor:
    """The overlap of each pair: (..., N, 4) and (..., M, 4) to (..., N, M)."""
    if fmt in FORMATS and fmt not in PLAIN_FORMATS:
        return turned_iou(call, boxes1, boxes2, FORMATS[fmt])
    plain_format(call, fmt, "fmt")
    return pairs(call, boxes1, boxes2)


def turned_iou(call: Call, boxes1: Tensor, boxes2: Tensor, count: int) -> Tensor:
    """The overlaps of turned boxes."""
    for boxes, at in ((boxes1, "boxes1"), (boxes2, "boxes2")):
        if boxes.rank != 2:
            wrong(call, f"takes turned boxes (N, {count}), not {show(boxes.sizes)}", at=at)
        coordinates(call, boxes, at, count)
    first, second = reduce(call, boxes1, -1), reduce(call, boxes2, -1)
    made = pointwise(call, insert(first, 1), insert(second, 0))
    return no_layout(made.like(dtype="float32"))


@compiled("box_iou_rotated", types="boxes1:T boxes2:T")
def box_iou_rotated(call: Call, boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """The overlap of each pair of turned boxes: (N, 5) and (M, 5) to (N, M)."""
    return turned_iou(call, boxes1, boxes2, 5)


@vision_op("boxes", "generalized_box_iou", types="boxes1:T boxes2:T")
def generalized_box_iou(call: Call, boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """A number for each pair: (..., N, 4) and (..., M, 4) to (..., N, M)."""
    return pairs(call, boxes1, boxes2)


@vision_op("boxes", "complete_box_iou", "distance_box_iou", types="boxes1:T boxes2:T eps:f")
def complete_box_iou(call: Call, boxes1: Tensor, boxes2: Tensor, eps: object = 1e-7) -> Tensor:
    """A number for each pair: (..., N, 4) and (..., M, 4) to (..., N, M)."""
    return pairs(call, boxes1, boxes2)


# -- losses -----------------------------------------------------------------------------------


def box_loss(
    call: Call, boxes1: Tensor, boxes2: Tensor, reduction: object = "none", eps: object = 1e-7
) -> Tensor:
    """A loss for each pair in order, (..., 4) to (...), or one for all."""
    coordinates(call, boxes1, "boxes1")
    coordinates(call, boxes2, "boxes2")
    first, second = reduce(call, boxes1, -1), reduce(call, boxes2, -1)
    if any(map(proves_unequal, first.sizes, broadcast_shapes(call, first.sizes, second.sizes))) or (
        second.rank > first.rank
    ):
        given = f"{show(boxes2.sizes)} for {show(boxes1.sizes)}"
        wrong(call, f"there has to be a box for each box, not {given}", at="boxes2")
    kind, other = real(boxes1.dtype), real(boxes2.dtype)
    if promote(kind, other) != kind:
        wrong(call, f"the first boxes are {kind}, the second {other}", at="boxes2")
    elements = pointwise(call, first, second).like(dtype=kind)
    return total_of(call, no_layout(elements, boxes1, boxes2), reduction)


def total_of(call: Call, elements: Tensor, reduction: object) -> Tensor:
    """The reduction; torchvision knows no means over the batch."""
    if reduction == "batchmean":
        wrong(call, "'batchmean' is no reduction", at="reduction")
    return summed(call, elements, reduction)


for _file, _name in (
    ("giou_loss", "generalized_box_iou_loss"),
    ("diou_loss", "distance_box_iou_loss"),
    ("ciou_loss", "complete_box_iou_loss"),
):
    vision_op(_file, _name, types="boxes1:T boxes2:T eps:f")(box_loss)


@vision_op("focal_loss", "sigmoid_focal_loss", types="inputs:T targets:T alpha:f gamma:f")
def sigmoid_focal_loss(
    call: Call,
    inputs: Tensor,
    targets: Tensor,
    alpha: object = 0.25,
    gamma: object = 2,
    reduction: object = "none",
) -> Tensor:
    """A loss for each element, or one for all."""
    if isinstance(alpha, (int, float)) and not 0 <= alpha <= 1 and alpha != -1:
        wrong(call, f"alpha has to be between 0 and 1, or -1, not {alpha}", at="alpha")
    path = "torch.nn.functional.binary_cross_entropy_with_logits"
    elements: Value = OPS[path](call, (inputs, targets), {"reduction": "none"})
    if not isinstance(elements, Tensor) or not elements.known:
        return Tensor(Unknown("a loss of unknown shape"))
    kind = promote_operands([inputs, targets])
    return total_of(call, elements.like(elements.sizes, elements.axes, dtype=kind), reduction)


def side_lengths(call: Call, size: object, at: str) -> tuple[Dim, ...]:
    """A height and a width, of one number or the first two of several."""
    if isinstance(size, (tuple, list)) and not vague(size):
        if len(size) < 2:
            wrong(call, f"{at} has {len(size)} numbers for 2 axes", at=at)
        size = tuple(int(v) if isinstance(v, bool) else v for v in size[:2])
    return numbers(call, int(size) if isinstance(size, bool) else size, 2, at)
