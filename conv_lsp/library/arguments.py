"""The arguments of a call: bound to the parameters of a rule, refused or made what the rule takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from conv_lsp.dims import Expr, unknown_size
from conv_lsp.library.functional_types import FUNCTIONAL_TYPES
from conv_lsp.library.torch_types import TYPES
from conv_lsp.values import UNTYPED, Dict, List, Size, Tensor, Unknown, Value

NUMPY_WORDS = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x2": "other"}
"""numpy's names of parameters, which torch's functions take too."""


class Misfit(NamedTuple):
    """What is wrong with the arguments of a call; `at` names the one at fault."""

    problem: str
    at: str = ""


class Parameters:
    """A signature that binds arguments quickly and knows what each can take."""

    __slots__ = (
        "accepted",
        "checks",
        "defaults",
        "keyword_only",
        "kinds",
        "names",
        "required",
        "star",
        "star_star",
        "tensors",
        "typed",
    )

    def __init__(self, function: Callable[..., Any], skip: int, path: str = "") -> None:
        self.names: list[str] = []
        self.keyword_only: list[str] = []
        self.defaults: dict[str, Value] = {}
        self.kinds: dict[str, str] = {}
        self.tensors: set[str] = set()
        """Parameters that take a tensor and not None."""
        self.star = self.star_star = ""
        told = getattr(function, "parameters", None)
        every = told() if told else list(inspect.signature(function).parameters.values())[skip:]
        for p in every:
            kind = annotation(p)
            self.kinds[p.name] = kind.removesuffix(OR_NONE)
            if kind in ("Tensor", "AnyRank"):
                self.tensors.add(p.name)
            if p.kind is p.VAR_POSITIONAL:
                self.star = p.name
            elif p.kind is p.VAR_KEYWORD:
                self.star_star = p.name
            elif p.kind is p.KEYWORD_ONLY:
                self.keyword_only.append(p.name)
            else:
                self.names.append(p.name)
            if p.default is not p.empty:
                self.defaults[p.name] = p.default
        self.required = [n for n in (*self.names, *self.keyword_only) if n not in self.defaults]
        self.checks = [
            (i, COERCIONS.get(self.kinds[n], known), n in self.tensors)
            for i, n in enumerate(self.names)
            if self.kinds[n] != "object"
        ]
        """What is done to a positional argument: its place, its coercion, whether None is refused."""
        self.accepted = accepted(path, self.kinds)
        """The types that torch takes, by parameter: letters of `torch_types`."""
        if function.__name__ == "__init__":
            # The weights are made with these sizes, and torch.empty takes integers.
            sizes = [n for n, kind in self.kinds.items() if kind == "Dim"]
            self.accepted = {n: "y" if n in ROWS else "z" for n in sizes}
            if "device" in self.kinds and "dtype" in self.kinds:
                self.accepted |= {"device": "sin", "dtype": "dn"}
        elif path.startswith("torch."):
            for name, kind in self.kinds.items():
                if name in self.tensors:
                    self.accepted.setdefault(name, "o")
                elif kind in ("int", "Dim"):
                    self.accepted.setdefault(name, "z")
                elif name in EVERYWHERE:
                    self.accepted.setdefault(name, EVERYWHERE[name])
        none = inspect.Parameter.empty
        self.typed = [
            (i, refused(self.accepted[n]), self.defaults.get(n, none))
            for i, n in enumerate(self.names)
            if n in self.accepted
        ]
        """Which classes of values are refused at a place; the default is always taken."""

    def bind(
        self, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> tuple[list[Value], dict[str, Value]] | Misfit:
        """Positional and keyword arguments for the rule, or what is wrong with the call."""
        bound = self.arranged(args, kwargs)
        return bound if isinstance(bound, Misfit) else self.refused(*bound) or bound

    def arranged(
        self, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> tuple[list[Value], dict[str, Value]] | Misfit:
        """As `bind`, whatever the types."""
        names = self.names
        count = len(names)
        if len(args) > count and not self.star:
            return Misfit(f"takes {count} arguments, {len(args)} are given")
        if not kwargs and len(args) == count and not self.keyword_only:
            return list(args), {}
        bound: list[Value] = list(args[:count])
        extra: dict[str, Value] = {}
        unused = len(kwargs)
        for name in names[len(bound) :]:
            if name in kwargs:
                bound.append(kwargs[name])
                unused -= 1
            elif name in self.defaults:
                bound.append(self.defaults[name])
            else:
                return self.missing(name, kwargs)
        bound.extend(args[count:])
        for name in self.keyword_only:
            if name in kwargs:
                extra[name] = kwargs[name]
                unused -= 1
            elif name not in self.defaults:
                return self.missing(name, kwargs)
        if unused:
            taken = names[: len(args)]
            for name in kwargs:
                if name in taken:
                    return Misfit(f"argument '{name}' is given twice", name)
                if name not in names and name not in extra:
                    if not self.star_star:
                        return Misfit(f"there is no argument '{name}'", name)
                    extra[name] = kwargs[name]
        return bound, extra

    def refused(self, bound: Sequence[Value], extra: Mapping[str, Value]) -> Misfit | None:
        """The first argument of a type that torch does not take."""
        for i, classes, default in self.typed:
            value = bound[i]
            kind = value.__class__
            if kind in classes:
                if value is not default and not guessed(value):
                    return self.wrong_type(self.names[i], value)
            elif kind in LISTS and (wrong := self.wrong_element(self.names[i], value)):
                return wrong
            elif kind is type and value not in NUMBERS and "d" in self.accepted[self.names[i]]:
                return self.wrong_type(self.names[i], value)
        rest = bound[len(self.names) :]
        if rest and (letters := self.accepted.get(self.star)):
            inner = NO_INTEGERS if "I" in letters else PLAIN - {Tensor}
            classes = refused(letters) if len(rest) == 1 else inner
            if "I" in letters and rest[0].__class__ is bool:
                return Misfit(f"takes integers, not {rest[0]} as the first", self.star)
            for value in rest:
                if value.__class__ in classes and not guessed(value):
                    takes = "integers" if "I" in letters else "tensors"
                    return Misfit(f"takes {takes}, not {said(value)}", self.star)
            if len(rest) == 1 and rest[0].__class__ in LISTS:
                return self.wrong_element(self.star, rest[0])
        for name, value in extra.items():
            letters = self.accepted.get(name, "?")
            no = misfits(value, letters)
            no |= value.__class__ is type and value not in NUMBERS and "d" in letters
            if no and value is not self.defaults.get(name):
                return self.wrong_type(name, value)
        return None

    def wrong_element(self, name: str, values: Sequence[Value]) -> Misfit | None:
        """What is in a list or tuple and cannot be."""
        letters = self.accepted[name]
        if "I" in letters:
            refused, wanted = NO_INTEGERS, "integers"
        elif "L" in letters:
            refused, wanted = NO_TENSORS, "tensors"
        else:
            return None
        # Of a list of integers torch asks only the first what it is; the others are converted.
        first = values[0] if values and "I" in letters else None
        if first.__class__ is bool:
            return Misfit(f"argument '{name}' takes integers, {first} is the first of them", name)
        for value in values:
            if value.__class__ in refused:
                return Misfit(
                    f"argument '{name}' takes {wanted}, {said(value)} is among them", name
                )
        return None

    def wrong_type(self, name: str, value: Value) -> Misfit:
        takes = wanted(self.accepted[name])
        return Misfit(f"argument '{name}' takes {takes}, not {said(value)}", name)

    def missing(self, name: str, kwargs: Mapping[str, Value]) -> Misfit:
        """What Python says of a call without this argument: first of a keyword that it lacks."""
        strange = (k for k in kwargs if k not in self.names and k not in self.keyword_only)
        other = None if self.star_star else next(strange, None)
        if other is not None:
            return Misfit(f"there is no argument '{other}'", other)
        return Misfit(f"argument '{name}' is missing")

    def word(self, name: str) -> str:
        """torch's name of a parameter that numpy names otherwise."""
        torch_name = NUMPY_WORDS.get(name, name)
        known = (*self.names, *self.keyword_only)
        return torch_name if name not in known and torch_name in known else name

    def nodes(self, args: Sequence[object], keywords: Mapping[str, object]) -> dict[str, object]:
        """The syntax of each argument by parameter name."""
        return {**dict(zip(self.names, args, strict=False)), **keywords}


