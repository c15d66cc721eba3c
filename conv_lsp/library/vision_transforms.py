"""`torchvision.transforms`: what they do to the size of an image.

An image is followed by its channels, height and width. What is not known but goes through a
transform that fixes the size has that size afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar

from conv_lsp.dims import Dim, Expr, equal, less_equal, unknown_size
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.images import (
    as_image,
    as_tensor,
    geometry_of,
    reshaped,
    sides,
)
from conv_lsp.library.iterators import held_by
from conv_lsp.library.registry import NAMES, Call, models, op, size_of
from conv_lsp.values import Instance, Tensor, Unknown, Value

PACKAGES: Final = ("torchvision.transforms", "torchvision.transforms.v2")
C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])


def both(*names: str) -> Callable[[C], C]:
    """Declare a class of both versions of the transforms."""
    return models(*(f"{package}.{name}" for name in names for package in PACKAGES))


# -- transforms -------------------------------------------------------------------------------


@both("Transform")
class Transform(Instance):
    """A function of an image that may be constructed with options. Leaves the size alone."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        self.__dict__.update(kwargs)

    def __call__(self, call: Call, img: object, *more: object) -> Value:
        if more:  # version 2 takes several things at once
            return Unknown("a transform of several things")
        return self.forward(call, img)

    def forward(self, call: Call, img: object) -> Value:
        return img

    def eval(self, call: Call) -> Value:
        return self

    def to(self, call: Call, *args: object) -> Value:
        return self


SAME: Final = (
    "AugMix AutoAugment ClampBoundingBoxes ColorJitter ElasticTransform "
    "GaussianBlur GaussianNoise Identity JPEG RandAugment RandomAdjustSharpness RandomAffine "
    "RandomAutocontrast RandomChannelPermutation RandomEqualize RandomErasing RandomGrayscale "
    "RandomHorizontalFlip RandomInvert RandomPerspective RandomPhotometricDistort RandomPosterize "
    "RandomSolarize RandomVerticalFlip SanitizeBoundingBoxes ToPureTensor TrivialAugmentWide"
).split()
for _name in SAME:
    both(_name)(type(_name, (Transform,), {"__slots__": (), "__doc__": "Leaves the size alone."}))


@both("RandomRotation")
class RandomRotation(Transform):
    """Turns an image; with `expand` its size depends on the angle."""

    __slots__ = ()

    def forward(self, call: Call, img: object) -> Value:
        if self.__dict__.get("expand", False) is False:
            return img
        return reshaped(img, None, unknown_size(), unknown_size())


@both("Compose")
class Compose(Transform):
    """Transforms one after the other."""

    __slots__ = ()

    def __init__(self, call: Call, transforms: object) -> None:
        call.host.set_attribute(self, "transforms", transforms)

    def forward(self, call: Call, img: object) -> Value:
        held = held_by(call, self.__dict__["transforms"])
        if isinstance(held, Unknown):
            return held
        for transform in list(held):
            img = call.invoke(transform, img)
        return img


@both("RandomApply", "RandomChoice", "RandomOrder")
class RandomApply(Compose):
    """Transforms that may be applied or not: known where they leave the size alone."""

    __slots__ = ()

    def __init__(self, call: Call, transforms: object, *args: object, **kwargs: object) -> None:
        super().__init__(call, transforms)

    def forward(self, call: Call, img: object) -> Value:
        held = held_by(call, self.__dict__["transforms"])
        if isinstance(held, Unknown):
            return held
        before = geometry_of(img)
        for transform in list(held):
            if geometry_of(call.invoke(transform, img)) != before or before is None:
                return Unknown("a transform that is applied at random")
        return img


@both("Lambda")
class Lambda(Transform):
    """A function of the user's."""

    __slots__ = ()

    def __init__(self, call: Call, lambd: object, *args: object) -> None:
        call.host.set_attribute(self, "lambd", lambd)

    def forward(self, call: Call, img: object) -> Value:
        return call.invoke(self.__dict__["lambd"], img)


