"""`torchvision.transforms`: the functions of `vision_functional`, constructed with their options.

Version 1 takes one image. Version 2 takes any nest of images, masks, boxes and other things; of
tensors that are nothing else it changes the first, where there is no other image.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, TypeVar

from conv_lsp.dims import Dim, proves_unequal, unknown_size
from conv_lsp.library import vision_functional as functional
from conv_lsp.library.algebra import show
from conv_lsp.library.images import Image, geometry_of, reshaped, role_of
from conv_lsp.library.iterators import held_by, vague
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import NAMES, OPS, Call, models
from conv_lsp.library.sliding import wrong
from conv_lsp.values import Dict, Instance, List, Tensor, Unknown, Value

FIRST: Final = "torchvision.transforms"
SECOND: Final = "torchvision.transforms.v2"
C = TypeVar("C", bound=type)


def first(*names: str) -> Callable[[C], C]:
    """Declare a class of version 1."""
    return models(*(f"{FIRST}.{n}" for n in names), *(f"{FIRST}.transforms.{n}" for n in names))


def second(*names: str) -> Callable[[C], C]:
    """Declare a class of version 2."""
    return models(*(f"{SECOND}.{name}" for name in names))


def both(*names: str) -> Callable[[C], C]:
    """Declare a class of both versions; version 2 is one of its own, which takes more."""

    def declare(kind: C) -> C:
        for name in names:
            own: dict[str, Any] = {"__slots__": (), "__doc__": kind.__doc__}
            first(name)(type(name, (kind,), dict(own)))
            second(name)(type(name, (kind,), {**own, "several": True}))
        return kind

    return declare


# -- transforms -------------------------------------------------------------------------------

IMAGES: Final = ("image", "video")
SIZED: Final = ("image", "video", "mask")


@second("Transform")
class Transform(Instance):
    """A function of an image that may be constructed with options. Leaves the size alone."""

    __slots__ = ()

    several: ClassVar[bool] = False
    """Whether it takes nests of things, as version 2 does."""
    roles: ClassVar[Sequence[str]] = IMAGES
    """What of torchvision.tv_tensors it changes."""
    pictures: ClassVar[bool] = True
    """Whether it changes images of PIL."""
    arrays: ClassVar[bool] = False
    """Whether it changes arrays of numpy."""

    def __init__(self, call: Call) -> None:
        pass

    def keep(self, **options: Value) -> None:
        """Remember options as attributes."""
        self.__dict__.update(options)

    def __call__(self, call: Call, *inputs: object) -> Value:
        return self.forward(call, *inputs)

    def forward(self, call: Call, *inputs: object) -> Value:
        if not self.several:
            if len(inputs) != 1:
                wrong(call, f"takes one image, {len(inputs)} are given")
            return self.changed(call, inputs[0])
        sample: Value = inputs[0] if len(inputs) == 1 else inputs
        if isinstance(sample, Unknown):
            return self.changed(call, sample)
        self.check(call, leaves(sample))
        chosen = {id(v) for v in self.chosen(leaves(sample))}
        return rebuilt(call, sample, lambda v: self.changed(call, v) if id(v) in chosen else v)

    def check(self, call: Call, parts: Sequence[Value]) -> None:
        """Fail at what is not among the things that are given together."""

    def chosen(self, parts: Sequence[Value]) -> list[Value]:
        """Those of the things given together that are changed."""
        explicit = any(isinstance(v, Image) or role_of(v) in IMAGES for v in parts)
        found = []
        for value in parts:
            role = role_of(value)
            if role is not None:
                taken = role in self.roles
            elif isinstance(value, Array):
                taken = self.arrays
            elif isinstance(value, Tensor):
                taken = not explicit and "image" in self.roles
                explicit = True  # of plain tensors only the first
            else:
                taken = self.pictures and isinstance(value, Image)
            if taken:
                found.append(value)
        return found

    def changed(self, call: Call, img: Value) -> Value:
        """What becomes of one image."""
        return functional.unchanged(img)

    def eval(self, call: Call) -> Value:
        return self

    def train(self, call: Call, mode: object = True) -> Value:
        return self

    def to(self, call: Call, *args: object) -> Value:
        return self


def leaves(sample: Value) -> list[Value]:
    """What is in a nest of tuples, lists and dicts, in order."""
    if isinstance(sample, (list, tuple)) and not vague(sample):
        return [leaf for part in sample for leaf in leaves(part)]
    if isinstance(sample, dict) and not vague(sample):
        return [leaf for part in sample.values() for leaf in leaves(part)]
    return [sample]


def rebuilt(call: Call, sample: Value, change: Callable[[Value], Value]) -> Value:
    """The nest with each thing in it changed."""
    if isinstance(sample, list) and not vague(sample):
        return call.host.new(List(rebuilt(call, v, change) for v in sample))
    if isinstance(sample, tuple) and hasattr(sample, "_fields"):
        return type(sample)(*(rebuilt(call, v, change) for v in sample))
    if isinstance(sample, tuple):
        return tuple(rebuilt(call, v, change) for v in sample)
    if isinstance(sample, dict) and not vague(sample):
        return call.host.new(Dict((k, rebuilt(call, v, change)) for k, v in sample.items()))
    return change(sample)


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
            functional.channels_in(call, img, functional.COLOURED)
        return functional.unchanged(img)


@both("GaussianBlur")
class GaussianBlur(Transform):
    """See `gaussian_blur`."""

    __slots__ = ()

    def __init__(self, call: Call, kernel_size: object, sigma: object = (0.1, 2.0)) -> None:
        functional.kernel_of(call, kernel_size)
        self.keep(kernel_size=kernel_size, sigma=sigma)

    def changed(self, call: Call, img: Value) -> Value:
        return functional.gaussian_blur(call, img, self.__dict__["kernel_size"])


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


# -- several transforms -----------------------------------------------------------------------


@both("Compose")
class Compose(Transform):
    """Transforms one after the other."""

    __slots__ = ()

    def __init__(self, call: Call, transforms: object) -> None:
        if self.several and (transforms == [] or transforms == ()):
            wrong(call, "takes one transform at least", at="transforms")
        call.host.set_attribute(self, "transforms", transforms)

    def forward(self, call: Call, *inputs: object) -> Value:
        held = held_by(call, self.__dict__["transforms"])
        if isinstance(held, Unknown):
            return held
        if not self.several and len(inputs) != 1:
            wrong(call, f"takes one image, {len(inputs)} are given")
        return in_turn(call, list(held), inputs)


def in_turn(call: Call, transforms: Sequence[Value], inputs: tuple[Value, ...]) -> Value:
    """Several things go through the transforms together."""
    if len(inputs) == 1:
        img: Value = inputs[0]
        for transform in transforms:
            img = call.invoke(transform, img)
        return img
    for transform in transforms:
        found = call.invoke(transform, *inputs)
        if not isinstance(found, tuple):
            return Unknown("what a transform makes of several things")
        inputs = found
    return inputs


@both("RandomApply", "RandomOrder")
class RandomApply(Compose):
    """Transforms that may be applied or not: known where they leave the size alone."""

    __slots__ = ()

    def __init__(self, call: Call, transforms: object, p: object = 0.5) -> None:
        super().__init__(call, transforms)

    def forward(self, call: Call, *inputs: object) -> Value:
        held = held_by(call, self.__dict__["transforms"])
        if isinstance(held, Unknown) or len(inputs) != 1:
            return Unknown("a transform that is applied at random")
        before = geometry_of(inputs[0])
        for transform in list(held):
            if geometry_of(call.invoke(transform, inputs[0])) != before or before is None:
                return Unknown("a transform that is applied at random")
        return inputs[0]


@both("RandomChoice")
class RandomChoice(RandomApply):
    """One of several transforms: known where all of them give the same size."""

    __slots__ = ()

    def __init__(self, call: Call, transforms: object, p: object = None) -> None:
        super().__init__(call, transforms)

    def forward(self, call: Call, *inputs: object) -> Value:
        held = held_by(call, self.__dict__["transforms"])
        if isinstance(held, Unknown) or not held:
            return Unknown("a transform that is chosen at random")
        made = [call.invoke(transform, *inputs) for transform in list(held)]
        sizes = [geometry_of(value) for value in made]
        alike = sizes[0] is not None and all(size == sizes[0] for size in sizes)
        same_kind = len({type(value) for value in made}) == 1
        return made[0] if alike and same_kind else Unknown("a transform that is chosen at random")


@first("Lambda")
class Lambda(Transform):
    """A function of the user's."""

    __slots__ = ()

    def __init__(self, call: Call, lambd: object) -> None:
        call.host.set_attribute(self, "lambd", lambd)

    def changed(self, call: Call, img: Value) -> Value:
        return call.invoke(self.__dict__["lambd"], img)