OR_NONE = " | None"


def annotation(parameter: inspect.Parameter) -> str:
    """The annotation as text, with `| None` at its end if it admits that."""
    given: Any = parameter.annotation
    if given is inspect.Parameter.empty:
        return "object"
    text: str = given if isinstance(given, str) else getattr(given, "__name__", str(given))
    plain = text.replace(OR_NONE, "").replace("None | ", "")
    return plain if plain == text else plain + OR_NONE


# -- types ------------------------------------------------------------------------------------

LISTS: Final = (list, List, tuple, Size)
PLAIN: Final = frozenset(
    (bool, int, float, complex, str, dict, Dict, type(None), type, Tensor, *LISTS)
)
"""Classes of values whose type is certain; an object of the user's may be anything."""
WORDS: Final = {
    "o": "a tensor",
    "T": "a tensor",
    "L": "several tensors",
    "i": "an integer",
    "z": "an integer",
    "y": "an integer",
    "I": "several integers",
    "f": "a number",
    "b": "True or False",
    "s": "a text",
    "d": "a dtype",
    "t": "a dtype or a class of tensors",
    "m": "a memory format",
    "n": "None",
}
"""How the letters of `torch_types` read."""
ROWS: Final = ("out_features", "num_embeddings", "dim_feedforward")
"""What counts the rows of a weight: as the first size, True is no integer."""
TAKES: Final[dict[str, tuple[type, ...]]] = {
    "o": tuple(PLAIN - {type(None), str, dict, Dict}),
    "T": (Tensor,),
    "z": (int, bool, type(None), Tensor),
    "y": (int, type(None), Tensor),
    "i": (int, Tensor),  # a tensor of one integer is one, too
    "f": (int, bool, float, complex, Tensor),
    "b": (bool, Tensor),
    "s": (str,),
    "I": LISTS,
    "L": LISTS,
    "n": (type(None),),
    "d": (type,),  # float, int and bool stand for dtypes
    "t": (type,),
    "m": (),
}
NUMBERS: Final = (bool, int, float, complex)
EVERYWHERE: Final = {
    "dtype": "dn",
    "device": "sin",
    "generator": "n",
    "memory_format": "mn",
}
"""What parameters of these names take, if no table says otherwise; objects are no plain values."""

