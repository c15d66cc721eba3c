"""`torchvision.transforms.functional`: what becomes of an image's channels, height and width.

An image is PIL's, or a tensor that ends in (channels, height, width). What is not known but goes
through a transform that fixes the size has that size afterwards. Version 2 takes more than
version 1: what it refuses differs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from conv_lsp.dims import Dim, Expr, equal, less, less_equal, proves_unequal, unknown_size
from conv_lsp.findings import PAD_TOO_LARGE
from conv_lsp.library.images import (
    Image,
    alike,
    geometry_of,
    reshaped,
    role_of,
    several,
    sides,
)
from conv_lsp.library.iterators import vague
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import NAMES, Call, op, size_of
from conv_lsp.library.sliding import wrong
from conv_lsp.values import Tensor, Unknown, Value

F = TypeVar("F", bound=Callable[..., Any])
FIRST: Final = "torchvision.transforms.functional"
SECOND: Final = "torchvision.transforms.v2.functional"


def first(*names: str) -> Callable[[F], F]:
    """Declare a function of version 1."""
    return op(*(f"{FIRST}.{name}" for name in names))


def second(*names: str, given: str = "inpt") -> Callable[[F], F]:
    """Declare a function of version 2, which calls the image otherwise."""

    def declare(function: F) -> F:
        for name in names:
            op(f"{SECOND}.{name}")(renamed(function, given))
        return function

    return declare


def renamed(function: Callable[..., Value], given: str) -> Callable[..., Value]:
    """The function with another name for its first parameter."""

    def rule(call: Call, *args: Value, **kwargs: Value) -> Value:
        return function(call, *args, **kwargs)

    signature = inspect.signature(function)
    call, img, *rest = signature.parameters.values()
    parameters = [call, img.replace(name=given), *rest]
    rule.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    rule.__doc__ = function.__doc__
    return rule


def both(*names: str, kinds: str = "") -> Callable[[F], F]:
    """Declare a function of both versions; `kinds` are version 2's kernels: image, video, mask."""

    def declare(function: F) -> F:
        first(*names)(function)
        second(*names)(function)
        for kind in kinds.split():
            second(*(f"{name}_{kind}" for name in names), given=kind)(function)
        return function

    return declare


# -- what is taken ----------------------------------------------------------------------------


def a_tensor(call: Call, img: Value) -> None:
    """Fail at an image of PIL."""
    if isinstance(img, Image):
        wrong(call, "takes a tensor, not an image of PIL", at="img")


def no_tensor(call: Call, img: Value) -> None:
    """Fail at a tensor, where an image of PIL is taken."""
    if isinstance(img, Tensor) and not isinstance(img, Array) and img.known:
        wrong(call, "takes an image of PIL, not a tensor", at="img")


def channels_in(call: Call, img: Value, taken: Sequence[int]) -> None:
    """Fail at a tensor with another number of channels."""
    own = geometry_of(img)
    if not isinstance(img, Tensor) or own is None:
        return
    if all(proves_unequal(own[0], n) for n in taken):
        wanted = " or ".join(map(str, taken))
        wrong(call, f"takes {wanted} channels, not {own[0]}", at="img")


def an_image(call: Call, img: Value, least: int = 2) -> None:
    """Fail at a tensor of too few dimensions."""
    if isinstance(img, Tensor) and img.known and img.rank < least:
        wrong(call, f"takes an image of {least} dimensions at least, not {img.rank}", at="img")


def pair_of(call: Call, size: Value, at: str = "size") -> tuple[Dim, Dim]:
    """A height and a width; fails at other numbers of sizes."""
    if isinstance(size, (tuple, list)) and not vague(size) and len(size) not in (1, 2):
        wrong(call, f"takes a height and a width, not {len(size)} numbers", at=at)
    if isinstance(size, (str, dict)) or size is None:
        wrong(call, f"takes one size or two, not {size!r}", at=at)
    return sides(size) or (unknown_size(), unknown_size())


def unchanged(img: Value) -> Value:
    """A new image of the same size."""
    if isinstance(img, Image):
        return img.resized(*img.geometry()[1:])
    if isinstance(img, Tensor) and img.known:
        return alike(img, img.sizes)
    return img


# -- size -------------------------------------------------------------------------------------


@both("resize", kinds="image video mask")
def resize(
    call: Call,
    img: object,
    size: object,
    interpolation: object = None,
    max_size: object = None,
    antialias: object = True,
) -> Value:
    """To (height, width); a single number is that of the shorter side."""
    if size is None and isinstance(max_size, int):
        return by_longer_side(img, max_size)
    pair = pair_of(call, size)
    two = isinstance(size, (tuple, list)) and len(size) == 2
    if two and max_size is not None:
        wrong(call, "max_size goes with the size of the shorter side only", at="max_size")
    own = geometry_of(img)
    if not two:
        if own is None:
            pair = (unknown_size(), unknown_size())
        else:
            pair = by_shorter_side(call, own[1], own[2], pair[0], max_size)
    for side in pair:
        if less(side, 1):
            wrong(call, f"the size would be {pair[0]}×{pair[1]}", at="size")
    if own is not None and isinstance(img, Tensor) and img.rank == 2:
        if any(map(proves_unequal, own[1:], pair)):
            an_image(call, img, 3)
        return img
    an_image(call, img)
    return reshaped(img, None, *pair)


