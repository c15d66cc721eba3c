"""`torchvision.datasets`: the images they hold, how many, and what a transform makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from conv_lsp.dims import Dim, symbol, unknown_size
from conv_lsp.library.data import Dataset
from conv_lsp.library.images import image
from conv_lsp.library.registry import Call, models
from conv_lsp.values import Unknown, Value


@dataclass(frozen=True, slots=True)
class Images:
    """channels, height, width (0: differs from image to image); items by part of the data set."""

    channels: int
    height: int
    width: int
    train: int = 0
    test: int = 0
    parts: tuple[tuple[str, int], ...] = ()
    classes: int = 0


MNIST: Final = Images(1, 28, 28, 60_000, 10_000, classes=10)
ANY: Final = Images(3, 0, 0)
KNOWN: Final = {
    "MNIST": MNIST,
    "FashionMNIST": MNIST,
    "KMNIST": MNIST,
    "QMNIST": Images(1, 28, 28, 60_000, 60_000, classes=10),
    "EMNIST": Images(1, 28, 28),
    "USPS": Images(1, 16, 16, 7_291, 2_007, classes=10),
    "CIFAR10": Images(3, 32, 32, 50_000, 10_000, classes=10),
    "CIFAR100": Images(3, 32, 32, 50_000, 10_000, classes=100),
    "SVHN": Images(
        3, 32, 32, parts=(("train", 73_257), ("test", 26_032), ("extra", 531_131)), classes=10
    ),
    "STL10": Images(
        3,
        96,
        96,
        parts=(
            ("train", 5_000),
            ("test", 8_000),
            ("unlabeled", 100_000),
            ("train+unlabeled", 105_000),
        ),
        classes=10,
    ),
    "CelebA": Images(3, 218, 178, parts=(("train", 162_770), ("valid", 19_867), ("test", 19_962))),
    "Omniglot": Images(1, 105, 105),
    "ImageNet": Images(3, 0, 0, parts=(("train", 1_281_167), ("val", 50_000)), classes=1_000),
    "ImageFolder": ANY,
    "DatasetFolder": ANY,
    "Caltech101": Images(0, 0, 0),
    "Caltech256": Images(0, 0, 0),
    "Country211": ANY,
    "DTD": ANY,
    "EuroSAT": Images(3, 64, 64, 27_000, 27_000, classes=10),
    "FGVCAircraft": ANY,
    "Flowers102": ANY,
    "Food101": ANY,
    "GTSRB": ANY,
    "INaturalist": ANY,
    "Imagenette": ANY,
    "OxfordIIITPet": ANY,
    "PCAM": Images(3, 96, 96),
    "Places365": ANY,
    "RenderedSST2": ANY,
    "SEMEION": Images(1, 16, 16, 1_593, 1_593, classes=10),
    "StanfordCars": ANY,
    "SUN397": ANY,
}
STRUCTURED: Final = (
    "CocoDetection",
    "CocoCaptions",
    "VOCDetection",
    "VOCSegmentation",
    "Cityscapes",
)
"""Data sets whose targets are more than a number."""


class VisionDataset(Dataset):
    """A data set of images with a class each."""

    __slots__ = ()

    images: Images = ANY

    def __init__(
        self,
        call: Call,
        root: object = None,
        *args: object,
        train: object = True,
        split: object = None,
        transform: object = None,
        target_transform: object = None,
        **kwargs: object,
    ) -> None:
        own = self.images
        first = args[0] if args else None
        if own.train and isinstance(first, bool):
            train, args = first, args[1:]
        elif isinstance(first, str):
            split, args = first, args[1:]
        for value in args:
            if not isinstance(value, (bool, str)) and transform is None:
                transform = value
        self.__dict__.update(
            root=root, transform=transform, target_transform=target_transform, train=train
        )
        self.__dict__["split"] = "train" if split is None else split
        if own.classes:
            self.__dict__["classes"] = Unknown("the names of the classes")

    def count(self) -> int | None:
        """The number of items, where it is known."""
        own, train = self.images, self.__dict__["train"]
        if own.train and isinstance(train, bool):
            return own.train if train else own.test
        return dict(own.parts).get(str(self.__dict__["split"]))

    def item(self, call: Call, index: object) -> Value:
        own = self.images
        sizes: list[Dim] = [s or unknown_size() for s in (own.channels, own.height, own.width)]
        picture: Value = image(*sizes)
        if self.__dict__["transform"] is not None:
            picture = call.invoke(self.__dict__["transform"], picture)
        return (picture, self.target(call))

    def target(self, call: Call) -> Value:
        """The number of the image's class, transformed."""
        function = self.__dict__["target_transform"]
        number = symbol("label", 0)
        return number if function is None else call.invoke(function, number)

    def length(self, call: Call) -> Value:
        count = self.count()
        return Unknown("the number of images") if count is None else count


class StructuredDataset(VisionDataset):
    """A data set of images whose targets are not followed."""

    __slots__ = ()

    def target(self, call: Call) -> Value:
        return Unknown("the target of an image")


models("torchvision.datasets.VisionDataset", "torchvision.datasets.vision.VisionDataset")(
    VisionDataset
)
for _name, _images in KNOWN.items():
    _attributes: dict[str, Any] = {
        "__slots__": (),
        "__doc__": "See torchvision.",
        "images": _images,
    }
    models(f"torchvision.datasets.{_name}")(type(_name, (VisionDataset,), _attributes))
for _name in STRUCTURED:
    _attributes = {"__slots__": (), "__doc__": "See torchvision."}
    models(f"torchvision.datasets.{_name}")(type(_name, (StructuredDataset,), _attributes))


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
        super().__init__(call, transform=transform, target_transform=target_transform)
        self.__dict__.update(size=size, image_size=image_size)

    def item(self, call: Call, index: object) -> Value:
        size = self.__dict__["image_size"]
        if not isinstance(size, (tuple, list)) or len(size) != 3:
            return Unknown("an image of unknown size")
        picture: Value = image(*size)
        if self.__dict__["transform"] is not None:
            picture = call.invoke(self.__dict__["transform"], picture)
        return (picture, self.target(call))

    def length(self, call: Call) -> Value:
        return self.__dict__["size"]
