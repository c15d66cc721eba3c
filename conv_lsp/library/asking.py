"""Operators that the library lacks: the question to ask of torch, and what its answer means.

A question is JSON, equal for equal calls: the operator's path and its arguments. A tensor is
`{"t": shape, "d": dtype}`, a symbolic number `{"e": text}`, a list `{"l": [...]}`, a tuple
`{"u": [...]}`, a dtype `{"dtype": name}`. Symbols are called s0, s1, ... in the order in which they
come. An answer is `{"said": result}`, in the same form, or `{"why": reason}`.
"""

from __future__ import annotations

import collections
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from conv_lsp.axes import lost
from conv_lsp.dims import (
    Dim,
    Expr,
    has_anonymous,
    product,
    substitute,
    symbol,
    symbols,
    total,
    unknown_size,
)
from conv_lsp.library.dtypes import DTYPES, DType
from conv_lsp.library.registry import Call, forget, writes
from conv_lsp.values import SCATTERED, UNTYPED, List, Tensor, Unknown, Value, tensors_in

ASKED: Final = "torch."
"""Whose operators can be asked for."""
QUESTIONS: Final = 200
"""Questions of one analysis."""
LONGEST: Final = 20_000
"""Characters of a question."""
SYMBOLS: Final = 6
PARTS: Final = 64
"""Elements of a list among the arguments, and of a result."""


class Untold(Exception):
    """An argument that cannot be described."""


def lacking(path: str, *bound: Value) -> Unknown:
    """What stands for an operator that is not modelled; `bound`: the tensor that it is a method of."""
    made = Unknown(f"{path.removeprefix('torch.') if bound else path} is not modelled")
    if path.startswith(ASKED):
        made.lacks = (path, bound)
    return made