@second("Lambda")
class LambdaOfTypes(Lambda):
    """A function of the user's, of each thing that is given."""

    __slots__ = ()

    several = True

    def __init__(self, call: Call, lambd: object, *types: object) -> None:
        super().__init__(call, lambd)
        self.keep(types=types)

    def forward(self, call: Call, *inputs: object) -> Value:
        sample: Value = inputs[0] if len(inputs) == 1 else inputs
        if self.__dict__["types"]:
            return Unknown("a function of some types only")
        return rebuilt(call, sample, lambda v: self.changed(call, v))


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


# -- channels and numbers ---------------------------------------------------------------------


@both("Grayscale")
class Grayscale(Transform):
    """See `rgb_to_grayscale`."""

    __slots__ = ()

    def __init__(self, call: Call, num_output_channels: object = 1) -> None:
        self.keep(num_output_channels=num_output_channels)

    def changed(self, call: Call, img: Value) -> Value:
        count = self.__dict__["num_output_channels"]
        return functional.grey(call, img, count, spreads=self.several)


@second("RGB")
class RGB(Transform):
    """See `grayscale_to_rgb`."""

    __slots__ = ()

    several = True

    def changed(self, call: Call, img: Value) -> Value:
        return functional.grayscale_to_rgb(call, img)


@both("Normalize")
class Normalize(Transform):
    """See `normalize`."""

    __slots__ = ()

    def __init__(self, call: Call, mean: object, std: object, inplace: object = False) -> None:
        if self.several:
            for name, value in (("mean", mean), ("std", std)):
                if value is None or isinstance(value, (int, float)):
                    wrong(call, f"{name} is a number for each channel, not {value!r}", at=name)
        self.keep(mean=mean, std=std, inplace=inplace)

    def check(self, call: Call, parts: Sequence[Value]) -> None:
        for value in parts:
            functional.a_tensor(call, value)

    def changed(self, call: Call, img: Value) -> Value:
        own = self.__dict__
        widens = self.several and call.host.truth(own["inplace"]) is False
        return functional.normalized(call, img, own["mean"], own["std"], widens=widens)


