"""Images as PIL has them: channels, height and width."""

from __future__ import annotations

from typing import Final, TypeAlias

from conv_lsp.dims import Dim, unknown_size
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import NAMES, Call, models, op, size_of
from conv_lsp.library.standard_system import quiet
from conv_lsp.values import Instance, Tensor, Unknown, Value

Geometry: TypeAlias = tuple[Dim, Dim, Dim]
"""channels, height, width"""

MODES: Final = {
    "1": 1,
    "L": 1,
    "I": 1,
    "F": 1,
    "P": 1,
    "LA": 2,
    "RGB": 3,
    "HSV": 3,
    "RGBA": 4,
    "CMYK": 4,
}


@models("PIL.Image.Image")
class Image(Instance):
    """A PIL image."""

    __slots__ = ()

    def geometry(self) -> Geometry:
        """Channels, height and width."""
        own = self.__dict__
        return own["channels"], own["height"], own["width"]

    def convert(self, call: Call, mode: object = None, *args: object, **kwargs: object) -> Value:
        _, height, width = self.geometry()
        return image(MODES.get(str(mode), unknown_size()), height, width)

    def resize(self, call: Call, size: object, *args: object, **kwargs: object) -> Value:
        pair = sides(size)
        if pair is None:
            return Unknown("an image of unknown size")
        return image(self.geometry()[0], pair[1], pair[0])

    def crop(self, call: Call, box: object = None) -> Value:
        parts = [size_of(v) for v in box] if isinstance(box, (tuple, list)) else []
        if len(parts) != 4 or None in parts:
            return image(self.geometry()[0], unknown_size(), unknown_size())
        left, top, right, bottom = (p for p in parts if p is not None)
        return image(self.geometry()[0], bottom - top, right - left)

    def copy(self, call: Call) -> Value:
        return image(*self.geometry())

    save = show = close = load = quiet


def image(channels: Dim, height: Dim, width: Dim) -> Image:
    """A new image."""
    made = Image()
    made.__dict__.update(
        channels=channels, height=height, width=width, size=(width, height), mode=Unknown("a mode")
    )
    return made


def unknown_image() -> Image:
    """An image of which nothing is known."""
    return image(unknown_size(), unknown_size(), unknown_size())


@op("PIL.Image.open")
def open(call: Call, fp: object, *args: object, **kwargs: object) -> Value:
    """An image of which nothing is known."""
    return unknown_image()


@op("PIL.Image.new")
def new(call: Call, mode: object, size: object, color: object = 0) -> Value:
    """An image of a size."""
    pair = sides(size)
    if pair is None:
        return unknown_image()
    return image(MODES.get(str(mode), unknown_size()), pair[1], pair[0])


@op("PIL.Image.fromarray")
def fromarray(call: Call, obj: object, mode: object = None) -> Value:
    """An image of an array of (height, width) or (height, width, channels)."""
    return as_image(obj)


def sides(size: Value) -> tuple[Dim, Dim] | None:
    """Two sizes, of one number or two."""
    if isinstance(size, (tuple, list)) and not getattr(size, "vague", ""):
        parts = [size_of(v) for v in size]
        if len(parts) == 1:
            parts *= 2
        if len(parts) != 2 or parts[0] is None or parts[1] is None:
            return None
        return parts[0], parts[1]
    number = None if isinstance(size, Unknown) and not size.name else size_of(size)
    return None if number is None else (number, number)


def geometry_of(value: Value) -> Geometry | None:
    """Channels, height and width of an image or of a tensor that ends in them."""
    if isinstance(value, Image):
        return value.geometry()
    if isinstance(value, Tensor) and not isinstance(value.shape, Unknown):
        if value.rank >= 3:
            return value.sizes[-3], value.sizes[-2], value.sizes[-1]
        return (1, *value.sizes) if value.rank == 2 else None  # type: ignore[return-value]
    return None


def reshaped(value: Value, channels: Dim | None, height: Dim, width: Dim) -> Value:
    """The image or tensor with other sizes. What is not known counts as an image."""
    if isinstance(value, Tensor):
        if isinstance(value.shape, Unknown):
            return Tensor(Unknown(value.shape.why), dtype=value.dtype)
        front = value.sizes[:-3] if value.rank >= 3 else ()
        middle = value.sizes[-3:-2] if channels is None else (channels,)
        return Tensor((*front, *middle, height, width), dtype=value.dtype)
    own = geometry_of(value)
    if channels is None:
        channels = own[0] if own is not None else unknown_size()
    return image(channels, height, width)


def as_tensor(img: Value, dtype: str) -> Value:
    """An image as a tensor; it always has three axes."""
    if isinstance(img, Array) and not isinstance(img.shape, Unknown) and img.rank in {2, 3}:
        channels = img.sizes[2] if img.rank == 3 else 1
        return Tensor((channels, *img.sizes[:2]), dtype=dtype)
    if isinstance(img, Image):
        return Tensor(img.geometry(), dtype=dtype)
    if isinstance(img, Tensor) and not isinstance(img, Array):
        return img
    return Tensor((unknown_size(), unknown_size(), unknown_size()), dtype=dtype)


def as_image(img: Value) -> Image:
    """A tensor of (channels, height, width), or an array that ends in channels, as an image."""
    if isinstance(img, Array) and not isinstance(img.shape, Unknown) and img.rank in {2, 3}:
        return image(img.sizes[2] if img.rank == 3 else 1, img.sizes[0], img.sizes[1])
    own = geometry_of(img)
    return unknown_image() if own is None or isinstance(img, Array) else image(*own)


for _name in "BILINEAR BICUBIC NEAREST LANCZOS BOX HAMMING".split():
    NAMES[f"PIL.Image.{_name}"] = _name.lower()
    NAMES[f"PIL.Image.Resampling.{_name}"] = _name.lower()