def ask(call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """The result of an operator that is not modelled, as far as torch has said it."""
    host, path = call.host, call.name
    why = f"{path} is not modelled"
    if writes(path) and args:
        forget(args[0])
    if "out" in kwargs:
        forget(kwargs["out"])
        return Unknown(why)
    tensors = list(tensors_in((*args, *kwargs.values())))
    if host.answers is None or not tensors:
        return Unknown(why)
    for tensor in tensors:
        if isinstance(tensor.shape, Unknown):
            return Unknown(tensor.shape.why)
    asking = Asking()
    try:
        question = asking.question(path, args, kwargs)
    except Untold:
        return Unknown(why)
    if len(question) > LONGEST or (question not in host.asked and len(host.asked) >= QUESTIONS):
        return Unknown(why)
    said = host.asked[question] = host.answers.get(question)
    witness = host.answers.witness
    if not isinstance(said, Mapping):
        return Unknown(f"{why}; {host.answers.silence}")
    if "said" not in said:
        return Unknown(f"{why}, and {witness} does not say it: {said.get('why', '')}")
    meaning = Meaning(call, asking.meant, tensors, witness)
    result = meaning.value(said["said"])
    if not meaning.tensors:
        return Unknown(f"{why}, and gives no tensor")
    return result


class Asking:
    """Describes the arguments of one call. `meant`: what each symbol of the question stands for."""

    def __init__(self) -> None:
        self.meant: dict[str, Dim] = {}
        self._names: dict[object, str] = {}

    def question(self, path: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> str:
        """The text of the question. Raises Untold."""
        row = {
            "op": path,
            "args": [self.told(a) for a in args],
            "kwargs": {"k": {name: self.told(v) for name, v in sorted(kwargs.items())}},
        }
        return json.dumps(row, separators=(",", ":"))

    def told(self, value: Value, depth: int = 0) -> Any:
        """A value as JSON."""
        if isinstance(value, Tensor):
            return self.tensor(value)
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, Expr):
            return {"e": self.size(value)}
        if isinstance(value, DType):
            return {"dtype": value.name}
        kind = type(value)
        if kind in (List, list, tuple) or isinstance(value, tuple):
            if getattr(value, "vague", "") or len(value) > PARTS or depth > 3:
                raise Untold
            return {
                "l" if isinstance(value, list) else "u": [self.told(v, depth + 1) for v in value]
            }
        raise Untold

    def tensor(self, value: Tensor) -> Any:
        """A tensor's shape and type; a number that stands for one is told as such."""
        if value.kind == "number":
            if isinstance(value.data, (bool, int, float)):
                return value.data
            raise Untold
        dtype = "float32" if value.dtype == UNTYPED else value.dtype
        return {"t": [self.size(d) for d in value.sizes], "d": dtype}

    def size(self, d: Dim) -> int | str:
        """A size, with the question's own names for symbols."""
        if isinstance(d, int):
            return d
        if has_anonymous(d):
            return self._name(d, d)
        own = sorted(symbols(d))
        named = {name: symbol(self._name(name, symbol(name))) for name in own}
        return str(substitute(d, named))

    def _name(self, key: object, stands_for: Dim) -> str:
        name = self._names.get(key)
        if name is None:
            if len(self._names) >= SYMBOLS:
                raise Untold
            name = self._names[key] = f"s{len(self._names)}"
            self.meant[name] = stands_for
        return name


class Meaning:
    """Turns an answer into values. `tensors`: how many tensors it has."""

    def __init__(
        self, call: Call, meant: Mapping[str, Dim], given: Sequence[Tensor], witness: str
    ) -> None:
        self.call = call
        self.meant = meant
        self.witness = witness
        self.seen = lost(*(axis for t in given for axis in (*t.axes, t.seen)))
        self.typed = all(t.dtype != UNTYPED for t in given)
        self.whole = all(t.strides is None for t in given)
        self.tensors = 0

    def value(self, said: object, depth: int = 0) -> Value:
        """A tensor, or a tuple or list of what is one; all else is unknown."""
        if isinstance(said, Mapping) and depth <= 4:
            if isinstance(said.get("t"), list):
                return self.tensor(said)
            for key in ("l", "u"):
                parts = said.get(key)
                if isinstance(parts, list) and len(parts) <= PARTS:
                    made = [self.value(part, depth + 1) for part in parts]
                    if key == "l":
                        return self.call.host.new(List(made))
                    return named(said.get("n"), made)
        return Unknown(f"a result of {self.call.name} that is no tensor")

    def tensor(self, said: Mapping[Any, Any]) -> Tensor:
        """A tensor that depends on all tensors that were given, in a way that is not known."""
        shape = tuple([self.size(d) for d in said["t"]])
        dtype = said.get("d") if self.typed else None
        made = Tensor(
            shape,
            (self.seen,) * len(shape),
            seen=self.seen,
            dtype=dtype if dtype in DTYPES else UNTYPED,
            strides=None if self.whole and said.get("c") is True else SCATTERED,
        )
        made.witness = self.witness
        self.tensors += 1
        return made

    def size(self, said: object) -> Dim:
        """A size with the symbols of the code; a new unknown one where it is not said."""
        try:
            return computed(said, self.meant)
        except (ValueError, ArithmeticError, KeyError, RecursionError):
            return unknown_size()  # "?", or more than sizes are made of here


def named(fields: object, parts: list[Value]) -> Value:
    """A tuple, with the names that torch gives its parts."""
    if not isinstance(fields, list) or len(fields) != len(parts):
        return tuple(parts)
    return named_type(tuple(map(str, fields)))(*parts)


@cache
def named_type(fields: tuple[str, ...]) -> Any:
    """The type of a result whose parts have names."""
    return collections.namedtuple("Result", fields, rename=True)  # noqa: PYI024  fields are data


def computed(said: object, sizes: Mapping[str, Dim]) -> Dim:
    """A size out of its tree: `["+", a, b, ...]`, `["*", ...]`, `["//", a, b]`, a symbol, a number.

    Raises ValueError for what is none, KeyError for an unknown name.
    """
    if isinstance(said, int):
        return said
    if isinstance(said, str):
        return sizes[said]
    if isinstance(said, list) and 2 <= len(said) <= PARTS:
        parts = [computed(part, sizes) for part in said[1:]]
        if said[0] == "+":
            return total(parts)
        if said[0] == "*":
            return product(parts)
        if said[0] == "//" and len(parts) == 2:
            return parts[0] // parts[1]
    raise ValueError(said)