@both("Resize", "Scale")
class Resize(Transform):
    """To a size; a single number is that of the shorter side."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        size: object,
        interpolation: object = None,
        max_size: object = None,
        antialias: object = True,
    ) -> None:
        self.__dict__.update(size=size, max_size=max_size)

    def forward(self, call: Call, img: object) -> Value:
        return resized(img, self.__dict__["size"], self.__dict__["max_size"])


def resized(img: Value, size: Value, max_size: Value = None) -> Value:
    """An image resized."""
    pair = sides(size)
    if pair is None:
        return reshaped(img, None, unknown_size(), unknown_size())
    if isinstance(size, (tuple, list)) and len(size) == 2:
        return reshaped(img, None, *pair)
    own = geometry_of(img)
    if own is None or max_size is not None:
        return reshaped(img, None, unknown_size(), unknown_size())
    return reshaped(img, None, *by_shorter_side(own[1], own[2], pair[0]))


def by_shorter_side(height: Dim, width: Dim, size: Dim) -> tuple[Dim, Dim]:
    """The size that keeps the aspect; the longer side is rounded down."""
    if equal(height, width):
        return size, size
    if all(isinstance(v, int) for v in (height, width, size)):
        h, w, s = int_of(height), int_of(width), int_of(size)
        return (s, int(s * w / h)) if h <= w else (int(s * h / w), s)
    if less_equal(height, width):
        return size, unknown_size()
    return unknown_size(), unknown_size() if not less_equal(width, height) else size


def int_of(value: Dim) -> int:
    """A size that is known to be a number."""
    assert isinstance(value, int)
    return value


@both("CenterCrop", "RandomCrop", "RandomResizedCrop", "RandomSizedCrop")
class Crop(Transform):
    """To a size."""

    __slots__ = ()

    def __init__(self, call: Call, size: object, *args: object, **kwargs: object) -> None:
        self.__dict__.update(size=size)

    def forward(self, call: Call, img: object) -> Value:
        pair = sides(self.__dict__["size"])
        return reshaped(img, None, *(pair or (unknown_size(), unknown_size())))


@both("FiveCrop", "TenCrop")
class FiveCrop(Crop):
    """The corners and the centre; ten of them with their mirror images."""

    __slots__ = ()

    def forward(self, call: Call, img: object) -> Value:
        return Unknown("several crops")


@both("Pad")
class Pad(Transform):
    """Adds a border: one number, (left and right, top and bottom), or one for each side."""

    __slots__ = ()

    def __init__(self, call: Call, padding: object, *args: object, **kwargs: object) -> None:
        self.__dict__.update(padding=padding)

    def forward(self, call: Call, img: object) -> Value:
        own, added = geometry_of(img), border(self.__dict__["padding"])
        if own is None or added is None:
            return reshaped(img, None, unknown_size(), unknown_size())
        return reshaped(img, None, own[1] + added[1], own[2] + added[0])


def border(padding: Value) -> tuple[Dim, Dim] | None:
    """What a padding adds to the width and to the height."""
    parts = list(padding) if isinstance(padding, (tuple, list)) else [padding]
    values = [v for v in parts if isinstance(v, (int, Expr))]
    if len(values) != len(parts) or len(values) not in {1, 2, 4}:
        return None
    if len(values) == 4:
        left, top, right, bottom = values
        return left + right, top + bottom
    return 2 * values[0], 2 * values[-1]


@both("Grayscale")
class Grayscale(Transform):
    """To one channel, or to three that are equal."""

    __slots__ = ()

    def __init__(self, call: Call, num_output_channels: object = 1) -> None:
        self.__dict__.update(num_output_channels=num_output_channels)

    def forward(self, call: Call, img: object) -> Value:
        own = geometry_of(img) or (1, unknown_size(), unknown_size())
        channels = size_of(self.__dict__["num_output_channels"])
        if channels is None or (isinstance(img, Tensor) and not isinstance(own[0], int)):
            channels = unknown_size()
        elif isinstance(img, Tensor) and own[0] == 1:
            channels = 1  # a grey tensor stays as it is
        return reshaped(img, channels, own[1], own[2])


@both("ToTensor")
class ToTensor(Transform):
    """(channels, height, width) of an image, or of an array that ends in channels."""

    __slots__ = ()

    dtype: ClassVar[str] = "float32"

    def forward(self, call: Call, img: object) -> Value:
        return as_tensor(img, self.dtype)


@both("PILToTensor", "ToImage", "ToImageTensor")
class ToImage(ToTensor):
    """As ToTensor, without scaling the numbers."""

    __slots__ = ()

    dtype: ClassVar[str] = "uint8"


@both("ToPILImage")
class ToPILImage(Transform):
    """An image of a tensor of (channels, height, width)."""

    __slots__ = ()

    def forward(self, call: Call, img: object) -> Value:
        return as_image(img)


@both("ConvertImageDtype", "ToDtype")
class ToDtype(Transform):
    """Another type of numbers."""

    __slots__ = ()

    def __init__(self, call: Call, dtype: object = None, *args: object, **kwargs: object) -> None:
        self.__dict__.update(dtype=dtype)

    def forward(self, call: Call, img: object) -> Value:
        if isinstance(img, Tensor):
            return img.like(dtype=dtype_name(self.__dict__["dtype"], "float32"))
        return img


@both("Normalize")
class Normalize(Transform):
    """Tells the number of channels where it is not known, if there is more than one mean."""

    __slots__ = ()

    def __init__(self, call: Call, mean: object, std: object, inplace: object = False) -> None:
        self.__dict__.update(mean=mean, std=std)

    def forward(self, call: Call, img: object) -> Value:
        mean = self.__dict__["mean"]
        own = geometry_of(img)
        count = len(mean) if isinstance(mean, (list, tuple)) else 1
        if own is None or count == 1 or isinstance(own[0], int) or not isinstance(img, Tensor):
            return img
        return reshaped(img, count, own[1], own[2])


for _package in PACKAGES:
    for _name in "BILINEAR BICUBIC NEAREST NEAREST_EXACT LANCZOS BOX HAMMING".split():
        NAMES[f"{_package}.InterpolationMode.{_name}"] = _name.lower()
        NAMES[f"{_package}.functional.InterpolationMode.{_name}"] = _name.lower()


# -- functional -------------------------------------------------------------------------------


def functional(*names: str) -> Callable[[F], F]:
    """Declare a function of both versions."""
    return op(*(f"{package}.functional.{name}" for name in names for package in PACKAGES))


@functional("resize")
def resize(
    call: Call,
    img: object,
    size: object,
    interpolation: object = None,
    max_size: object = None,
    antialias: object = True,
) -> Value:
    """See Resize."""
    return resized(img, size, max_size)


@functional("center_crop")
def center_crop(call: Call, img: object, output_size: object) -> Value:
    """See CenterCrop."""
    pair = sides(output_size)
    return reshaped(img, None, *(pair or (unknown_size(), unknown_size())))


@functional("crop", "resized_crop")
def crop(
    call: Call,
    img: object,
    top: object,
    left: object,
    height: object,
    width: object,
    *args: object,
    **kwargs: object,
) -> Value:
    """To a size, from a corner; `resized_crop` then resizes."""
    pair = sides(args[0] if args else kwargs.get("size", (height, width)))
    return reshaped(img, None, *(pair or (unknown_size(), unknown_size())))


@functional("to_tensor")
def to_tensor(call: Call, pic: object) -> Value:
    """See ToTensor."""
    return as_tensor(pic, "float32")


@functional("pil_to_tensor", "to_image")
def pil_to_tensor(call: Call, pic: object) -> Value:
    """See PILToTensor."""
    return as_tensor(pic, "uint8")


@functional("to_pil_image")
def to_pil_image(call: Call, pic: object, mode: object = None) -> Value:
    """See ToPILImage."""
    return as_image(pic)


@functional("pad")
def pad(call: Call, img: object, padding: object, *args: object, **kwargs: object) -> Value:
    """See Pad."""
    return call.invoke(call.invoke(Pad, padding), img)


@functional("rgb_to_grayscale", "to_grayscale")
def rgb_to_grayscale(call: Call, img: object, num_output_channels: object = 1) -> Value:
    """See Grayscale."""
    return call.invoke(call.invoke(Grayscale, num_output_channels), img)


@functional(
    "adjust_brightness", "adjust_contrast", "adjust_gamma", "adjust_hue", "adjust_saturation",
    "adjust_sharpness", "affine", "autocontrast", "equalize", "erase", "gaussian_blur", "hflip",
    "horizontal_flip", "invert", "normalize", "perspective", "posterize", "solarize",
    "vertical_flip", "vflip",
)  # fmt: skip
def same_size(call: Call, img: object, *args: object, **kwargs: object) -> Value:
    """Leaves the size alone."""
    return img
