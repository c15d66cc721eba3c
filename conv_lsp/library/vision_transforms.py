"""`torchvision.transforms`' classes that leave the size of an image alone, or change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from conv_lsp.dims import proves_unequal, unknown_size
from conv_lsp.library import vision_colours as colours
from conv_lsp.library import vision_functional as functional
from conv_lsp.library.algebra import show
from conv_lsp.library.images import geometry_of, reshaped
from conv_lsp.library.registry import Call
from conv_lsp.library.sliding import wrong
from conv_lsp.library.vision_transform import (
    IMAGES,
    SIZED,
    Transform,
    both,
    second,
)
from conv_lsp.values import Tensor, Value

C = TypeVar("C", bound=type)

# -- the size stays ---------------------------------------------------------------------------


def _same(name: str, options: str, declare: Callable[[C], C], roles: Sequence[str]) -> None:
    """A class that leaves the size alone: `options` are its parameters, with defaults `=`."""
    words = [word.partition("=") for word in options.split()]
    required = [n for n, mark, _ in words if not mark]
    every = [n for n, _, _ in words]

    def made(self: Transform, call: Call, *args: object, **kwargs: object) -> None:
        if len(args) > len(every):
            wrong(call, f"takes {len(every)} arguments, {len(args)} are given")
        given = {**dict(zip(every, args, strict=False)), **kwargs}
        strange = next((n for n in kwargs if n not in every), None)
        if strange is not None:
            wrong(call, f"there is no argument '{strange}'", at=strange)
        missing = next((n for n in required if n not in given), None)
        if missing is not None:
            wrong(call, f"argument '{missing}' is missing")
        self.keep(**given)

    own = {"__slots__": (), "__doc__": "Leaves the size alone.", "__init__": made}
    declare(type(name, (Transform,), {**own, "roles": roles}))  # type: ignore[arg-type]


FILLING: Final = "interpolation= fill="
for _name, _options in {
    "AugMix": f"severity= mixture_width= chain_depth= alpha= all_ops= {FILLING}",
    "AutoAugment": f"policy= {FILLING}",
    "ElasticTransform": f"alpha= sigma= {FILLING}",
    "RandAugment": f"num_ops= magnitude= num_magnitude_bins= {FILLING}",
    "RandomAdjustSharpness": "sharpness_factor p=",
    "RandomAutocontrast": "p=",
    "RandomEqualize": "p=",
    "RandomErasing": "p= scale= ratio= value= inplace=",
    "RandomGrayscale": "p=",
    "RandomInvert": "p=",
    "RandomPosterize": "bits p=",
    "RandomSolarize": "threshold p=",
    "TrivialAugmentWide": f"num_magnitude_bins= {FILLING}",
}.items():
    _same(_name, _options, both(_name), IMAGES)
for _name, _options in {
    "RandomAffine": f"degrees translate= scale= shear= {FILLING} center=",
    "RandomHorizontalFlip": "p=",
    "RandomPerspective": f"distortion_scale= p= {FILLING}",
    "RandomVerticalFlip": "p=",
}.items():
    _same(_name, _options, both(_name), SIZED)
for _name, _options in {
    "ClampBoundingBoxes": "clamping_mode=",
    "ClampKeyPoints": "",
    "ConvertBoundingBoxFormat": "format",
    "GaussianNoise": "mean= sigma= clip=",
    "Identity": "",
    "JPEG": "quality",
    "RandomChannelPermutation": "",
    "RandomPhotometricDistort": "brightness= contrast= saturation= hue= p=",
    "SetClampingMode": "clamping_mode",
}.items():

    def _only(kind: C) -> C:
        kind.several = True  # type: ignore[attr-defined]
        return second(kind.__name__)(kind)

    _same(_name, _options, _only, ())


@both("ColorJitter")
class ColorJitter(Transform):
    """Leaves the size alone; takes 1 or 3 channels."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        brightness: object = 0,
        contrast: object = 0,
        saturation: object = 0,
        hue: object = 0,
    ) -> None:
        self.keep(brightness=brightness, contrast=contrast, saturation=saturation, hue=hue)

    def changed(self, call: Call, img: Value) -> Value:
        if any(type(v) in (int, float) and v for v in self.__dict__.values()):
            functional.channels_in(call, img, colours.COLOURED)
        return functional.unchanged(img)


@both("GaussianBlur")
class GaussianBlur(Transform):
    """See `gaussian_blur`."""

    __slots__ = ()

    def __init__(self, call: Call, kernel_size: object, sigma: object = (0.1, 2.0)) -> None:
        colours.kernel_of(call, kernel_size)
        self.keep(kernel_size=kernel_size, sigma=sigma)

    def changed(self, call: Call, img: Value) -> Value:
        return colours.gaussian_blur(call, img, self.__dict__["kernel_size"])


@both("RandomRotation")
class RandomRotation(Transform):
    """Turns an image; with `expand` its size depends on the angle."""

    __slots__ = ()

    roles = SIZED

    def __init__(
        self,
        call: Call,
        degrees: object,
        interpolation: object = None,
        expand: object = False,
        center: object = None,
        fill: object = 0,
    ) -> None:
        self.keep(degrees=degrees, expand=expand)

    def changed(self, call: Call, img: Value) -> Value:
        return functional.rotate(call, img, 0, expand=self.__dict__["expand"])


