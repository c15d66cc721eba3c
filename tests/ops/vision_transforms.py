"""torchvision.transforms, both versions: on images of PIL and on tensors."""

from __future__ import annotations

import importlib
from typing import Any

from hypothesis import strategies as st

from conv_lsp.library.images import image as an_image
from tests import judge
from tests.judge import lists, torch
from tests.ops import _compiled
from tests.ops.table import draw, layer, layers_together, program, unjudged, untyped

if _compiled.loaded():
    PICTURES = importlib.import_module("PIL.Image")

    def as_ours(value: Any) -> Any:
        return an_image(len(value.getbands()), value.size[1], value.size[0], value.mode)

    judge.OTHERS[PICTURES.Image] = as_ours
T = "torchvision.transforms."
V = "torchvision.transforms.v2."
F, G = f"{T}functional.", f"{V}functional."
SIDE = st.integers(1, 12)
LARGE = st.integers(4, 12)
CHANNELS = st.sampled_from([3, 3, 3, 1, 2])
MODES = st.sampled_from("RGB RGB RGB L L RGBA".split())


def each(names: str) -> str:
    """Both versions of some classes."""
    return " ".join(f"{package}{name}" for name in names.split() for package in (T, V))


def functions(names: str) -> str:
    """Both versions of some functions."""
    return " ".join(f"{package}{name}" for name in names.split() for package in (F, G))


def kernels(names: str, kinds: str = "image video") -> str:
    """The kernels of version 2."""
    return " ".join(f"{G}{name}_{kind}" for name in names.split() for kind in kinds.split())


@st.composite
def pictures(draw: Any, modes: Any = MODES, side: Any = SIDE) -> Any:
    """An image of PIL."""
    mode = draw(modes)
    return PICTURES.new(mode, (draw(side), draw(side)))


@st.composite
def tensors(
    draw: Any, channels: Any = CHANNELS, kinds: Any = None, front: int = 1, side: Any = SIDE
) -> Any:
    """An image as a tensor, or some of them."""
    kind = draw(kinds or st.sampled_from([torch.uint8, torch.uint8, torch.float32]))
    batch = draw(lists(st.integers(1, 2), 0, front))
    return torch.zeros([*batch, draw(channels), draw(side), draw(side)], dtype=kind)


FLAT = st.tuples(SIDE, SIDE).map(torch.zeros)
GREY = st.sampled_from([1, 3])
BYTES, REAL = st.just(torch.uint8), st.just(torch.float32)
EITHER = pictures() | tensors()
COLOURED = pictures(st.sampled_from(["RGB", "L"])) | tensors(GREY)
SEEN = pictures(st.sampled_from(["RGB", "L"]), LARGE) | tensors(GREY, BYTES, side=LARGE)
SIZE = st.integers(1, 9)
SIZES = SIZE | st.tuples(SIZE, SIZE) | lists(SIZE, 1, 3)
FLAGS = st.booleans()

# -- sizes ------------------------------------------------------------------------------------

