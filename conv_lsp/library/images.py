"""Images as PIL has them: a mode, a height and a width."""

from __future__ import annotations

from typing import Final, TypeAlias

from conv_lsp.dims import Dim, unknown_size
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import NAMES, Call, models, op, size_of
from conv_lsp.library.standard_system import quiet
from conv_lsp.values import SCATTERED, Instance, List, Role, Tensor, Unknown, Value

Geometry: TypeAlias = tuple[Dim, Dim, Dim]
"""channels, height, width"""

MODES: Final = {
    **dict.fromkeys(("1", "L", "I", "F", "P", "I;16"), 1),
    **dict.fromkeys(("LA", "La", "PA"), 2),
    **dict.fromkeys(("RGB", "HSV", "YCbCr", "LAB"), 3),
    **dict.fromkeys(("RGBA", "CMYK", "RGBX", "RGBa"), 4),
}
"""The channels of each mode."""
STORED: Final = {"1": "bool", "I": "int32", "F": "float32", "I;16": "uint16"}
"""What the numbers of an image are, if not bytes."""
MODE: Final = Unknown("a mode")


@models("PIL.Image.Image")
class Image(Instance):
    """A PIL image."""

    __slots__ = ()

    def geometry(self) -> Geometry:
        """Channels, height and width."""
        own = self.__dict__
        return own["channels"], own["height"], own["width"]

    def resized(self, height: Dim, width: Dim) -> Image:
        """An image of the same mode."""
        return image(self.__dict__["channels"], height, width, self.__dict__["mode"])

    def as_array(self) -> Array:
        """As numpy takes it: (height, width), and channels if there are several."""
        channels, height, width = self.geometry()
        mode = self.__dict__["mode"]
        if not isinstance(channels, int):
            return Array(Unknown("an image of unknown mode"), dtype="uint8")
        shape = (height, width) if channels == 1 else (height, width, channels)
        return Array(shape, dtype="uint8" if isinstance(mode, Unknown) else dtype_of(mode))

    def convert(self, call: Call, mode: object = None, *args: object, **kwargs: object) -> Value:
        _, height, width = self.geometry()
        known = isinstance(mode, str) and mode in MODES
        return image(MODES[str(mode)] if known else unknown_size(), height, width, mode)

    def resize(self, call: Call, size: object, *args: object, **kwargs: object) -> Value:
        pair = sides(size)
        if pair is None:
            return Unknown("an image of unknown size")
        return self.resized(pair[1], pair[0])

    def crop(self, call: Call, box: object = None) -> Value:
        parts = [size_of(v) for v in box] if isinstance(box, (tuple, list)) else []
        if len(parts) != 4 or None in parts:
            return self if box is None else self.resized(unknown_size(), unknown_size())
        left, top, right, bottom = (p for p in parts if p is not None)
        return self.resized(bottom - top, right - left)

    def copy(self, call: Call) -> Value:
        return self.resized(*self.geometry()[1:])

    def rotate(
        self,
        call: Call,
        angle: object,
        resample: object = None,
        expand: object = 0,
        *args: object,
        **kwargs: object,
    ) -> Value:
        if call.host.truth(expand) is False:
            return self.copy(call)
        return self.resized(unknown_size(), unknown_size())

    def transpose(self, call: Call, method: object) -> Value:
        _, height, width = self.geometry()
        if method in TURNING:
            return self.resized(width, height)
        known = method in FLIPPING
        return self.copy(call) if known else self.resized(unknown_size(), unknown_size())

    def split(self, call: Call) -> Value:
        channels, height, width = self.geometry()
        if not isinstance(channels, int):
            return Unknown("the channels of an image")
        return tuple(image(1, height, width, "L") for _ in range(channels))

    def filter(self, call: Call, filter: object) -> Value:
        return self.copy(call)

    def getchannel(self, call: Call, channel: object) -> Value:
        return image(1, *self.geometry()[1:], "L")

    save = show = close = load = paste = putpixel = quiet


TURNING: Final = ("rotate_90", "rotate_270", "transpose", "transverse")
FLIPPING: Final = ("flip_left_right", "flip_top_bottom", "rotate_180")


def dtype_of(mode: str) -> str:
    """The dtype of an image's numbers."""
    return STORED.get(mode, "uint8")