def by_shorter_side(
    call: Call, height: Dim, width: Dim, size: Dim, max_size: Value
) -> tuple[Dim, Dim]:
    """The size that keeps the aspect; the longer side is rounded down."""
    if max_size is not None and (limit := size_of(max_size)) is not None:
        if less_equal(limit, size):
            problem = f"max_size {limit} has to be more than the size {size}"
            wrong(call, problem, at="max_size")
        if not all(isinstance(v, int) for v in (height, width, size, limit)):
            return unknown_size(), unknown_size()
        short, long = limited(int_of(height), int_of(width), int_of(size), int_of(limit))
        return (short, long) if int_of(height) <= int_of(width) else (long, short)
    if equal(height, width):
        return size, size
    if all(isinstance(v, int) for v in (height, width, size)):
        h, w, s = int_of(height), int_of(width), int_of(size)
        if not h or not w:
            return unknown_size(), unknown_size()
        return (s, int(s * w / h)) if h <= w else (int(s * h / w), s)
    if less_equal(height, width):
        return size, unknown_size()
    return unknown_size(), unknown_size() if not less_equal(width, height) else size


def limited(height: int, width: int, size: int, limit: int) -> tuple[int, int]:
    """The shorter and the longer side, where the longer one has a limit."""
    short, long = min(height, width), max(height, width)
    new = int(size * long / short) if short else limit
    return (int(limit * size / new), limit) if new > limit else (size, new)


def by_longer_side(img: Value, size: int) -> Value:
    """The size of the longer side is given."""
    own = geometry_of(img)
    if own is None or not all(isinstance(v, int) and v for v in own[1:]):
        return reshaped(img, None, unknown_size(), unknown_size())
    height, width = int_of(own[1]), int_of(own[2])
    short = int(size * min(height, width) / max(height, width))
    pair = (short, size) if height <= width else (size, short)
    return reshaped(img, None, *pair)


def int_of(value: Dim) -> int:
    """A size that is known to be a number."""
    assert isinstance(value, int)
    return value


@both("center_crop", kinds="image video mask")
def center_crop(call: Call, img: object, output_size: object) -> Value:
    """To (height, width), from the middle; a smaller image is padded."""
    pair = pair_of(call, output_size, "output_size")
    an_image(call, img)
    return reshaped(img, None, *pair)


@both("crop", kinds="image video mask")
def crop(
    call: Call, img: object, top: object, left: object, height: object, width: object
) -> Value:
    """To (height, width), from a corner."""
    an_image(call, img)
    pair = sides((height, width))
    return reshaped(img, None, *(pair or (unknown_size(), unknown_size())))


@both("resized_crop", kinds="image video mask")
def resized_crop(
    call: Call,
    img: object,
    top: object,
    left: object,
    height: object,
    width: object,
    size: object,
    interpolation: object = None,
    antialias: object = True,
) -> Value:
    """A part of the image, resized."""
    return resize(call, crop(call, img, top, left, height, width), size)


@both("five_crop", kinds="image video")
def five_crop(call: Call, img: object, size: object) -> Value:
    """The four corners and the middle: five images of (height, width)."""
    height, width = pair_of(call, size)
    fits(call, img, height, width)
    return tuple(reshaped(img, None, height, width) for _ in range(5))


@both("ten_crop", kinds="image video")
def ten_crop(call: Call, img: object, size: object, vertical_flip: object = False) -> Value:
    """Five crops and their mirror images: ten images of (height, width)."""
    return (*five_crop(call, img, size), *five_crop(call, img, size))


def fits(call: Call, img: Value, height: Dim, width: Dim) -> None:
    """Fail at a crop that is larger than the image."""
    own = geometry_of(img)
    if own is not None and (less(own[1], height) or less(own[2], width)):
        wrong(call, f"the crop is {height}×{width}, the image {own[1]}×{own[2]}", at="img")


PAD_MODES: Final = ("constant", "edge", "reflect", "symmetric")


