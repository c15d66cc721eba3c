"""`torchvision.transforms`' classes that change channels and numbers, or make something else of an image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from conv_lsp.dims import Dim, unknown_size
from conv_lsp.library import vision_colours as colours
from conv_lsp.library import vision_functional as functional
from conv_lsp.library.images import role_of
from conv_lsp.library.registry import NAMES, OPS, Call
from conv_lsp.library.sliding import wrong
from conv_lsp.library.vision_transform import (
    FIRST,
    IMAGES,
    SECOND,
    Transform,
    both,
    first,
    leaves,
    rebuilt,
    second,
)
from conv_lsp.values import Tensor, Unknown, Value

C = TypeVar("C", bound=type)

# -- channels and numbers ---------------------------------------------------------------------


@both("Grayscale")
class Grayscale(Transform):
    """See `rgb_to_grayscale`."""

    __slots__ = ()

    def __init__(self, call: Call, num_output_channels: object = 1) -> None:
        self.keep(num_output_channels=num_output_channels)

    def changed(self, call: Call, img: Value) -> Value:
        count = self.__dict__["num_output_channels"]
        return colours.grey(call, img, count, spreads=self.several)


@second("RGB")
class RGB(Transform):
    """See `grayscale_to_rgb`."""

    __slots__ = ()

    several = True

    def changed(self, call: Call, img: Value) -> Value:
        return colours.grayscale_to_rgb(call, img)


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
        return colours.normalized(call, img, own["mean"], own["std"], widens=widens)


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
        return colours.retyped(call, img, self.__dict__["dtype"], scale=self.scaled)


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
        return colours.retyped(call, img, own["dtype"], scale=own["scale"] is True)


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
        return colours.to_tensor(call, img)


@both("PILToTensor")
class PILToTensor(Converted):
    """See `pil_to_tensor`. Version 2 leaves tensors as they are."""

    __slots__ = ()

    def changed(self, call: Call, img: Value) -> Value:
        return colours.pil_to_tensor(call, img)


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
        return colours.to_pil_image(call, img, self.__dict__["mode"])


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