def image(channels: Dim, height: Dim, width: Dim, mode: Value = MODE) -> Image:
    """A new image."""
    made = Image()
    made.__dict__.update(
        channels=channels, height=height, width=width, size=(width, height), mode=mode
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
    return image(MODES.get(str(mode), unknown_size()), pair[1], pair[0], mode)


@op("PIL.Image.fromarray")
def fromarray(call: Call, obj: object, mode: object = None) -> Value:
    """An image of an array of (height, width) or (height, width, channels)."""
    return as_image(obj, mode)


@op(
    "PIL.ImageOps.exif_transpose", "PIL.ImageOps.mirror", "PIL.ImageOps.flip", "PIL.ImageOps.invert"
)
def same_size(call: Call, image: object, *args: object, **kwargs: object) -> Value:
    """An image of the same size."""
    return image.copy(call) if isinstance(image, Image) else unknown_image()


@op("PIL.ImageOps.grayscale")
def grayscale(call: Call, image: object) -> Value:
    """An image of one channel."""
    return image.convert(call, "L") if isinstance(image, Image) else unknown_image()


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
        return alike(value, (*front, *middle, height, width))
    if channels is None and isinstance(value, Image):
        return value.resized(height, width)
    return image(unknown_size() if channels is None else channels, height, width)


ROLES: Final[tuple[Role, ...]] = ("image", "video", "mask", "boxes", "keypoints")


def role_of(value: Value) -> Role | None:
    """What the numbers of a tensor are, where torchvision.tv_tensors says it."""
    if isinstance(value, Tensor):
        return next((role for role in ROLES if role == value.kind), None)
    return None


def alike(value: Tensor, shape: tuple[Dim, ...], dtype: str = "") -> Tensor:
    """A tensor of the same role, with another shape; its layout is not told."""
    kind = dtype or value.dtype
    return type(value)(shape, dtype=kind, strides=SCATTERED, kind=role_of(value) or "")


def as_tensor(img: Value, dtype: str = "") -> Value:
    """An image or array as a tensor (channels, height, width), with its own numbers."""
    if isinstance(img, Image):
        mode = img.__dict__["mode"]
        own = "uint8" if isinstance(mode, Unknown) else dtype_of(mode)
        return Tensor(img.geometry(), dtype=dtype or own, strides=SCATTERED)
    if isinstance(img, Array):
        if isinstance(img.shape, Unknown):
            return Tensor((unknown_size(), unknown_size(), unknown_size()), dtype=img.dtype)
        channels = img.sizes[2] if img.rank == 3 else 1
        return Tensor((channels, *img.sizes[:2]), dtype=dtype or img.dtype)
    return Tensor((unknown_size(), unknown_size(), unknown_size()), dtype=dtype or "uint8")


def as_image(img: Value, mode: Value = None) -> Image:
    """A tensor of (channels, height, width), or an array that ends in channels, as an image."""
    if isinstance(img, Array) and not isinstance(img.shape, Unknown) and img.rank in {2, 3}:
        own: Geometry | None = (img.sizes[2] if img.rank == 3 else 1, img.sizes[0], img.sizes[1])
    else:
        own = None if isinstance(img, Array) else geometry_of(img)
    if own is None or not isinstance(img, Tensor):
        return unknown_image()
    return image(*own, mode_of(own[0], img.dtype) if mode is None else mode)


def mode_of(channels: Dim, dtype: str) -> Value:
    """The mode that so many channels make."""
    if channels == 1:
        return {"int32": "I", "int16": "I;16"}.get(dtype, "L")
    return {2: "LA", 3: "RGB", 4: "RGBA"}.get(channels, MODE) if isinstance(channels, int) else MODE


def several(call: Call, made: list[Value]) -> Value:
    """A list of the interpreted code."""
    return call.host.new(List(made))


for _name in "BILINEAR BICUBIC NEAREST LANCZOS BOX HAMMING".split():
    NAMES[f"PIL.Image.{_name}"] = _name.lower()
    NAMES[f"PIL.Image.Resampling.{_name}"] = _name.lower()
for _name in (*TURNING, *FLIPPING):
    NAMES[f"PIL.Image.{_name.upper()}"] = NAMES[f"PIL.Image.Transpose.{_name.upper()}"] = _name