LIMIT = st.none() | st.integers(3, 14)
NEW = st.integers(2, 9)  # torch fails inside where bytes become one pixel
NEWS = NEW | st.tuples(NEW, NEW) | lists(NEW, 1, 3)
WIDE = pictures() | tensors(side=st.integers(4, 12))
layer(each("Resize"), (NEWS,), (WIDE,), max_size=LIMIT)
draw(functions("resize"), WIDE, NEWS, max_size=LIMIT)
ALONE = NEW.map(lambda n: [n])
draw(kernels("resize", "image video mask"), tensors(side=LARGE), ALONE, max_size=LIMIT)
layer(each("CenterCrop FiveCrop TenCrop"), (SIZES,), (EITHER,))
layer(each("RandomResizedCrop"), (NEWS,), (EITHER,))
draw(functions("center_crop"), EITHER, SIZES)
draw(kernels("center_crop", "image video mask"), tensors(), SIZE)
draw(functions("five_crop ten_crop"), EITHER, SIZES)
draw(kernels("five_crop ten_crop"), tensors(), st.tuples(SIZE, SIZE))
PAD = st.integers(0, 3)
PADS = PAD | lists(PAD, 1, 4)
PAD_MODE = st.sampled_from(["constant", "edge", "reflect", "constant", "none"])
NEEDED = {"padding": PADS, "pad_if_needed": FLAGS}
layer(each("RandomCrop"), (SIZES,), (EITHER,), **NEEDED)
layer(each("Pad"), (PADS,), (EITHER,), padding_mode=PAD_MODE)
draw(functions("pad"), EITHER, PADS, padding_mode=PAD_MODE)
draw(kernels("pad", "image video mask"), tensors(), PADS, padding_mode=PAD_MODE)
CORNER = st.integers(0, 3)
draw(functions("crop"), EITHER, CORNER, CORNER, SIZE, SIZE)
draw(kernels("crop", "image video mask"), tensors(), CORNER, CORNER, SIZE, SIZE)
draw(functions("resized_crop"), EITHER, CORNER, CORNER, SIZE, SIZE, st.tuples(NEW, NEW))
CROPPED = tensors(), CORNER, CORNER, SIZE, SIZE, st.tuples(NEW, NEW).map(list)
draw(kernels("resized_crop", "image video mask"), *CROPPED)
layer(each("RandomRotation"), (st.just(10),), (EITHER,), expand=FLAGS)
ANGLE = st.sampled_from([0.0, 30.0, 90.0])
draw(functions("rotate"), EITHER, ANGLE, expand=FLAGS)
draw(kernels("rotate", "image video mask"), tensors(), ANGLE, expand=FLAGS)
RANGE = st.just(4), st.just(9)
layer(f"{V}RandomResize {V}RandomShortestSize", RANGE, (pictures(side=LARGE),))
# So large that no side of the least scale, which is drawn by chance, is 0.
TARGET = (st.just((64, 64)),)
layer(f"{V}ScaleJitter", TARGET, (pictures(side=LARGE),), scale_range=st.just((0.9, 1.1)))
layer(f"{V}RandomZoomOut", (), (EITHER,))

# -- the same size ----------------------------------------------------------------------------

SAME = "RandomHorizontalFlip RandomVerticalFlip RandomAutocontrast RandomEqualize RandomInvert"
layer(each(SAME), (), (SEEN,), p=st.sampled_from([0.5, 1.0]))
layer(each("AutoAugment RandAugment TrivialAugmentWide"), (), (SEEN,))
layer(each("AugMix"), (), (SEEN,))
layer(each("RandomGrayscale RandomPerspective"), (), (SEEN,))
layer(each("RandomAffine"), (st.just(10),), (EITHER,))
layer(each("RandomAdjustSharpness RandomSolarize RandomPosterize"), (st.just(2),), (SEEN,))
layer(each("RandomErasing"), (), (tensors(),))
layer(each("ElasticTransform"), (), (pictures(side=st.just(40)),), alpha=st.just(5.0))
layer(each("ColorJitter"), (st.sampled_from([0, 0.2]), st.sampled_from([0, 0.2])), (EITHER,))
KERNEL = st.sampled_from([3, 5, (3, 1), 1, 2])
layer(each("GaussianBlur"), (KERNEL,), (EITHER,))
draw(
    functions("gaussian_blur"),
    EITHER,
    st.sampled_from([[3, 3], [5, 3], [2, 3], [1, 1]]),
)
draw(kernels("gaussian_blur"), tensors(), st.just([3, 3]))
layer(f"{V}Identity {V}RandomChannelPermutation {V}RandomPhotometricDistort", (), (SEEN,))
layer(f"{V}GaussianNoise", (), (tensors(kinds=REAL),))
draw(f"{G}gaussian_noise {kernels('gaussian_noise')}", tensors(kinds=REAL))
ANY = EITHER | FLAT
draw(functions("hflip vflip") + f" {G}horizontal_flip {G}vertical_flip", ANY)
draw(kernels("horizontal_flip vertical_flip", "image video mask"), tensors())
MOVED = ANGLE, st.just([1, 2]), st.just(1.5), st.just([0.0, 1.0])
draw(functions("affine"), EITHER, *MOVED)
draw(kernels("affine", "image video mask"), tensors(), *MOVED)
POINTS = st.just([[0, 0], [3, 0], [3, 3], [0, 3]])
draw(functions("perspective"), EITHER, POINTS, POINTS)
draw(kernels("perspective", "image video mask"), tensors(), POINTS, POINTS)
SHIFT = st.tuples(st.just(1), LARGE, LARGE, st.just(2)).map(torch.zeros)
FOUR = tensors(kinds=REAL, front=0, side=st.integers(4, 5))
SHIFTS = st.tuples(st.just(1), st.integers(4, 5), st.integers(4, 5), st.just(2)).map(torch.zeros)
draw(functions("elastic_transform") + f" {G}elastic", FOUR, SHIFTS)
unjudged(kernels("elastic", "image video mask"), "as elastic; what sizes it takes is not said")
FACTOR = st.sampled_from([0.3, 0.5])
JUST = (
    "adjust_brightness adjust_contrast adjust_saturation adjust_sharpness adjust_hue adjust_gamma"
)
draw(functions(JUST), COLOURED, FACTOR)
draw(kernels(JUST), tensors(), FACTOR)
draw(functions("autocontrast equalize invert"), COLOURED)
draw(kernels("autocontrast"), tensors())
draw(kernels("equalize invert"), tensors(GREY))
draw(functions("posterize"), COLOURED, st.integers(1, 8))
draw(kernels("posterize"), tensors(GREY), st.integers(1, 8))
draw(functions("solarize"), COLOURED, st.just(0.5))
draw(kernels("solarize"), tensors(GREY), st.just(0.5))
ERASED = st.just(torch.zeros(1, 1, 1))
ONE = st.just(1)
draw(functions("erase") + " " + kernels("erase"), tensors(), ONE, ONE, ONE, ONE, ERASED)
RGB_BYTES = tensors(GREY, BYTES, 0)
draw(f"{G}permute_channels {kernels('permute_channels')}", tensors(), st.permutations(range(3)))
unjudged(f"{V}JPEG {G}jpeg {kernels('jpeg')}", "needs torchvision's own library")

