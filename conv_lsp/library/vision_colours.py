"""`torchvision.transforms.functional`: what leaves the size of an image alone, or makes another kind of it."""

from __future__ import annotations

import inspect
from typing import Final

from conv_lsp.dims import Dim, less, less_equal, proves_unequal, unknown_size
from conv_lsp.findings import BROADCAST, PAD_TOO_LARGE
from conv_lsp.library.algebra import is_floating, show
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.images import (
    Image,
    alike,
    as_image,
    as_tensor,
    geometry_of,
    image,
    reshaped,
    sides,
)
from conv_lsp.library.iterators import vague
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import Call, size_of
from conv_lsp.library.sliding import wrong
from conv_lsp.library.vision_functional import (
    a_tensor,
    an_image,
    both,
    channels_in,
    first,
    no_tensor,
    second,
    unchanged,
)
from conv_lsp.values import Tensor, Unknown, Value

# -- the same size ----------------------------------------------------------------------------


@both("horizontal_flip", "vertical_flip", kinds="image video mask")
@first("hflip", "vflip")
@second("hflip", "vflip")
def flip(call: Call, img: object) -> Value:
    """Of the same size."""
    an_image(call, img, 1)
    return unchanged(img)


@both("affine", kinds="image video mask")
def affine(
    call: Call,
    img: object,
    angle: object,
    translate: object,
    scale: object,
    shear: object,
    interpolation: object = None,
    fill: object = None,
    center: object = None,
) -> Value:
    """Of the same size."""
    an_image(call, img)
    return unchanged(img)


@both("perspective", kinds="image video mask")
def perspective(
    call: Call,
    img: object,
    startpoints: object,
    endpoints: object,
    interpolation: object = None,
    fill: object = None,
    coefficients: object = None,
) -> Value:
    """Of the same size."""
    an_image(call, img)
    return unchanged(img)


@both("elastic_transform")
@second("elastic")
@second("elastic_image", given="image")
@second("elastic_video", given="video")
@second("elastic_mask", given="mask")
def elastic_transform(
    call: Call, img: object, displacement: object, interpolation: object = None, fill: object = None
) -> Value:
    """Of the same size; the displacement is (1, height, width, 2)."""
    own = geometry_of(img)
    if isinstance(displacement, Tensor) and displacement.known and own is not None:
        want = (1, own[1], own[2], 2)
        if displacement.rank != 4 or any(map(proves_unequal, displacement.sizes, want)):
            given = f"{show(displacement.sizes)}, it has to be {show(want)}"
            wrong(call, f"the displacement is {given}", at="displacement")
    return unchanged(img)


@both("erase", kinds="image video")
def erase(
    call: Call,
    img: object,
    i: object,
    j: object,
    h: object,
    w: object,
    v: object,
    inplace: object = False,
) -> Value:
    """Of the same size."""
    return unchanged(img)


