"""`torchvision.tv_tensors`: tensors that say what their numbers are; and the kernels for boxes."""

from __future__ import annotations

from conv_lsp.dims import Dim, unknown_size
from conv_lsp.library.algebra import show
from conv_lsp.library.builtins import unknown_op
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.images import Image, alike, as_tensor
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import NAMES, OPS, Call, op
from conv_lsp.library.sliding import wrong
from conv_lsp.library.vision_boxes import FORMATS
from conv_lsp.library.vision_functional import SECOND, second
from conv_lsp.values import Role, Tensor, Unknown, Value

PACKAGE = "torchvision.tv_tensors"


def annotated(call: Call, data: Value, role: Role, dtype: Value) -> Value:
    """A tensor of a role, from whatever torch.as_tensor takes, or an image of PIL."""
    if isinstance(data, Unknown):
        return Tensor(data)
    if isinstance(data, Image):
        found: Value = as_tensor(data)
    else:
        found = data if isinstance(data, Tensor) else call.invoke(OPS["torch.as_tensor"], data)
    if not isinstance(found, Tensor) or isinstance(found.shape, Unknown):
        return Tensor(Unknown(f"a tensor of a {role}"))
    kind = dtype_name(dtype, found.dtype)
    return Tensor(found.sizes, dtype=kind, strides=found.strides, kind=role)


@op(f"{PACKAGE}.Image", f"{SECOND}.to_image")
def tv_image(
    call: Call,
    data: object,
    dtype: object = None,
    device: object = None,
    requires_grad: object = None,
) -> Value:
    """A tensor (channels, height, width) of an image, array or tensor."""
    if isinstance(data, Array) and data.known and data.rank == 3 and call.name.endswith("to_image"):
        height, width, channels = data.sizes
        data = Tensor((channels, height, width), dtype=data.dtype)
    made = annotated(call, data, "image", dtype)
    return lifted(call, made, 2, 3)


def lifted(call: Call, made: Value, least: int, want: int) -> Value:
    """With an axis in front where the rank is the least that is taken."""
    if not isinstance(made, Tensor) or not made.known:
        return made
    if made.rank < least:
        wrong(call, f"takes {least} dimensions at least, not {made.rank}", at="data")
    return alike(made, (1, *made.sizes)) if made.rank == least < want else made


@op(f"{PACKAGE}.Mask")
def tv_mask(
    call: Call,
    data: object,
    dtype: object = None,
    device: object = None,
    requires_grad: object = None,
) -> Value:
    """A tensor (..., height, width) of masks."""
    made = annotated(call, data, "mask", dtype)
    if isinstance(data, Image) and isinstance(made, Tensor) and made.known and made.sizes[0] == 1:
        return alike(made, made.sizes[1:])
    return made


@op(f"{PACKAGE}.Video")
def tv_video(
    call: Call,
    data: object,
    dtype: object = None,
    device: object = None,
    requires_grad: object = None,
) -> Value:
    """A tensor (..., frames, channels, height, width)."""
    return lifted(call, annotated(call, data, "video", dtype), 4, 4)


@op(f"{PACKAGE}.BoundingBoxes")
def tv_boxes(
    call: Call,
    data: object,
    *,
    format: object,
    canvas_size: object,
    clamping_mode: object = "soft",
    dtype: object = None,
    device: object = None,
    requires_grad: object = None,
) -> Value:
    """A tensor (boxes, 4) of boxes."""
    made = annotated(call, data, "boxes", dtype)
    if not isinstance(made, Tensor) or not made.known:
        return made
    if made.rank == 1:
        made = alike(made, (1, *made.sizes))
    if made.rank != 2:
        wrong(call, f"takes boxes (N, 4), not {show(made.sizes)}", at="data")
    return made


@op(f"{PACKAGE}.KeyPoints")
def tv_points(
    call: Call,
    data: object,
    *,
    canvas_size: object,
    dtype: object = None,
    device: object = None,
    requires_grad: object = None,
) -> Value:
    """A tensor (..., 2) of points."""
    return annotated(call, data, "keypoints", dtype)


@op(f"{PACKAGE}.wrap")
def wrap(call: Call, wrappee: object, *, like: object, **kwargs: object) -> Value:
    """The tensor as one of the other's role."""
    if isinstance(like, Tensor) and isinstance(wrappee, Tensor) and wrappee.known:
        return alike(like, wrappee.sizes, wrappee.dtype)
    return wrappee


@op(f"{PACKAGE}.is_rotated_bounding_format")
def is_rotated(call: Call, format: object) -> Value:
    """Whether boxes of the format are turned."""
    word = format.lower() if isinstance(format, str) else ""
    return FORMATS[word] > 4 if word in FORMATS else Unknown("a format of boxes")


unknown_op(f"{PACKAGE}.set_return_type", "how results are returned")
for _format in FORMATS:
    NAMES[f"{PACKAGE}.BoundingBoxFormat.{_format.upper()}"] = _format


# -- kernels for boxes and points -------------------------------------------------------------


def _kept(name: str, given: str) -> None:
    """A kernel that leaves the number of boxes alone."""

    def kernel(call: Call, img: object, *args: object, **kwargs: object) -> Value:
        return alike(img, img.sizes) if isinstance(img, Tensor) and img.known else img

    kernel.__doc__ = "As many boxes or points as are given."
    second(name, given=given)(kernel)


def _moved(name: str, given: str) -> None:
    """A kernel that also tells the size of the image."""

    def kernel(call: Call, img: object, *args: object, **kwargs: object) -> Value:
        made = alike(img, img.sizes) if isinstance(img, Tensor) and img.known else img
        return made, (unknown_size(), unknown_size())

    kernel.__doc__ = "As many boxes or points as are given, and the size of their image."
    second(name, given=given)(kernel)


for _end, _given in (("bounding_boxes", "bounding_boxes"), ("keypoints", "keypoints")):
    for _word in ("horizontal_flip", "vertical_flip", "perspective", "elastic"):
        _kept(f"{_word}_{_end}", _given)
    for _word in ("affine", "center_crop", "crop", "pad", "resize", "resized_crop", "rotate"):
        _moved(f"{_word}_{_end}", _given)
for _word in ("clamp_bounding_boxes", "clamp_keypoints"):
    _kept(_word, "inpt")


@second("convert_bounding_box_format")
def convert_format(
    call: Call,
    img: object,
    old_format: object = None,
    new_format: object = None,
    inplace: object = False,
) -> Value:
    """As many boxes, of the numbers of the new format."""
    if not isinstance(img, Tensor) or not img.known or not img.rank:
        return img
    count: Dim = FORMATS.get(str(new_format).lower(), unknown_size())
    return alike(img, (*img.sizes[:-1], count))


@second("sanitize_bounding_boxes", given="bounding_boxes")
@second("sanitize_keypoints", given="key_points")
def sanitize(call: Call, img: object, *args: object, **kwargs: object) -> Value:
    """Those boxes or points that are good, and which they are."""
    if not isinstance(img, Tensor) or not img.known or not img.rank:
        return Unknown("boxes that are not known")
    return alike(img, (unknown_size(), *img.sizes[1:])), Tensor((img.sizes[0],), dtype="bool")


@second("get_size_bounding_boxes", given="bounding_box")
@second("get_size_keypoints", given="keypoints")
def size_of_canvas(call: Call, img: object) -> Value:
    """[height, width] of the image."""
    return Unknown("the size of an image")
