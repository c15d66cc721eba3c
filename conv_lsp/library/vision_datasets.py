"""`torchvision.datasets`: the images they hold, how many, and what a transform makes of them.

One row a data set: its parameters, the size and mode of its images, its target, and how many items
its parts have. A size of 0 differs from image to image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from conv_lsp.dims import Dim, symbol, unknown_size
from conv_lsp.library.datasets import Dataset
from conv_lsp.library.images import Image, image
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import Call, models
from conv_lsp.library.sliding import wrong
from conv_lsp.library.tables import literal
from conv_lsp.values import List, Tensor, Unknown, Value

REST: Final = " transform= target_transform= download=False"
TRAIN: Final = "root train=True" + REST
SPLIT: Final = "root split='train'" + REST
LOADED: Final = SPLIT + " loader="
FOLDER: Final = "root transform= target_transform= loader= is_valid_file= allow_empty=False"
CLIPS: Final = (
    "root annotation_path frames_per_clip step_between_clips=1 frame_rate= fold=1 train=True"
    " transform= _precomputed_metadata= num_workers=1 _video_width=0 _video_height=0"
    " _video_min_dimension=0 _audio_samples=0 output_format='THWC'"
)


@dataclass(frozen=True, slots=True)
class Row:
    """size: channels, height, width; items by the value of `by`, the parameter that chooses a part."""

    parameters: str
    size: tuple[int, int, int] = (3, 0, 0)
    mode: str = "RGB"
    items: Mapping[object, int] | int = 0
    classes: int = 0
    target: str = "class"
    by: str = "split"


def halves(train: int, test: int) -> dict[object, int]:
    return {True: train, False: test}


DIGITS: Final = halves(60_000, 10_000)
SMALL: Final = halves(50_000, 10_000)
LETTERS: Final = {
    "byclass": (697_932, 116_323),
    "bymerge": (697_932, 116_323),
    "balanced": (112_800, 18_800),
    "letters": (124_800, 20_800),
    "digits": (240_000, 40_000),
    "mnist": (60_000, 10_000),
}
ALL: Final = {
    "Caltech101": Row(
        "root target_type='category' transform= target_transform= download=False",
        (0, 0, 0), "", target="target_type",
    ),
    "Caltech256": Row("root transform= target_transform= download=False", (0, 0, 0), ""),
    "CelebA": Row(
        "root split='train' target_type='attr'" + REST, (3, 218, 178),
        items={"train": 162_770, "valid": 19_867, "test": 19_962}, target="face",
    ),
    "CIFAR10": Row(TRAIN, (3, 32, 32), items=SMALL, classes=10, by="train"),
    "CIFAR100": Row(TRAIN, (3, 32, 32), items=SMALL, classes=100, by="train"),
    "Cityscapes": Row(
        "root split='train' mode='fine' target_type='instance' transform= target_transform="
        " transforms=", (3, 1024, 2048), target="unknown",
    ),
    "CLEVRClassification": Row(LOADED, (3, 320, 480)),
    "CocoDetection": Row("root annFile transform= target_transform= transforms=", target="unknown"),
    "CocoCaptions": Row("root annFile transform= target_transform= transforms=", target="unknown"),
    "Country211": Row(LOADED, items={"train": 31_650, "valid": 10_550, "test": 21_100}, classes=211),
    "DTD": Row(
        "root split='train' partition=1" + REST + " loader=",
        items=dict.fromkeys(("train", "val", "test"), 1_880), classes=47,
    ),
    "EuroSAT": Row("root" + REST + " loader=", (3, 64, 64), items=27_000, classes=10),
    "FER2013": Row("root split='train' transform= target_transform=", (1, 48, 48), "L"),
    "FGVCAircraft": Row(
        "root split='trainval' annotation_level='variant'" + REST + " loader=",
        items={"train": 3_334, "val": 3_333, "trainval": 6_667, "test": 3_333},
    ),
    "Flickr8k": Row("root ann_file transform= target_transform= loader=", target="unknown"),
    "Flickr30k": Row("root ann_file transform= target_transform= loader=", target="unknown"),
    "Flowers102": Row(LOADED, items={"train": 1_020, "val": 1_020, "test": 6_149}, classes=102),
    "Food101": Row(LOADED, items={"train": 75_750, "test": 25_250}, classes=101),
    "GTSRB": Row(SPLIT, items={"train": 26_640, "test": 12_630}),
    "HMDB51": Row(CLIPS, target="clip"),
    "ImageFolder": Row(FOLDER),
    "ImageNet": Row(
        "root split='train' transform= target_transform= loader= is_valid_file=",
        items={"train": 1_281_167, "val": 50_000}, classes=1_000,
    ),
    "Imagenette": Row("root split='train' size='full' download=False transform= target_transform= loader=", classes=10),
    "INaturalist": Row("root version='2021_train' target_type='full'" + REST + " loader=", target="target_type"),
    "Kinetics": Row(
        "root frames_per_clip num_classes='400' split='train' frame_rate= step_between_clips=1"
        " transform= extensions= download=False num_download_workers=1 num_workers=1"
        " _precomputed_metadata= _video_width=0 _video_height=0 _video_min_dimension=0"
        " _audio_samples=0 _audio_channels=0 _legacy=False output_format='TCHW'", target="clip",
    ),
    "Kitti": Row("root train=True transform= target_transform= transforms= download=False", target="unknown"),
    "LFWPairs": Row("root split='10fold' image_set='funneled'" + REST + " loader=", (3, 250, 250), target="pair"),
    "LFWPeople": Row("root split='10fold' image_set='funneled'" + REST + " loader=", (3, 250, 250)),
    "LSUN": Row("root classes='train' transform= target_transform="),
    "LSUNClass": Row("root transform= target_transform=", target="unknown"),
    "MNIST": Row(TRAIN, (1, 28, 28), "L", DIGITS, 10, by="train"),
    "FashionMNIST": Row(TRAIN, (1, 28, 28), "L", DIGITS, 10, by="train"),
    "KMNIST": Row(TRAIN, (1, 28, 28), "L", DIGITS, 10, by="train"),
    "EMNIST": Row("root split train=True" + REST, (1, 28, 28), "L", {}),
    "QMNIST": Row("root what= compat=True train=True" + REST, (1, 28, 28), "L", halves(60_000, 60_000), 10, by="train"),
    "MovingMNIST": Row("root split= split_ratio=10 download=False transform=", items=10_000, target="frames"),
    "Omniglot": Row(
        "root background=True" + REST + " loader=", (1, 105, 105), "L",
        halves(19_280, 13_180), by="background",
    ),
    "OxfordIIITPet": Row(
        "root split='trainval' target_types='category' transforms= transform= target_transform="
        " download=False", items={"trainval": 3_680, "test": 3_669}, classes=37, target="target_types",
    ),
    "PCAM": Row(SPLIT, (3, 96, 96), items={"train": 262_144, "val": 32_768, "test": 32_768}),
    "PhotoTour": Row("root name train=True transform= download=False", target="patches"),
    "Places365": Row("root split='train-standard' small=False download=False transform= target_transform= loader="),
    "RenderedSST2": Row(LOADED, items={"train": 6_920, "val": 872, "test": 1_821}, classes=2),
    "SBDataset": Row("root image_set='train' mode='boundaries' download=False transforms=", target="unknown"),
    "SBU": Row("root transform= target_transform= download=True loader=", target="unknown"),
    "SEMEION": Row("root transform= target_transform= download=True", (1, 16, 16), "L", 1_593),
    "StanfordCars": Row(LOADED, items={"train": 8_144, "test": 8_041}, classes=196),
    "STL10": Row(
        "root split='train' folds=" + REST, (3, 96, 96),
        items={"train": 5_000, "test": 8_000, "unlabeled": 100_000, "train+unlabeled": 105_000},
        classes=10,
    ),
    "SUN397": Row("root" + REST + " loader="),
    "SVHN": Row(SPLIT, (3, 32, 32), items={"train": 73_257, "test": 26_032, "extra": 531_131}),
    "UCF101": Row(CLIPS, target="clip"),
    "USPS": Row(TRAIN, (1, 16, 16), "L", halves(7_291, 2_007), by="train"),
    "VOCDetection": Row(
        "root year='2012' image_set='train' download=False transform= target_transform= transforms=",
        target="unknown",
    ),
    "VOCSegmentation": Row(
        "root year='2012' image_set='train' download=False transform= target_transform= transforms=",
        target="mask",
    ),
    "WIDERFace": Row(SPLIT, target="unknown"),
}  # fmt: skip
FACES: Final = {"attr": (40,), "identity": (), "bbox": (4,), "landmarks": (10,)}
PAIRS: Final = {
    "Sintel": "root split='train' pass_name='clean' transforms= loader=",
    "KittiFlow": "root split='train' transforms= loader=",
    "FlyingChairs": "root split='train' transforms=",
    "FlyingThings3D": "root split='train' pass_name='clean' camera='left' transforms= loader=",
    "HD1K": "root split='train' transforms= loader=",
    "CarlaStereo": "root transforms=",
    "CREStereo": "root transforms=",
    "ETH3DStereo": "root split='train' transforms=",
    "FallingThingsStereo": "root variant='single' transforms=",
    "InStereo2k": "root split='train' transforms=",
    "Kitti2012Stereo": "root split='train' transforms=",
    "Kitti2015Stereo": "root split='train' transforms=",
    "Middlebury2014Stereo": "root split='train' calibration='perfect' use_ambient_views=False"
    " transforms= download=False",
    "SceneFlowStereo": "root variant='FlyingThings3D' pass_name='clean' transforms=",
    "SintelStereo": "root pass_name='final' transforms=",
}
"""Two images of one scene, and how they differ."""


def parameters(text: str) -> dict[str, Value]:
    """Names with their defaults; `...` where there is none, None where it stands for more."""
    found: dict[str, Value] = {}
    for word in text.split():
        name, mark, value = word.partition("=")
        quoted = value[:1] == "'"
        known = value[1:-1] if quoted else literal(value) if value else None
        found[name] = known if mark else ...
    return found


class VisionDataset(Dataset):
    """A data set of images with a target each."""

    __slots__ = ()

    row: Row = Row(
        "root= transforms= transform= target_transform=", (0, 0, 0), "", target="unknown"
    )

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        self.take(call, parameters(self.row.parameters), args, kwargs)
        own, count = self.row, self.count()
        if own.classes:
            names = [Unknown("the name of a class") for _ in range(own.classes)]
            self.__dict__["classes"] = List(names)
        if own.mode == "L" and own.by == "train" and own.size[1] == 28 and count is not None:
            self.__dict__["data"] = Tensor((count, 28, 28), dtype="uint8")
            self.__dict__["targets"] = Tensor((count,), dtype="int64")
        if own.by == "train" and own.size[1] == 32 and count is not None:
            self.__dict__["data"] = Array((count, 32, 32, 3), dtype="uint8")

    def take(
        self,
        call: Call,
        names: Mapping[str, Value],
        args: Sequence[Value],
        given: Mapping[str, Value],
    ) -> None:
        """Keep the arguments as attributes; fail at those that there are none for."""
        if len(args) > len(names):
            wrong(call, f"takes {len(names)} arguments, {len(args)} are given")
        bound = dict(zip(names, args, strict=False))
        for name in given:
            if name not in names:
                wrong(call, f"there is no argument '{name}'", at=name)
            if name in bound:
                wrong(call, f"argument '{name}' is given twice", at=name)
        bound |= given
        for name, default in names.items():
            if name not in bound and default is ...:
                wrong(call, f"argument '{name}' is missing")
            self.__dict__[name] = bound.get(name, default)

    def count(self) -> int | None:
        """The number of items, where it is known."""
        own, items = self.__dict__, self.row.items
        if type(self).__name__ == "EMNIST":
            both = LETTERS.get(own["split"]) if isinstance(own["split"], str) else None
            known = both is not None and isinstance(own["train"], bool)
            return both[0 if own["train"] else 1] if both is not None and known else None
        if isinstance(items, int):
            return items or None
        if own.get("what") is not None or own.get("folds") is not None:
            return None
        part = own.get(self.row.by)
        return items.get(part) if isinstance(part, (bool, str)) else None

    def length(self, call: Call) -> Value:
        count = self.count()
        return Unknown("the number of images") if count is None else count

    def picture(self) -> Value:
        """One of its images."""
        sizes: list[Dim] = [s or unknown_size() for s in self.row.size]
        if self.__dict__.get("small") is True:
            sizes[1:] = [256, 256]
        channels, height, width = sizes
        return image(channels, height, width, self.row.mode or Unknown("a mode"))

    def item(self, call: Call, index: object) -> Value:
        picture = self.picture()
        return self.transformed(call, picture, self.target(picture))

    def transformed(self, call: Call, picture: Value, target: Value) -> Value:
        """Both, by the transforms that were given."""
        own = self.__dict__
        together = own.get("transforms")
        if together is not None:
            return call.invoke(together, picture, target)
        if own.get("transform") is not None:
            picture = call.invoke(own["transform"], picture)
        if own.get("target_transform") is not None:
            target = call.invoke(own["target_transform"], target)
        return (picture, target)

    def target(self, picture: Value) -> Value:
        """What belongs to an image."""
        what, number = self.row.target, symbol("label", 0)
        if what == "class":
            return (
                number if self.__dict__.get("compat", True) is True else Tensor((8,), dtype="int64")
            )
        if what == "face":
            return self.face()
        if what == "mask":
            if not isinstance(picture, Image):
                return Unknown("a mask")
            _, height, width = picture.geometry()
            return image(1, height, width, "P")
        asked = self.__dict__.get(what)
        plain = asked in ("category", "full", "kingdom", "class", "binary-category")
        return number if plain else Unknown("the target of an image")

    def face(self) -> Value:
        """What CelebA tells of a face; several things as a tuple."""
        asked = self.__dict__["target_type"]
        if isinstance(asked, (list, tuple)):
            parts = [FACES.get(part) for part in asked if isinstance(part, str)]
            known = [Tensor(part, dtype="int64") for part in parts if part is not None]
            if len(known) == len(asked):
                return None if not known else known[0] if len(known) == 1 else tuple(known)
        shape = FACES.get(asked) if isinstance(asked, str) else None
        return Unknown("the target of a face") if shape is None else Tensor(shape, dtype="int64")


class Clips(VisionDataset):
    """A data set of videos with their sound."""

    __slots__ = ()

    def item(self, call: Call, index: object) -> Value:
        own = self.__dict__
        frames = own["frames_per_clip"]
        count: Dim = frames if isinstance(frames, int) else unknown_size()
        height, width = unknown_size(), unknown_size()
        tall = (
            (count, height, width, 3)
            if own["output_format"] == "THWC"
            else (count, 3, height, width)
        )
        video: Value = Tensor(tall, dtype="uint8")
        if own["transform"] is not None:
            video = call.invoke(own["transform"], video)
        return (video, Tensor((unknown_size(), unknown_size())), symbol("label", 0))


class Frames(VisionDataset):
    """Videos of two moving digits, as tensors (frames, 1, 64, 64)."""

    __slots__ = ()

    def item(self, call: Call, index: object) -> Value:
        own = self.__dict__
        first = own["split_ratio"]
        count: Dim = unknown_size()
        if own["split"] is None:
            count = 20
        elif isinstance(first, int) and own["split"] in ("train", "test"):
            count = first if own["split"] == "train" else 20 - first
        video = Tensor((count, 1, 64, 64), dtype="uint8")
        return video if own["transform"] is None else call.invoke(own["transform"], video)


class Patches(VisionDataset):
    """Patches of 64 × 64 pixels; two of them, and whether they match, for testing."""

    __slots__ = ()

    def item(self, call: Call, index: object) -> Value:
        own = self.__dict__
        patch: Value = Tensor((64, 64), dtype="uint8")
        if own["transform"] is not None:
            patch = call.invoke(own["transform"], patch)
        train = call.host.truth(own["train"])
        if train is None:
            return Unknown("one patch or two")
        return patch if train else (patch, patch, Tensor((), dtype="int64"))


class Pair(VisionDataset):
    """Two pictures of a face, and whether it is the same."""

    __slots__ = ()

    def item(self, call: Call, index: object) -> Value:
        first, target = self.transformed(call, self.picture(), symbol("label", 0))
        return (first, first, target)


class Scenes(VisionDataset):
    """Two images of one scene, and how they differ."""

    __slots__ = ()

    def item(self, call: Call, index: object) -> Value:
        return Unknown("two images and how they differ")


KINDS: Final = {"clip": Clips, "frames": Frames, "patches": Patches, "pair": Pair}
models("torchvision.datasets.VisionDataset", "torchvision.datasets.vision.VisionDataset")(
    VisionDataset
)


def _declare(name: str, row: Row, base: type) -> None:
    own: dict[str, Any] = {"__slots__": (), "__doc__": "See torchvision.", "row": row}
    models(f"torchvision.datasets.{name}")(type(name, (base,), own))


for _name, _row in ALL.items():
    _declare(_name, _row, KINDS.get(_row.target, VisionDataset))
for _name, _text in PAIRS.items():
    _declare(_name, Row(_text), Scenes)


@models("torchvision.datasets.DatasetFolder", "torchvision.datasets.folder.DatasetFolder")
class DatasetFolder(VisionDataset):
    """Files of a directory a class, read by a function of the user's."""

    __slots__ = ()

    row = Row(
        "root loader extensions= transform= target_transform= is_valid_file= allow_empty=False"
    )

    def picture(self) -> Value:
        return Unknown("what a loader makes of a file")


@models("torchvision.datasets.FakeData")
class FakeData(VisionDataset):
    """Random images of a given size."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        size: object = 1000,
        image_size: object = (3, 224, 224),
        num_classes: object = 10,
        transform: object = None,
        target_transform: object = None,
        random_offset: object = 0,
    ) -> None:
        self.__dict__.update(
            size=size,
            image_size=image_size,
            num_classes=num_classes,
            transform=transform,
            target_transform=target_transform,
        )

    def picture(self) -> Value:
        size = self.__dict__["image_size"]
        if not isinstance(size, (tuple, list)) or len(size) != 3:
            return Unknown("an image of unknown size")
        channels, height, width = size
        modes = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
        mode = modes.get(channels, "") if isinstance(channels, int) else ""
        return image(channels, height, width, mode or Unknown("a mode"))

    def target(self, picture: Value) -> Value:
        return symbol("label", 0)

    def length(self, call: Call) -> Value:
        return self.__dict__["size"]