@first("ConvertImageDtype")
class ConvertImageDtype(Transform):
    """See `convert_image_dtype`."""

    __slots__ = ()

    scaled: ClassVar[bool] = True

    def __init__(self, call: Call, dtype: object) -> None:
        self.keep(dtype=dtype)

    def changed(self, call: Call, img: Value) -> Value:
        if not self.several:
            functional.a_tensor(call, img)
        return functional.retyped(call, img, self.__dict__["dtype"], scale=self.scaled)


@second("ConvertImageDtype")
class ConvertImageDtypeSecond(ConvertImageDtype):
    """See `convert_image_dtype`."""

    __slots__ = ()

    several = True

    def __init__(self, call: Call, dtype: object = None) -> None:
        super().__init__(call, dtype)


@second("ToDtype")
class ToDtype(Transform):
    """Another type of numbers: for images, or by what the numbers are."""

    __slots__ = ()

    several = True

    def __init__(self, call: Call, dtype: object, scale: object = False) -> None:
        if dtype is None or isinstance(dtype, (int, float, str, list, tuple)):
            wrong(call, f"takes a dtype, not {dtype!r}", at="dtype")
        self.keep(dtype=dtype, scale=scale)

    def changed(self, call: Call, img: Value) -> Value:
        own = self.__dict__
        if isinstance(own["dtype"], dict):
            return (
                Tensor(Unknown("a type by what the numbers are"))
                if isinstance(img, Tensor)
                else img
            )
        return functional.retyped(call, img, own["dtype"], scale=own["scale"] is True)


# -- images and tensors -----------------------------------------------------------------------


class Converted(Transform):
    """Makes something else of an image."""

    __slots__ = ()

    roles: ClassVar[Sequence[str]] = ()


