"""torchvision, with stand-ins for its compiled operators where its own cannot be loaded.

A stand-in has the shapes and the refusals of the real one, not its numbers.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

from tests.judge import torch

ROIS = "Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width"
SCHEMAS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "roi_align": f"({ROIS}, int sampling_ratio, bool aligned) -> Tensor",
    "roi_pool": f"({ROIS}) -> (Tensor, Tensor)",
    "ps_roi_align": f"({ROIS}, int sampling_ratio) -> (Tensor, Tensor)",
    "ps_roi_pool": f"({ROIS}) -> (Tensor, Tensor)",
    "box_iou_rotated": "(Tensor boxes1, Tensor boxes2) -> Tensor",
    "deform_conv2d": "(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias,"
    " SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h,"
    " SymInt dilation_w, SymInt groups, SymInt offset_groups, bool use_mask) -> Tensor",
}


@cache
def loaded() -> bool:
    """Whether torchvision can be imported; defines what its library would."""
    try:
        importlib.import_module("torchvision")
    except ImportError:
        return False
    except RuntimeError:  # its library is for another torch, or for another machine
        for name in [n for n in sys.modules if n.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        define()
        importlib.import_module("torchvision")
        for name in ("torchvision.extension", "torchvision.ops.roi_align"):
            vars(importlib.import_module(name))["_has_ops"] = lambda: True
    return True


LIBRARIES: list[Any] = []
"""What is defined lasts as long as the object that defined it."""


def define() -> None:
    library = torch.library.Library("torchvision", "FRAGMENT")
    LIBRARIES.append(library)
    for name, schema in SCHEMAS.items():
        library.define(name + schema)
        if name in KERNELS:
            library.impl(name, KERNELS[name], "CPU")


def check(*conditions: bool) -> None:
    if not all(conditions):
        refuse("a check of the compiled operator")


def refuse(what: str) -> NoReturn:
    raise RuntimeError(what)


def nms(dets: Any, scores: Any, iou_threshold: float) -> Any:
    check(dets.dim() == 2, scores.dim() == 1)
    check(dets.size(1) == 4, dets.size(0) == scores.size(0), dets.dtype == scores.dtype)
    return torch.arange((len(scores) + 1) // 2)


def pooled(image: Any, rois: Any, height: int, width: int, share: int = 1) -> Any:
    """Zeros of the size of pooled regions; `share` channels of the image make one."""
    check(rois.size(1) == 5, rois.dim() == 2, image.dtype == rois.dtype, image.dim() == 4)
    check(share > 0 and image.size(1) % share == 0)
    check(image.dtype.is_floating_point or not rois.size(0) * height * width * image.size(1))
    return image.new_zeros((rois.size(0), image.size(1) // share, height, width))


def roi_align(image: Any, rois: Any, scale: float, height: int, width: int, *options: Any) -> Any:
    return pooled(image, rois, height, width)


def roi_pool(image: Any, rois: Any, scale: float, height: int, width: int) -> Any:
    found = pooled(image, rois, height, width)
    return found, found.int()


def ps_roi(image: Any, rois: Any, scale: float, height: int, width: int, *options: Any) -> Any:
    found = pooled(image, rois, height, width, height * width)
    return found, found.int()


def box_iou_rotated(boxes1: Any, boxes2: Any) -> Any:
    check(boxes1.dim() == 2, boxes2.dim() == 2, boxes1.size(1) == 5, boxes2.size(1) == 5)
    return boxes1.new_zeros((boxes1.size(0), boxes2.size(0)), dtype=torch.float32)


def deform_conv2d(image: Any, weight: Any, offset: Any, mask: Any, bias: Any, *numbers: int) -> Any:
    *geometry, groups, offset_groups, use_mask = numbers
    check(all(t.dim() == 4 for t in (image, weight, offset)), not use_mask or mask.dim() == 4)
    window, sizes = weight.shape[2:], []
    strides, pads, dilations = geometry[:2], geometry[2:4], geometry[4:]
    check(min(window) > 0, min(strides) > 0, min(pads) >= 0, min(dilations) > 0)
    for n, k, s, p, d in zip(image.shape[2:], window, strides, pads, dilations, strict=True):
        sizes.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
    parts = offset_groups * window[0] * window[1]
    check(groups > 0 and weight.size(1) * groups == image.size(1), weight.size(0) % groups == 0)
    check(offset.size(1) == 2 * parts, image.size(1) % offset_groups == 0)
    check(offset.size(0) == image.size(0) == mask.size(0), list(offset.shape[2:]) == sizes)
    check(not use_mask or (mask.size(1) == parts and list(mask.shape[2:]) == sizes))
    check(min(sizes) > 0, len({t.dtype for t in (image, weight, offset, mask, bias)}) == 1)
    check(image.dtype.is_floating_point or not image.size(0))
    made = image.new_zeros((image.size(0), weight.size(0), *sizes))
    return made + bias.view(1, -1, 1, 1) if image.size(0) else made


KERNELS: dict[str, Callable[..., Any]] = {
    "nms": nms,
    "roi_align": roi_align,
    "roi_pool": roi_pool,
    "ps_roi_align": ps_roi,
    "ps_roi_pool": ps_roi,
    "box_iou_rotated": box_iou_rotated,
    "deform_conv2d": deform_conv2d,
}