@both("gaussian_blur", kinds="image video")
def gaussian_blur(call: Call, img: object, kernel_size: object, sigma: object = None) -> Value:
    """Of the same size; the kernel is odd, and reaches no further than the image."""
    sizes = kernel_of(call, kernel_size)
    own = geometry_of(img)
    if own is not None and sizes is not None:
        for size, kernel in zip(own[1:], reversed(sizes), strict=True):
            if less_equal(size, kernel // 2):
                given = {"padding": kernel // 2, "size": size, "mode": "reflect"}
                call.fail(PAD_TOO_LARGE, at="kernel_size", **given)
    return unchanged(img)


def kernel_of(call: Call, kernel_size: Value) -> tuple[Dim, Dim] | None:
    """A kernel's width and height."""
    sizes = sides(kernel_size)
    for size in sizes or ():
        if isinstance(size, int) and (size % 2 == 0 or size < 0):
            wrong(call, f"the kernel has to be odd and positive, not {size}", at="kernel_size")
    return sizes


@second("gaussian_noise")
@second("gaussian_noise_image", given="image")
@second("gaussian_noise_video", given="video")
def gaussian_noise(
    call: Call, img: object, mean: object = 0.0, sigma: object = 0.1, clip: object = True
) -> Value:
    """Of the same size."""
    return unchanged(img)


@second("jpeg", "jpeg_image", given="image")
@second("jpeg_video", given="video")
def jpeg(call: Call, img: object, quality: object) -> Value:
    """Of the same size."""
    return unchanged(img)


# -- colours ----------------------------------------------------------------------------------

COLOURED: Final = (1, 3)


def _colour(name: str, *parameters: str) -> None:
    """A function that changes colours only, of images with 1 or 3 channels."""

    def rule(call: Call, img: object, *args: object, **kwargs: object) -> Value:
        if name != "adjust_gamma":
            channels_in(call, img, COLOURED)
        return unchanged(img)

    kept = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in parameters]
    head = list(inspect.signature(rule).parameters.values())[:2]
    if name == "adjust_gamma":
        kept[-1] = kept[-1].replace(default=1)
    rule.__signature__ = inspect.Signature([*head, *kept])  # type: ignore[attr-defined]
    rule.__doc__ = "Of the same size."
    both(name, kinds="image video")(rule)


for _name, _words in {
    "adjust_brightness": "brightness_factor",
    "adjust_contrast": "contrast_factor",
    "adjust_gamma": "gamma gain",
    "adjust_hue": "hue_factor",
    "adjust_saturation": "saturation_factor",
    "adjust_sharpness": "sharpness_factor",
    "autocontrast": "",
}.items():
    _colour(_name, *_words.split())


@second("equalize", "invert")
@second("equalize_image", "invert_image", given="image")
@second("equalize_video", "invert_video", given="video")
def recoloured(call: Call, img: object) -> Value:
    """Of the same size."""
    return unchanged(img)


@first("equalize")
def equalize(call: Call, img: object) -> Value:
    """Of the same size."""
    bytes_only(call, img)
    return unchanged(img)


@first("invert")
def invert(call: Call, img: object) -> Value:
    """Of the same size."""
    an_image(call, img, 3)
    channels_in(call, img, COLOURED)
    return unchanged(img)


@first("posterize")
def posterize(call: Call, img: object, bits: object) -> Value:
    """Of the same size."""
    bytes_only(call, img)
    return unchanged(img)


def bytes_only(call: Call, img: Value) -> None:
    """Fail at a tensor of anything but bytes, with 1 or 3 channels."""
    an_image(call, img, 3)
    if isinstance(img, Tensor) and img.known and img.dtype != "uint8":
        wrong(call, f"takes an image of uint8, not of {img.dtype}", at="img")
    channels_in(call, img, COLOURED)


@second("posterize")
@second("posterize_image", given="image")
@second("posterize_video", given="video")
def posterize_second(call: Call, img: object, bits: object) -> Value:
    """Of the same size."""
    return unchanged(img)


@both("solarize", kinds="image video")
def solarize(call: Call, img: object, threshold: object) -> Value:
    """Of the same size."""
    return unchanged(img)


@first("rgb_to_grayscale")
def rgb_to_grayscale(call: Call, img: object, num_output_channels: object = 1) -> Value:
    """To one channel, or to three that are equal; a grey tensor stays as it is."""
    return grey(call, img, num_output_channels, spreads=False)


@second("rgb_to_grayscale", "to_grayscale")
@second("rgb_to_grayscale_image", given="image")
def rgb_to_grayscale_second(call: Call, img: object, num_output_channels: object = 1) -> Value:
    """To one channel, or to three that are equal."""
    return grey(call, img, num_output_channels, spreads=True)


def grey(call: Call, img: Value, num_output_channels: Value, *, spreads: bool) -> Value:
    """A grey image; whether a tensor that is grey gets as many channels as are wanted."""
    if isinstance(num_output_channels, int) and num_output_channels not in COLOURED:
        wrong(call, f"makes 1 or 3 channels, not {num_output_channels}", at="num_output_channels")
    an_image(call, img, 3)
    channels_in(call, img, COLOURED)
    own = geometry_of(img) or (1, unknown_size(), unknown_size())
    channels = size_of(num_output_channels)
    if channels is None:
        channels = unknown_size()
    elif isinstance(img, Tensor) and not isinstance(img.shape, Unknown):
        if not isinstance(own[0], int):
            channels = channels if channels == 1 else unknown_size()
        elif own[0] == 1 and not spreads:
            channels = 1
        return reshaped(img, channels, own[1], own[2])
    if isinstance(img, Tensor):
        return reshaped(img, channels, own[1], own[2])
    return image(channels, own[1], own[2], "L" if channels == 1 else "RGB")


@first("to_grayscale")
def to_grayscale(call: Call, img: object, num_output_channels: object = 1) -> Value:
    """As rgb_to_grayscale, of images of PIL."""
    no_tensor(call, img)
    return rgb_to_grayscale(call, img, num_output_channels)


@second("grayscale_to_rgb")
@second("grayscale_to_rgb_image", given="image")
def grayscale_to_rgb(call: Call, img: object) -> Value:
    """To three channels."""
    own = geometry_of(img)
    if own is None:
        return reshaped(img, 3, unknown_size(), unknown_size())
    if isinstance(img, Tensor):
        return reshaped(img, 3, own[1], own[2]) if own[0] == 1 else unchanged(img)
    return image(3, own[1], own[2], "RGB")


@second("permute_channels")
@second("permute_channels_image", given="image")
@second("permute_channels_video", given="video")
def permute_channels(call: Call, img: object, permutation: object) -> Value:
    """Of the same size."""
    own = geometry_of(img)
    if isinstance(permutation, (tuple, list)) and own is not None and not vague(permutation):
        if proves_unequal(own[0], len(permutation)):
            problem = f"{len(permutation)} numbers for {own[0]} channels"
            wrong(call, problem, at="permutation")
    return unchanged(img)


# -- numbers ----------------------------------------------------------------------------------


@first("normalize")
def normalize(
    call: Call, tensor: object, mean: object, std: object, inplace: object = False
) -> Value:
    """Of the same size: as many means as channels, or one."""
    return normalized(call, tensor, mean, std, widens=False)


@second("normalize")
@second("normalize_image", given="image")
@second("normalize_video", given="video")
def normalize_second(
    call: Call, img: object, mean: object, std: object, inplace: object = False
) -> Value:
    """Of the same size; several means make as many channels of one."""
    return normalized(call, img, mean, std, widens=call.host.truth(inplace) is False)


def normalized(call: Call, img: Value, mean: Value, std: Value, *, widens: bool) -> Value:
    """A tensor of floats (channels, height, width), minus the means, by the deviations."""
    a_tensor(call, img)
    if isinstance(img, Tensor) and img.known and not is_floating(img.dtype):
        wrong(call, f"takes a tensor of floats, not of {img.dtype}", at="tensor")
    an_image(call, img, 3)
    for values in (std,):
        if isinstance(values, (tuple, list)) and any(
            v == 0 for v in values if type(v) is not Unknown
        ):
            wrong(call, "a deviation of 0", at="std")
    own = geometry_of(img)
    if own is None or not isinstance(img, Tensor):
        return img
    channels = own[0]
    for values in (mean, std):
        count = len(values) if isinstance(values, (tuple, list)) and not vague(values) else 1
        if count == 1 or channels == count:
            continue
        if (not isinstance(channels, int) and not proves_unequal(channels, count)) or (
            channels == 1 and widens
        ):
            channels = count
        else:
            shapes = f"{show(img.sizes)} and ({count}, 1, 1)"
            given = {"a": channels, "b": count, "dim": img.rank - 3, "shapes": shapes}
            call.fail(BROADCAST, at="mean", **given)
    return reshaped(img, channels, own[1], own[2])


SAFE: Final = {"float32": ("int32", "int64", "uint32", "uint64"), "float64": ("int64", "uint64")}
"""Integers that images of floats are not made, because they would not fit."""


@first("convert_image_dtype")
@second("convert_image_dtype", given="image")
def convert_image_dtype(call: Call, image: object, dtype: object = None) -> Value:
    """Of the same size, as another type of numbers."""
    a_tensor(call, image)
    return retyped(call, image, dtype, scale=True)


@second("to_dtype")
@second("to_dtype_image", given="image")
@second("to_dtype_video", given="video")
def to_dtype(call: Call, img: object, dtype: object = None, scale: object = False) -> Value:
    """Of the same size, as another type of numbers."""
    return retyped(call, img, dtype, scale=scale is True)


def retyped(call: Call, img: Value, dtype: Value, *, scale: bool) -> Value:
    """The tensor as another type."""
    if not isinstance(img, Tensor) or not img.known:
        return img
    if isinstance(dtype, Unknown):
        return alike(img, img.sizes)
    name = "float32" if dtype is None else dtype_name(dtype, "float32")
    if scale and name in SAFE.get(img.dtype, ())[:2]:
        wrong(call, f"numbers of {img.dtype} do not fit into {name}", at="dtype")
    return alike(img, img.sizes, name)


@both("to_tensor")
def to_tensor(call: Call, pic: object) -> Value:
    """An image of PIL or an array, as a tensor (channels, height, width); bytes become floats."""
    no_tensor(call, pic)
    if isinstance(pic, Array) and pic.known and pic.rank not in (2, 3):
        wrong(call, f"takes an array of 2 or 3 dimensions, not {pic.rank}", at="pic")
    made = as_tensor(pic)
    return Tensor(made.sizes, dtype="float32" if made.dtype in ("uint8", "bool") else made.dtype)


@both("pil_to_tensor")
def pil_to_tensor(call: Call, pic: object) -> Value:
    """An image of PIL as a tensor (channels, height, width) of its own numbers."""
    no_tensor(call, pic)
    if isinstance(pic, Array):
        wrong(call, "takes an image of PIL, not an array", at="pic")
    return as_tensor(pic)


@both("to_pil_image")
def to_pil_image(call: Call, pic: object, mode: object = None) -> Value:
    """An image of PIL of a tensor (channels, height, width), or of (height, width, channels)."""
    if isinstance(pic, Image):
        wrong(call, "takes a tensor or an array, not an image of PIL", at="pic")
    if isinstance(pic, Tensor) and pic.known:
        if pic.rank not in (2, 3):
            wrong(call, f"takes 2 or 3 dimensions, not {pic.rank}", at="pic")
        channels = 1 if pic.rank == 2 else pic.sizes[-1 if isinstance(pic, Array) else 0]
        if less(4, channels):
            wrong(call, f"takes up to 4 channels, not {channels}", at="pic")
        if channels == 0:
            wrong(call, "takes a channel at least", at="pic")
        if pic.dtype in ("int64", "bool") or (pic.dtype in ("int32", "int16") and channels != 1):
            wrong(call, f"makes no image of {pic.dtype}", at="pic")
    return as_image(pic, mode)
