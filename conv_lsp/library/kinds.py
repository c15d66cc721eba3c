"""What class a value has: `type`, `isinstance`, `issubclass`."""

from __future__ import annotations

import collections
import enum
import types
from collections import abc
from typing import Any, Final, get_args

from conv_lsp.dims import Expr
from conv_lsp.library.arithmetic import PLAIN
from conv_lsp.library.builtins import is_function
from conv_lsp.library.registry import Call, Op, find, op
from conv_lsp.values import (
    MISSING,
    UNTYPED,
    Class,
    Deque,
    Derived,
    Dict,
    Instance,
    List,
    Module,
    Size,
    Tensor,
    Unknown,
    Value,
    is_subclass,
)

LIKE_A_TENSOR: Final = (
    abc.Iterable,
    abc.Sized,
    abc.Container,
    abc.Collection,
    abc.Hashable,
    object,
)
"""The abstract classes that torch.Tensor belongs to."""
STRUCTURAL: Final = (abc.Iterable, abc.Sized, abc.Container, abc.Collection, abc.Iterator)
"""Abstract classes that go by methods, not by inheritance."""
TENSOR_TYPES: Final = {
    "torch.FloatTensor": "float32",
    "torch.DoubleTensor": "float64",
    "torch.HalfTensor": "float16",
    "torch.BFloat16Tensor": "bfloat16",
    "torch.LongTensor": "int64",
    "torch.IntTensor": "int32",
    "torch.ShortTensor": "int16",
    "torch.CharTensor": "int8",
    "torch.ByteTensor": "uint8",
    "torch.BoolTensor": "bool",
}
REAL_KINDS: Final[dict[type, type]] = {List: list, Dict: dict, Expr: int}
"""What interpreted code sees of a class of the engine."""


class Form:
    """A form of `typing` that is no class: `Optional`, `Any`, a type variable."""


@op("builtins.isinstance")
def isinstance_(call: Call, obj: object, classinfo: object) -> Value:
    """Three-valued: Unknown where the value or the class is not known."""
    verdict = is_instance(obj, classinfo)
    if verdict is None:
        unknown = obj if isinstance(obj, Unknown) else classinfo
        return Unknown(unknown.why if isinstance(unknown, Unknown) else "a class that is not known")
    return verdict


@op("torch.jit.isinstance")
def scripted_isinstance(call: Call, obj: object, target_type: object) -> Value:
    """As Python's, for a class; what containers hold is not looked at."""
    return (
        isinstance_(call, obj, target_type)
        if isinstance(target_type, (type, Op))
        else Unknown("whether a value is of a type of annotations")
    )


def is_instance(value: Value, kind: Value) -> bool | None:
    """Whether the value is of the class, or of one of a tuple of classes."""
    if isinstance(kind, (tuple, types.UnionType)):
        parts = kind if isinstance(kind, tuple) else get_args(kind)
        verdicts = [is_instance(value, part) for part in parts]
        return True if True in verdicts else None if None in verdicts else False
    if isinstance(value, Unknown) or isinstance(kind, Unknown) or kind is Form:
        return None
    if kind is object:
        return True
    if isinstance(kind, Op):
        return of_library(value, kind.name)
    if isinstance(value, Tensor):
        return tensor_is(kind) if type(value) is Tensor else array_is(kind)
    if isinstance(value, Instance):
        return instance_is(value, kind)
    if isinstance(value, Derived) and is_subclass(value.interpreted, kind):
        return True
    if kind is Tensor or isinstance(kind, Class):
        return False
    if isinstance(value, Deque) and isinstance(kind, type):
        return kind is Deque or issubclass(collections.deque, kind)
    if not isinstance(kind, type):
        kind = getattr(kind, "__origin__", None)  # typing.Callable, List[int] and the like
        if not isinstance(kind, type):
            return None
    if is_function(value):
        return (
            kind in (abc.Callable, abc.Hashable)
            or isinstance(value, kind)
            or (kind is types.FunctionType and type(value).__name__ == "Function")
        )
    if isinstance(value, Class):
        sample: type = enum.Enum if "members" in value.extra else object
        return isinstance(sample, kind)
    if isinstance(value, type):
        return kind in (type, abc.Callable, abc.Hashable) or isinstance(value, kind)
    if isinstance(value, Expr):
        return issubclass(int, kind)
    try:
        return isinstance(value, kind)
    except TypeError:  # a protocol that cannot be asked at run time
        return None