# -- channels and numbers ---------------------------------------------------------------------

GREYS = st.sampled_from([1, 3, 2])
layer(each("Grayscale"), (GREYS,), (EITHER | FLAT,))
draw(functions("rgb_to_grayscale"), EITHER, GREYS)
draw(f"{G}rgb_to_grayscale_image", tensors(), GREYS)
draw(functions("to_grayscale"), pictures(), GREYS)
layer(f"{V}RGB", (), (COLOURED,))
draw(f"{G}grayscale_to_rgb {G}grayscale_to_rgb_image", tensors(GREY))
NUMBERS = st.sampled_from([(0.5,), (0.5, 0.5, 0.5), [0.5] * 3, (0.5, 0.5)])
DEVIATION = NUMBERS | st.just((0.5, 0.0, 0.5))
NORMED = tensors(kinds=REAL) | EITHER | FLAT
layer(each("Normalize"), (NUMBERS, NUMBERS), (NORMED,), inplace=FLAGS)
draw(functions("normalize") + " " + kernels("normalize"), tensors(kinds=REAL), NUMBERS, DEVIATION)
DTYPE = st.sampled_from([torch.float32, torch.uint8, torch.float64, torch.int64, torch.int32])
layer(each("ConvertImageDtype"), (DTYPE,), (EITHER,))
draw(functions("convert_image_dtype"), EITHER, DTYPE)
layer(f"{V}ToDtype", (DTYPE,), (EITHER,), scale=FLAGS)
draw(f"{G}to_dtype {kernels('to_dtype')}", tensors(), DTYPE, scale=FLAGS)


SQUARE = st.sampled_from([(3, 2, 2), (3, 2, 2), (3, 2, 3), (12,), (2, 3, 2, 2)]).map(torch.zeros)


@st.composite
def whitened(draw: Any) -> Any:
    """A matrix and a mean for images of 3 channels and 2 × 2 pixels, mostly."""
    count = draw(st.sampled_from([12, 12, 11]))
    wide = draw(st.sampled_from([count, count, 12]))
    return torch.zeros(count, wide), torch.zeros(draw(st.sampled_from([count, 12])))


# -- images and tensors -----------------------------------------------------------------------

