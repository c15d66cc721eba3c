"""`typing`, `abc`, `enum`, `numbers`: names that only annotations and class statements use.

An alias stands for the class that it names, so that it serves in `isinstance` and as a base. Forms
without a class are `Form`, of which nothing is an instance or not.
"""

from __future__ import annotations

import abc
import enum
import numbers
import typing
from typing import Final

from conv_lsp.library.kinds import Form
from conv_lsp.library.registry import NAMES, OPS, Call, op
from conv_lsp.library.wrappers import ITSELF
from conv_lsp.values import Unknown, Value

PACKAGES: Final = ("typing", "typing_extensions")
IDENTITIES: Final = (
    "final",
    "no_type_check",
    "overload",
    "override",
    "runtime",
    "runtime_checkable",
)
HANDLED: Final = ("NamedTuple", "TYPE_CHECKING", "TypedDict", "TypeVar", "cast", "get_type_hints")
"""Names that have a meaning when the code runs; `NamedTuple` is the class statement's."""


def standing_for(value: object) -> object:
    """The class that a name of `typing` stands for."""
    if isinstance(value, type) and value is not typing.Any:
        return value
    origin = getattr(value, "__origin__", None)
    return origin if isinstance(origin, type) else Form


for _package in PACKAGES:
    for _name in (*typing.__all__, "NotRequired", "Self", "Unpack", "TypeVarTuple", "override"):
        if _name in HANDLED:
            continue
        if _name in IDENTITIES:
            OPS[f"{_package}.{_name}"] = ITSELF
        else:
            NAMES[f"{_package}.{_name}"] = standing_for(getattr(typing, _name, Form))
    NAMES[f"{_package}.TYPE_CHECKING"] = False
    NAMES[f"{_package}.TypedDict"] = dict


@op(
    "typing.TypeVar",
    "typing_extensions.TypeVar",
    "typing.ParamSpec",
    "typing_extensions.ParamSpec",
    "typing.ForwardRef",
)
def type_var(call: Call, name: object, *args: object, **kwargs: object) -> Value:
    """A form."""
    return Form


@op("typing.NewType", "typing_extensions.NewType")
def new_type(call: Call, name: object, tp: object) -> Value:
    """A function that returns its argument."""
    return ITSELF


@op("typing.cast", "typing_extensions.cast")
def cast(call: Call, typ: object, val: object) -> Value:
    """The value itself."""
    return val


@op("typing.get_origin", "typing.get_args", "typing.get_type_hints")
def unfollowed(call: Call, tp: object, *args: object, **kwargs: object) -> Value:
    """Annotations are not followed."""
    return Unknown("annotations are not followed")


NAMES.update({f"numbers.{name}": getattr(numbers, name) for name in numbers.__all__})
NAMES.update({"abc.ABC": abc.ABC, "abc.ABCMeta": abc.ABCMeta})
for _name in ("abstractmethod", "abstractclassmethod", "abstractstaticmethod"):
    OPS[f"abc.{_name}"] = ITSELF
NAMES["abc.abstractproperty"] = property
NAMES.update(
    {
        f"enum.{name}": getattr(enum, name)
        for name in ("Enum", "IntEnum", "Flag", "IntFlag", "EnumMeta", "auto")
    }
)
NAMES["enum.StrEnum"] = getattr(enum, "StrEnum", enum.Enum)
OPS["enum.unique"] = ITSELF