TV_TENSORS: Final = {
    "torchvision.tv_tensors.Image": "image",
    "torchvision.tv_tensors.Video": "video",
    "torchvision.tv_tensors.Mask": "mask",
    "torchvision.tv_tensors.BoundingBoxes": "boxes",
    "torchvision.tv_tensors.KeyPoints": "keypoints",
}


def of_library(value: Value, path: str) -> bool | None:
    """Whether the value is what a callable of the library makes, by the callable's path."""
    if path == "numpy.ndarray" or (isinstance(value, Tensor) and type(value) is not Tensor):
        return isinstance(value, Tensor) and type(value) is not Tensor and path == "numpy.ndarray"
    if path in ("torch.Tensor", "torch.autograd.Variable"):
        return isinstance(value, Tensor)
    if path in TENSOR_TYPES:
        if isinstance(value, Tensor) and value.dtype == UNTYPED:
            return None
        return isinstance(value, Tensor) and value.dtype == TENSOR_TYPES[path]
    if path in ("torch.nn.Parameter", "torch.nn.parameter.Parameter", "torch.nn.Buffer"):
        kind = "buffer" if path.endswith("Buffer") else "parameter"
        return isinstance(value, Tensor) and value.kind == kind
    if path in TV_TENSORS:
        return isinstance(value, Tensor) and value.kind == TV_TENSORS[path]
    if path == "torch.Size":
        return isinstance(value, Size)
    return False if isinstance(value, (Tensor, Module, *PLAIN)) or value is None else None


def tensor_is(kind: Value) -> bool | None:
    """Whether a tensor is of a class."""
    if isinstance(kind, Class):
        return False
    return kind is Tensor or kind in LIKE_A_TENSOR


def array_is(kind: Value) -> bool | None:
    """Whether an array of numpy is of a class."""
    return kind in LIKE_A_TENSOR if kind is not Tensor else False


def instance_is(value: Instance, kind: Value) -> bool | None:
    """Whether an object of the interpreted code or of the library is of a class."""
    own = value.__dict__.get("__class__", value.kind)
    if isinstance(own, Unknown):
        return None
    if is_subclass(own, kind) or (isinstance(kind, type) and isinstance(value, kind)):
        return True
    if isinstance(own, Class):
        if any(isinstance(k, Class) and k.extra.get("lost") for k in own.mro):
            return None
        if isinstance(kind, type) and any(
            isinstance(k, type) and issubclass(k, kind) for k in own.mro
        ):
            return True
    if kind is abc.Callable:
        return isinstance(value, Module) or None
    if kind in STRUCTURAL:
        return True if getattr(value, "elements", None) is not None and sequential(value) else None
    return False


def sequential(value: Instance) -> bool:
    """Whether a library object is iterated over by what it holds."""
    elements: Any = getattr(type(value), "elements", None)
    return elements is not None and elements(value) is not None


@op("builtins.issubclass")
def issubclass_(call: Call, cls: object, class_or_tuple: object) -> Value:
    """Three-valued, as isinstance."""
    kinds = class_or_tuple if isinstance(class_or_tuple, tuple) else (class_or_tuple,)
    unknown = next((k for k in (cls, *kinds) if isinstance(k, Unknown)), None)
    if any(is_subclass(cls, kind) for kind in kinds):
        return True
    if unknown is not None:
        return Unknown(unknown.why)
    if isinstance(cls, Class):
        if any(isinstance(k, Class) and k.extra.get("lost") for k in cls.mro):
            return Unknown("a class with a base that is not known")
        return any(is_subclass(k, kind) for k in cls.mro if isinstance(k, type) for kind in kinds)
    return False if isinstance(cls, type) else Unknown("a class that is not known")


@op("builtins.type")
def type_(call: Call, obj: object, *args: object, **kwargs: object) -> Value:
    """The class of a value; with three arguments, a class that is not followed."""
    if args:
        return Unknown("a class made by type()")
    return class_of(obj)


def class_of(value: Value) -> Value:
    """The class of a value as interpreted code sees it."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Instance):
        return value.kind
    if isinstance(value, Tensor):
        path = "torch.nn.Parameter" if value.kind == "parameter" else "torch.Tensor"
        found = find(path)
        return Tensor if found is MISSING else found
    if isinstance(value, Class):
        return type
    if type(value).__name__ == "Function":
        return types.FunctionType
    if isinstance(value, Derived):
        return value.interpreted
    return REAL_KINDS.get(type(value), type(value))