@both("ToTensor")
class ToTensor(Converted):
    """See `to_tensor`. Version 2 leaves tensors as they are."""

    __slots__ = ()

    arrays = True

    def changed(self, call: Call, img: Value) -> Value:
        return functional.to_tensor(call, img)


@both("PILToTensor")
class PILToTensor(Converted):
    """See `pil_to_tensor`. Version 2 leaves tensors as they are."""

    __slots__ = ()

    def changed(self, call: Call, img: Value) -> Value:
        return functional.pil_to_tensor(call, img)


@both("ToPILImage")
class ToPILImage(Converted):
    """See `to_pil_image`. Version 2 leaves images of PIL as they are."""

    __slots__ = ()

    roles = ("image",)
    pictures = False
    arrays = True

    def __init__(self, call: Call, mode: object = None) -> None:
        self.keep(mode=mode)

    def changed(self, call: Call, img: Value) -> Value:
        return functional.to_pil_image(call, img, self.__dict__["mode"])


@second("ToImage", "ToImageTensor")
class ToImage(Converted):
    """An image, array or tensor as torchvision.tv_tensors.Image (channels, height, width)."""

    __slots__ = ()

    several = True
    roles = ("image",)
    arrays = True

    def changed(self, call: Call, img: Value) -> Value:
        return call.invoke(OPS["torchvision.tv_tensors.Image"], img)


@second("ToPureTensor")
class ToPureTensor(Converted):
    """Makes plain tensors of those of torchvision.tv_tensors."""

    __slots__ = ()

    several = True

    def chosen(self, parts: Sequence[Value]) -> list[Value]:
        return [value for value in parts if role_of(value) is not None]

    def changed(self, call: Call, img: Value) -> Value:
        known = isinstance(img, Tensor) and img.known
        return Tensor(img.sizes, dtype=img.dtype) if known else img


@second("UniformTemporalSubsample")
class UniformTemporalSubsample(Transform):
    """See `uniform_temporal_subsample`."""

    __slots__ = ()

    several = True

    def __init__(self, call: Call, num_samples: object) -> None:
        self.keep(num_samples=num_samples)

    def changed(self, call: Call, img: Value) -> Value:
        return functional.uniform_temporal_subsample(call, img, self.__dict__["num_samples"])


# -- boxes and batches ------------------------------------------------------------------------


@second("SanitizeBoundingBoxes", "SanitizeKeyPoints")
class Sanitize(Transform):
    """Leaves out boxes or points, with their labels: how many stay is not known."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        pass

    def forward(self, call: Call, *inputs: object) -> Value:
        sample: Value = inputs[0] if len(inputs) == 1 else inputs
        return rebuilt(call, sample, fewer)


def fewer(value: Value) -> Value:
    """A tensor of which some rows may be left out; an image as it is."""
    if not isinstance(value, Tensor) or role_of(value) in IMAGES:
        return value
    return Tensor(Unknown("what stays of boxes and labels"), dtype=value.dtype)


@second("CutMix", "MixUp")
class Mix(Transform):
    """Mixes the images of a batch; the labels become shares of the classes."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        *,
        alpha: object = 1.0,
        num_classes: Dim | None = None,
        labels_getter: object = "default",
    ) -> None:
        self.keep(num_classes=num_classes)

    def forward(self, call: Call, *inputs: object) -> Value:
        sample: Value = inputs[0] if len(inputs) == 1 else inputs
        classes = self.__dict__["num_classes"]
        labels = [v for v in leaves(sample) if is_label(v)]

        def mixed(value: Value) -> Value:
            if not any(value is v for v in labels):
                return functional.unchanged(value)
            if value.rank == 2:
                return Tensor(value.sizes)
            return Tensor((value.sizes[0], unknown_size() if classes is None else classes))

        return rebuilt(call, sample, mixed)


def is_label(value: Value) -> bool:
    """Whether it is a batch of class numbers."""
    return isinstance(value, Tensor) and value.known and value.rank in (1, 2)


for _policy in ("IMAGENET", "CIFAR10", "SVHN"):
    for _package in (FIRST, SECOND):
        NAMES[f"{_package}.AutoAugmentPolicy.{_policy}"] = _policy.lower()
