"""Python's operators on tensors, as `operator.x` and as the methods with two underscores."""

from __future__ import annotations

from functools import partial
from typing import Final

from conv_lsp.dims import product, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import pointwise
from conv_lsp.library.arguments import coerce, said
from conv_lsp.library.arithmetic import binary, unary
from conv_lsp.library.pointwise import SAID, Kind, combined, combined_in_place, same, truth
from conv_lsp.library.registry import Call, method, op
from conv_lsp.library.tables import declare
from conv_lsp.library.taking import ALL, NUMBERS, REAL, floats, parts, takes
from conv_lsp.values import Tensor, Unknown, Value

# Names | the dtype of the result | the dtypes taken.
BINARY: Final[tuple[tuple[str, Kind, str], ...]] = (
    ("add mul", same, ALL),
    ("sub pow", same, NUMBERS),
    ("truediv", floats, ALL),
    ("floordiv mod", same, "ihf"),
    ("and_ or_ xor", same, "bi"),
    ("lshift rshift", same, "i"),
    ("eq ne", truth, ALL),
    ("lt le gt ge", truth, REAL),
)
COMPARES: Final = frozenset("eq ne lt le gt ge".split())
SIMPLE: Final = {f"i{n.rstrip('_')}": n for names, _, _ in BINARY for n in names.split()}
"""The operators behind those that write into their left side."""
NO_OPERANDS: Final = (str, bytes, list, tuple, dict, type, type(None))


def operand(call: Call, name: str, value: Value) -> Tensor | Unknown:
    """A tensor or a number; complains about what no operator of tensors takes."""
    if isinstance(value, NO_OPERANDS):
        problem = f"a tensor and {said(value)} have no such operator"
        call.fail(CALL_ARGUMENTS, at="other", name=name, problem=problem)
    found = coerce("AnyRank", value)
    return found if isinstance(found, (Tensor, Unknown)) else Unknown("no operand of a tensor")


def repeats(name: str, a: Value, b: Value) -> bool:
    """Whether a text is filled in, or a text or a list repeated."""
    if name == "mod" and isinstance(a, (str, bytes)):
        return True
    for value, other in ((a, b), (b, a)):
        if isinstance(value, Tensor) and isinstance(other, (str, bytes, list, tuple)):
            several = value.known and proves_unequal(product(value.sizes), 1)
            return (
                name == "mul" and not several and not value.dtype.startswith(("float", "complex"))
            )
    return False


def extended(call: Call, held: list[Value], more: Tensor) -> Value:
    """`held += more`: the list gets the parts of the tensor along its first axis."""
    if not more.known:
        return Unknown("a list that is extended by a tensor of unknown shape")
    if not more.rank:
        call.fail(INPUT_RANK, at="other", name="+= of a list", got=0, want="at least 1")
    count = more.sizes[0]
    if not isinstance(count, int) or count > MANY:
        return Unknown("a list that is extended by many tensors")
    call.host.writes(held)
    held.extend(more.like(more.sizes[1:], more.axes[1:]) for _ in range(count))
    return held


MANY: Final = 1000
"""More parts of a tensor than this are not followed one by one."""


def _operator(name: str, kind: Kind, letters: str, call: Call, a: Value, b: Value) -> Value:
    if not isinstance(a, Tensor) and not isinstance(b, Tensor):
        return binary(call, name, a, b)
    if name in ("eq", "ne") and any(isinstance(v, NO_OPERANDS) for v in (a, b)):
        return name == "ne"
    if repeats(name, a, b):
        numbers = [v.data if isinstance(v, Tensor) else v for v in (a, b)]
        if name == "mul" and any(isinstance(n, int) for n in numbers):
            return binary(call, name, *numbers)
        return Unknown(f"the operator {name} of a tensor and something else")
    return _between(name, kind, letters, call, a, b)


def _between(name: str, kind: Kind, letters: str, call: Call, a: Value, b: Value) -> Value:
    left, right = operand(call, name, a), operand(call, name, b)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown(f"the operator {name} of a tensor and something else")
    return combined(name, kind, letters, call, left, right)


def _reflected(name: str, kind: Kind, letters: str, call: Call, a: Value, b: Value) -> Value:
    return _between(name, kind, letters, call, b, a)


def _augmented(name: str, kind: Kind, letters: str, call: Call, a: Value, b: Value) -> Value:
    """`a += b`. A number on the left is no tensor that could be written to."""
    if isinstance(a, list) and isinstance(b, Tensor) and name == "iadd":
        return extended(call, a, b)
    if not isinstance(a, Tensor):
        return _operator(SIMPLE[name], kind, letters, call, a, b)
    right = operand(call, name, b)
    if isinstance(right, Unknown):
        return Unknown(f"the operator {name} of a tensor and something else")
    return combined_in_place(name, kind, letters, call, a, right)


def _declare() -> None:
    for names, kind, letters in BINARY:
        for name in names.split():
            word = name.rstrip("_")
            said = f"Element by element with broadcasting{SAID[kind]}"
            body = partial(_operator, name, kind, letters)
            declare(body, "a, b", f"operator.{name}", said=said)
            methods = [f"__{word}__", *(["__div__"] if word == "truediv" else [])]
            body = partial(_between, name, kind, letters)
            declare(body, "a, b", methods=methods, said=said)
            if name in COMPARES:
                continue
            body = partial(_augmented, f"i{word}", kind, letters)
            written = [f"__i{word}__", *(["__idiv__"] if word == "truediv" else [])]
            declare(body, "a, b", f"operator.i{word}", methods=written)
            body = partial(_reflected, name, kind, letters)
            mirrored = [f"__r{word}__", *(["__rdiv__"] if word == "truediv" else [])]
            declare(body, "a, b", methods=mirrored, said=said)


_declare()


@op("operator.neg")
@method("__neg__")
def neg(call: Call, a: object) -> Value:
    """Element by element."""
    return _single(call, "neg", NUMBERS, a)


@op("operator.pos")
@method("__pos__")
def pos(call: Call, a: object) -> Value:
    """The tensor itself."""
    if isinstance(a, Tensor):
        takes(call, "pos", NUMBERS, a.dtype)
        return a
    return unary(call, "pos", a)


@op("operator.invert", "operator.inv")
@method("__invert__")
def invert(call: Call, a: object) -> Value:
    """Element by element; of integers and truth values."""
    return _single(call, "invert", "bi", a)


def _single(call: Call, name: str, letters: str, a: Value) -> Value:
    if not isinstance(a, Tensor):
        return unary(call, name, a)
    takes(call, name, letters, a.dtype)
    return pointwise(call, a)


@method("__abs__")
def absolute(call: Call, a: Tensor) -> Tensor:
    """The shape of the tensor; complex numbers give real ones."""
    takes(call, "abs", NUMBERS, a.dtype)
    return pointwise(call, a, dtype=parts(a.dtype))