@both("LinearTransformation")
class LinearTransformation(Transform):
    """Leaves the size alone; the matrix has a row for each number of the image."""

    __slots__ = ()

    pictures = False

    def __init__(self, call: Call, transformation_matrix: Tensor, mean_vector: Tensor) -> None:
        matrix, mean = transformation_matrix, mean_vector
        if matrix.rank != 2 or proves_unequal(*matrix.sizes):
            wrong(
                call, f"takes a square matrix, not {show(matrix.sizes)}", at="transformation_matrix"
            )
        if not mean.rank or proves_unequal(mean.sizes[0], matrix.sizes[0]):
            wrong(call, f"the mean is {show(mean.sizes)}", at="mean_vector")
        self.keep(transformation_matrix=matrix, mean_vector=mean)

    def changed(self, call: Call, img: Value) -> Value:
        functional.a_tensor(call, img)
        matrix, own = self.__dict__["transformation_matrix"], geometry_of(img)
        functional.an_image(call, img, 3)
        if own is not None:
            count = own[0] * own[1] * own[2]
            if proves_unequal(count, matrix.sizes[0]):
                wrong(
                    call, f"the image has {count} numbers, the matrix {matrix.sizes[0]}", at="img"
                )
        return functional.unchanged(img)


# -- another size -----------------------------------------------------------------------------


@both("Resize")
class Resize(Transform):
    """See `resize`."""

    __slots__ = ()

    roles = SIZED

    def __init__(
        self,
        call: Call,
        size: object,
        interpolation: object = None,
        max_size: object = None,
        antialias: object = True,
    ) -> None:
        if not (self.several and size is None and isinstance(max_size, int)):
            functional.pair_of(call, size)
        if isinstance(size, float):
            wrong(call, f"takes integers, not {size}", at="size")
        self.keep(size=size, max_size=max_size)

    def changed(self, call: Call, img: Value) -> Value:
        own = self.__dict__
        return functional.resize(call, img, own["size"], max_size=own["max_size"])


@both("CenterCrop")
class CenterCrop(Transform):
    """See `center_crop`."""

    __slots__ = ()

    roles = SIZED

    def __init__(self, call: Call, size: object) -> None:
        functional.pair_of(call, size)
        self.keep(size=size)

    def changed(self, call: Call, img: Value) -> Value:
        return functional.center_crop(call, img, self.__dict__["size"])


@both("RandomResizedCrop")
class RandomResizedCrop(CenterCrop):
    """A part of an image, resized to (height, width)."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        size: object,
        scale: object = (0.08, 1.0),
        ratio: object = (3 / 4, 4 / 3),
        interpolation: object = None,
        antialias: object = True,
    ) -> None:
        super().__init__(call, size)
        for name, value in (("scale", scale), ("ratio", ratio)):
            if value is None or isinstance(value, (int, float)):
                wrong(call, f"{name} is two numbers, not {value!r}", at=name)
        self.keep(scale=scale, ratio=ratio)


@both("RandomCrop")
class RandomCrop(Transform):
    """A part of an image, (height, width); the image has to be as large."""

    __slots__ = ()

    roles = SIZED

    def __init__(
        self,
        call: Call,
        size: object,
        padding: object = None,
        pad_if_needed: object = False,
        fill: object = 0,
        padding_mode: object = "constant",
    ) -> None:
        functional.pair_of(call, size)
        self.keep(
            size=size, padding=padding, pad_if_needed=pad_if_needed, padding_mode=padding_mode
        )

    def changed(self, call: Call, img: Value) -> Value:
        own = self.__dict__
        if own["padding"] is not None:
            img = functional.pad(call, img, own["padding"], 0, own["padding_mode"])
        pair = functional.pair_of(call, own["size"])
        if call.host.truth(own["pad_if_needed"]) is False:
            functional.fits(call, img, *pair)
        functional.an_image(call, img)
        return reshaped(img, None, *pair)


@both("FiveCrop")
class FiveCrop(Transform):
    """See `five_crop`."""

    __slots__ = ()

    def __init__(self, call: Call, size: object) -> None:
        functional.pair_of(call, size)
        self.keep(size=size)

    def changed(self, call: Call, img: Value) -> Value:
        return functional.five_crop(call, img, self.__dict__["size"])


@both("TenCrop")
class TenCrop(FiveCrop):
    """See `ten_crop`."""

    __slots__ = ()

    def __init__(self, call: Call, size: object, vertical_flip: object = False) -> None:
        super().__init__(call, size)

    def changed(self, call: Call, img: Value) -> Value:
        return functional.ten_crop(call, img, self.__dict__["size"])


@both("Pad")
class Pad(Transform):
    """See `pad`."""

    __slots__ = ()

    roles = SIZED

    def __init__(
        self, call: Call, padding: object, fill: object = 0, padding_mode: object = "constant"
    ) -> None:
        functional.check_padding(call, padding, padding_mode)
        self.keep(padding=padding, fill=fill, padding_mode=padding_mode)

    def changed(self, call: Call, img: Value) -> Value:
        own = self.__dict__
        return functional.pad(call, img, own["padding"], 0, own["padding_mode"])


def _by_chance(name: str, options: str) -> None:
    """A class of version 2 whose result has a size that is drawn."""

    def changed(self: Transform, call: Call, img: Value) -> Value:
        return reshaped(img, None, unknown_size(), unknown_size())

    def declare(kind: C) -> C:
        kind.several, kind.changed = True, changed  # type: ignore[attr-defined]
        return second(name)(kind)

    _same(name, options, declare, SIZED)


_by_chance(
    "RandomIoUCrop",
    "min_scale= max_scale= min_aspect_ratio= max_aspect_ratio= sampler_options= trials=",
)
_by_chance("RandomResize", "min_size max_size interpolation= antialias=")
_by_chance("RandomShortestSize", "min_size max_size= interpolation= antialias=")
_by_chance("RandomZoomOut", "fill= side_range= p=")
_by_chance("ScaleJitter", "target_size scale_range= interpolation= antialias=")