NO_INTEGERS: Final = PLAIN - {int, bool, Tensor}
NO_TENSORS: Final = PLAIN - {Tensor, type(None)}


OTHER_TYPES: Final[dict[str, str]] = {}
"""As TYPES, of other functions, and where rules have other words; their families say it."""


def accepted(path: str, names: Mapping[str, str]) -> dict[str, str]:
    """What each parameter of a compiled function of torch takes, in letters; names: their kinds."""
    rows = (table.get(path, "") for table in (FUNCTIONAL_TYPES, TYPES, OTHER_TYPES))
    told = dict(part.split(":") for row in rows for part in row.split())
    first = next(iter(names), "")
    if path.startswith("torch.Tensor."):
        told.setdefault(first, "T")
    elif (
        names.get(first) in ("Tensor", "AnyRank") and next(iter(told.items()), ("", "?"))[1] == "T"
    ):
        told.setdefault(first, "T")  # a rule that several names share has the words of one
    return {name: told[name] for name in names if name in told}


@cache
def refused(letters: str) -> frozenset[type]:
    """The classes of plain values that none of the letters takes."""
    return PLAIN.difference(*(TAKES.get(letter, PLAIN) for letter in letters))


def guessed(value: Value) -> bool:
    """Whether it is a tensor only by what was made of an input of which nothing is known."""
    return isinstance(value, Tensor) and isinstance(value.shape, Unknown)


def misfits(value: Value, letters: str) -> bool:
    """Whether a value is certainly none of what the letters take."""
    return value.__class__ in refused(letters) and not guessed(value)


def wanted(letters: str) -> str:
    """What the letters stand for, in words."""
    return " or ".join(words for letter, words in WORDS.items() if letter in letters)


def said(value: Value) -> str:
    """The type of a value, as one says it."""
    if isinstance(value, (bool, str)) or value is None:
        return repr(value)
    if isinstance(value, (int, float)):
        return f"{type(value).__name__} {value}"
    return f"a {'list' if isinstance(value, List) else type(value).__name__.lower()}"


# -- what a rule takes ------------------------------------------------------------------------


