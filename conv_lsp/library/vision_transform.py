"""`torchvision.transforms`: the functions of `vision_functional`, constructed with their options.

Version 1 takes one image. Version 2 takes any nest of images, masks, boxes and other things; of
tensors that are nothing else it changes the first, where there is no other image.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, TypeVar

from conv_lsp.library import vision_functional as functional
from conv_lsp.library.images import Image, geometry_of, role_of
from conv_lsp.library.iterators import held_by, vague
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import Call, models
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