@both("pad", kinds="image video mask")
def pad(
    call: Call, img: object, padding: object, fill: object = 0, padding_mode: object = "constant"
) -> Value:
    """Adds a border: one number, (left and right, top and bottom), or one for each side."""
    check_padding(call, padding, padding_mode)
    an_image(call, img)
    own, added = geometry_of(img), border(padding)
    if own is None or added is None:
        return reshaped(img, None, unknown_size(), unknown_size())
    if padding_mode == "reflect" and isinstance(img, Tensor):
        for size, both_ends in zip(own[1:], reversed(added), strict=True):
            for end in both_ends:
                if less_equal(size, end):
                    given = {"padding": end, "size": size, "mode": "reflect"}
                    call.fail(PAD_TOO_LARGE, at="padding", **given)
    across, down = (a + b for a, b in added)
    return reshaped(img, None, own[1] + down, own[2] + across)


def check_padding(call: Call, padding: Value, padding_mode: Value) -> None:
    """Fail at what is no padding."""
    if isinstance(padding_mode, str) and padding_mode not in PAD_MODES:
        wrong(call, f"there is no mode {padding_mode!r}", at="padding_mode")
    if isinstance(padding, (tuple, list)) and not vague(padding) and len(padding) not in (1, 2, 4):
        wrong(call, f"takes 1, 2 or 4 numbers, not {len(padding)}", at="padding")
    if isinstance(padding, (str, dict)) or padding is None:
        wrong(call, f"takes 1, 2 or 4 numbers, not {padding!r}", at="padding")


def border(padding: Value) -> tuple[tuple[Dim, Dim], tuple[Dim, Dim]] | None:
    """What a padding adds on the left and right, and at the top and bottom."""
    parts = list(padding) if isinstance(padding, (tuple, list)) else [padding]
    values = [v for v in parts if isinstance(v, (int, Expr))]
    if len(values) != len(parts) or len(values) not in {1, 2, 4}:
        return None
    if len(values) == 4:
        left, top, right, bottom = values
        return (left, right), (top, bottom)
    return (values[0], values[0]), (values[-1], values[-1])


@both("rotate", kinds="image video mask")
def rotate(
    call: Call,
    img: object,
    angle: object,
    interpolation: object = None,
    expand: object = False,
    center: object = None,
    fill: object = None,
) -> Value:
    """Of the same size; with `expand` it depends on the angle."""
    an_image(call, img)
    if call.host.truth(expand) is False:
        return unchanged(img)
    return reshaped(img, None, unknown_size(), unknown_size())


# -- what an image is -------------------------------------------------------------------------


@both("get_dimensions", kinds="image video")
def get_dimensions(call: Call, img: object) -> Value:
    """[channels, height, width]"""
    an_image(call, img)
    own = geometry_of(img)
    return Unknown("the size of an image") if own is None else several(call, list(own))


@both("get_image_size")
def get_image_size(call: Call, img: object) -> Value:
    """[width, height]"""
    an_image(call, img)
    own = geometry_of(img)
    return Unknown("the size of an image") if own is None else several(call, [own[2], own[1]])


@second("get_size")
@second("get_size_image", given="image")
@second("get_size_video", given="video")
@second("get_size_mask", given="mask")
def get_size(call: Call, img: object) -> Value:
    """[height, width]"""
    own = geometry_of(img)
    return Unknown("the size of an image") if own is None else several(call, list(own[1:]))


@both("get_image_num_channels")
@second("get_num_channels")
@second("get_num_channels_image", given="image")
@second("get_num_channels_video", given="video")
def get_num_channels(call: Call, img: object) -> Value:
    """The number of channels."""
    an_image(call, img)
    own = geometry_of(img)
    return Unknown("the channels of an image") if own is None else own[0]


@second("get_num_frames")
@second("get_num_frames_video", given="video")
def get_num_frames(call: Call, img: object) -> Value:
    """The number of frames of a video."""
    known = isinstance(img, Tensor) and img.known and img.rank >= 4
    return img.sizes[-4] if known else Unknown("the frames of a video")  # type: ignore[attr-defined]


@second("uniform_temporal_subsample")
@second("uniform_temporal_subsample_video", given="video")
def uniform_temporal_subsample(call: Call, img: object, num_samples: object) -> Value:
    """Some frames of a video (..., frames, channels, height, width)."""
    if not isinstance(img, Tensor) or not img.known or img.rank < 4:
        return img
    count = size_of(num_samples)
    sizes = img.sizes
    return alike(img, (*sizes[:-4], unknown_size() if count is None else count, *sizes[-3:]))


@second("is_pure_tensor")
def is_pure_tensor(call: Call, img: object) -> Value:
    """Whether it is a tensor, and none of torchvision.tv_tensors."""
    if isinstance(img, Unknown):
        return Unknown(img.why)
    return type(img) is Tensor and role_of(img) is None


for _package in (
    FIRST,
    SECOND,
    FIRST.removesuffix(".functional"),
    SECOND.removesuffix(".functional"),
):
    for _name in "BILINEAR BICUBIC NEAREST NEAREST_EXACT LANCZOS BOX HAMMING".split():
        NAMES[f"{_package}.InterpolationMode.{_name}"] = _name.lower().replace("_", "-")