def admit(parameters: Parameters, bound: list[Value], extra: dict[str, Value]) -> Unknown | None:
    """Coerce arguments to what the rule takes, in place; the Unknown that it cannot take, if any."""
    for i, coercion, refuses_none in parameters.checks:
        value = bound[i]
        if value is not None:
            value = coercion(value)
            if value.__class__ is Unknown:
                return value
            bound[i] = value
        elif refuses_none:
            return Unknown("None is given where a tensor is taken")
    count = len(parameters.names)
    if len(bound) > count:
        unknown = admit_rest(parameters.kinds[parameters.star], bound, count)
        if unknown is not None:
            return unknown
    for name, value in extra.items():
        kind = parameters.kinds.get(name, "object")
        if kind != "object" and value is not None:
            value = coerce(kind, value)
            if value.__class__ is Unknown:
                return value
            extra[name] = value
    return None


def admit_rest(kind: str, bound: list[Value], start: int) -> Unknown | None:
    """Coerce the arguments that `*star` takes, in place."""
    if kind == "object":
        return None
    for i in range(start, len(bound)):
        if bound[i] is not None:
            value = coerce(kind, bound[i])
            if value.__class__ is Unknown:
                return value
            bound[i] = value
    return None


def known(value: Value) -> Value:
    """What any parameter takes that has no coercion of its own."""
    return value


def as_tensor(value: Value) -> Value:
    """See `coerce`; most arguments are what they should be."""
    if value.__class__ is Tensor:
        shape = value.shape
        return shape if shape.__class__ is Unknown else value
    return coerce("Tensor", value)


def as_any_rank(value: Value) -> Value:
    return value if value.__class__ is Tensor else coerce("AnyRank", value)


def as_size(value: Value) -> Value:
    return value if value.__class__ is int else coerce("Dim", value)


def as_integer(value: Value) -> Value:
    return value if value.__class__ is int else coerce("int", value)


def as_tensors(value: Value) -> Value:
    return coerce("Tensors", value)


def as_sizes(value: Value) -> Value:
    return coerce("Sizes", value)


COERCIONS: dict[str, Callable[[Value], Value]] = {
    "Tensor": as_tensor,
    "AnyRank": as_any_rank,
    "Dim": as_size,
    "int": as_integer,
    "Tensors": as_tensors,
    "Sizes": as_sizes,
}


def coerce(kind: str, value: Value) -> Value:
    """A value as the annotation wants it, or Unknown."""
    if isinstance(value, (List, Dict)) and value.vague:
        return Unknown(value.vague)
    if kind == "Tensor" or kind == "AnyRank":
        if isinstance(value, Tensor):
            if kind == "Tensor" and isinstance(value.shape, Unknown):
                return value.shape
            return value
        if isinstance(value, (bool, int, float, complex, Expr)):
            return Tensor((), dtype=scalar_type(value), data=value, kind="number")
        if isinstance(value, Unknown):
            if value.number:
                return Tensor((), dtype=UNTYPED, kind="number")
            return value if kind == "Tensor" else Tensor(value)
        return Unknown(f"{type(value).__name__} given where a tensor is taken")
    if isinstance(value, Unknown):
        return value.size() if kind == "Dim" else value
    if kind == "Dim" or kind == "int":
        if isinstance(value, Tensor):
            return value.data if isinstance(value.data, int) else tensor_value(value, kind)
        if isinstance(value, Expr):
            return value if kind == "Dim" else Unknown(f"the value of {value} is not known")
        if isinstance(value, bool):
            return int(value)
        return value if isinstance(value, int) else Unknown(f"{value!r} is no integer")
    if kind == "Tensors":
        if not isinstance(value, (list, tuple)):
            return value if isinstance(value, Tensor) else Unknown("no sequence of tensors")
        parts = [coerce("Tensor", v) for v in value]
        return next((p for p in parts if isinstance(p, Unknown)), parts)
    if kind == "Sizes" and isinstance(value, (tuple, list)):
        return next((v for v in value if isinstance(v, Unknown)), tuple(value))
    return value


def tensor_value(value: Tensor, kind: str) -> Value:
    """A tensor where a number is wanted: its value is not followed."""
    return unknown_size() if kind == "Dim" else Unknown("the value of a tensor is not followed")


def scalar_type(value: object) -> str:
    """The dtype torch gives a Python number."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, complex):
        return "complex64"
    return "int64" if isinstance(value, (int, Expr)) else "float32"