ALL = pictures(st.sampled_from("RGB L RGBA 1 I F LA CMYK HSV YCbCr".split())) | tensors()
ARRAYS = st.sampled_from([torch.uint8, torch.float32, torch.float64]).flatmap(
    lambda kind: lists(st.integers(1, 4), 2, 4).map(lambda s: torch.zeros(s, dtype=kind).numpy())
)
layer(each("ToTensor"), (), (ALL | ARRAYS,))
layer(each("PILToTensor"), (), (ALL,))
layer(f"{V}ToImage", (), (ALL,))
layer(f"{V}ToPureTensor", (), (EITHER,))
draw(functions("to_tensor"), ALL | ARRAYS)
draw(functions("pil_to_tensor"), ALL)
draw(f"{G}to_image", ALL)
MADE = tensors(st.integers(1, 5), front=0) | FLAT | pictures() | tensors()
layer(each("ToPILImage"), (), (MADE,))
draw(functions("to_pil_image"), MADE | ARRAYS)
draw(functions("get_dimensions get_image_size get_image_num_channels"), ANY)
draw(f"{G}get_size {G}get_num_channels", EITHER)
draw(kernels("get_dimensions get_size get_num_channels"), tensors())
draw(f"{G}get_size_mask", tensors())
VIDEOS = st.tuples(st.integers(1, 4), CHANNELS, SIDE, SIDE).map(torch.zeros)
draw(f"{G}get_num_frames {G}get_num_frames_video", VIDEOS)
COUNT = st.integers(1, 5)
draw(f"{G}uniform_temporal_subsample {G}uniform_temporal_subsample_video", VIDEOS, COUNT)
layer(f"{V}UniformTemporalSubsample", (COUNT,), (VIDEOS,))
draw(f"{G}is_pure_tensor", EITHER)
unjudged(each("Compose RandomApply RandomChoice RandomOrder Lambda"), "hold what is called")
layers_together(each("LinearTransformation"), st.tuples(whitened(), st.tuples(SQUARE)))

# -- boxes, masks, points ---------------------------------------------------------------------

TV = """\
import torchvision
from torchvision import tv_tensors
import torchvision.transforms.v2 as V
import torchvision.transforms.v2.functional as G
B = tv_tensors.BoundingBoxes(torch.zeros(3, 4), format="XYXY", canvas_size=(8, 9))
K = tv_tensors.KeyPoints(torch.zeros(5, 2), canvas_size=(8, 9))
M = tv_tensors.Mask(torch.zeros(2, 8, 9, dtype=torch.uint8))
I = tv_tensors.Image(torch.zeros(3, 8, 9))
P = torch.zeros(3, 4)
"""
LOWER = "torchvision.tv_tensors."
SAMPLE = "(dict(image=I, boxes=B, masks=M, points=K, label=P))"
for kernel, call in {
    "resize_bounding_boxes": "(P, (8, 9), [4, 4])",
    "resize_keypoints": "(K, [4, 4], canvas_size=(8, 9))",
    "crop_bounding_boxes": "(P, tv_tensors.BoundingBoxFormat.XYXY, 0, 0, 4, 4)",
    "crop_keypoints": "(K, 0, 0, 4, 4)",
}.items():
    program(f"{G}{kernel}", f"{TV}G.{kernel}{call}[0]")
for name, part in {"Mask": "masks", "BoundingBoxes": "boxes", "KeyPoints": "points"}.items():
    text = f"{TV}V.Resize((4, 5)){SAMPLE}['{part}']"
    program(f"{LOWER}{name}", text)
PURE = f"V.Compose([V.Resize((4, 5)), V.ToPureTensor()]){SAMPLE}['image']"
program(f"{LOWER}Image", TV + PURE)
program(f"{LOWER}Video", f"{TV}V.CenterCrop(4)(tv_tensors.Video(torch.zeros(2, 3, 8, 8)))")
program(f"{LOWER}wrap", f"{TV}tv_tensors.wrap(torch.zeros(4, 4), like=B)")
unjudged(f"{LOWER}is_rotated_bounding_format {LOWER}set_return_type", "gives no tensor")
KERNELS = (
    "affine center_crop elastic horizontal_flip pad perspective resized_crop rotate vertical_flip"
)
WHY = "as the kernels of crop and resize, from one table"
unjudged(kernels(KERNELS, "bounding_boxes keypoints"), WHY)
unjudged(kernels("get_size", "bounding_boxes keypoints"), "gives no tensor")
unjudged(f"{G}clamp_bounding_boxes {G}clamp_keypoints {G}convert_bounding_box_format", WHY)
unjudged(
    f"{G}sanitize_bounding_boxes {G}sanitize_keypoints", "how many stay depends on the numbers"
)
LEFT = "ClampBoundingBoxes ClampKeyPoints ConvertBoundingBoxFormat SetClampingMode Transform"
unjudged(" ".join(V + name for name in LEFT.split()), "changes boxes only, or nothing")
unjudged(f"{V}RandomIoUCrop {V}SanitizeBoundingBoxes", "how many stay depends on the numbers")
BATCH = "(torch.zeros(4, 3, 8, 8), torch.zeros(4, dtype=torch.int64))"
program(f"{V}CutMix", f"{TV}V.MixUp(num_classes=5){BATCH}[1]")
untyped(f"{T} {LOWER}")
