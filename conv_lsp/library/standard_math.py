"""`math` and `operator`, for plain numbers, sizes and tensors."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from conv_lsp.dims import Dim, Expr, product
from conv_lsp.library.arithmetic import binary, first_unknown, int_, measured, power
from conv_lsp.library.iterators import held_by
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import NAMES, OPS, Call, Op, op, says
from conv_lsp.values import MISSING, Tensor, Unknown, Value

COUNTED: Final = 1_000
"""Largest argument of factorials and binomials."""

NAMES.update({f"math.{name}": getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")})

REAL: Final = (
    "acos acosh asin asinh atan atan2 atanh copysign cos cosh degrees dist erf erfc exp expm1 fabs "
    "fmod frexp gamma gcd hypot isclose isfinite isinf isnan isqrt lcm ldexp lgamma log log10 log1p "
    "log2 modf nextafter pow radians remainder sin sinh sqrt tan tanh ulp"
).split()
ROUNDING: Final = ("ceil", "floor", "trunc")
COUNTING: Final = ("factorial", "comb", "perm")


def number(value: Value) -> Value:
    """The number that a 0-d tensor of known value holds; other values as they are."""
    return value.data if isinstance(value, Tensor) and value.shape == () else value


def real_function(function: Callable[..., Any]) -> Callable[..., Value]:
    """A rule that calls a function of plain numbers."""

    def rule(call: Call, *args: object, **kwargs: object) -> Value:
        return called(call, function, args, kwargs)

    return rule


def called(
    call: Call, function: Callable[..., Any], args: Sequence[Value], kwargs: dict[str, Value]
) -> Value:
    """The result on plain numbers; Unknown where one is none."""
    args = [number(value) for value in args]
    values = (*args, *kwargs.values())
    flat = [w for v in values for w in (v if isinstance(v, (tuple, list)) else (v,))]
    if not all(isinstance(v, (int, float)) for v in flat):
        name = function.__name__
        shown = next((f"the value of {name}({v})" for v in flat if isinstance(v, Expr)), "")
        return first_unknown(flat, shown or f"{name} of what is not known")
    try:
        return function(*args, **kwargs)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        certainly_raises(call, type(error).__name__, str(error))


def rounding(function: Callable[[float], int]) -> Callable[..., Value]:
    """A rule for rounding, which leaves sizes alone."""

    def rule(call: Call, x: object) -> Value:
        x = measured(x)
        return x if isinstance(x, Expr) else called(call, function, (x,), {})

    return rule


def counting(function: Callable[..., int]) -> Callable[..., Value]:
    """A rule for functions whose results grow fast."""

    def rule(call: Call, *args: object) -> Value:
        if any(isinstance(v, int) and v > COUNTED for v in args):
            return Unknown(f"stopped: {function.__name__} of more than {COUNTED:,}")
        return called(call, function, args, {})

    return rule


for _names, _rule in ((REAL, real_function), (ROUNDING, rounding), (COUNTING, counting)):
    for _name in _names:
        _path = f"math.{_name}"
        OPS[_path] = Op(_path, _rule(getattr(math, _name)))


@op("math.prod")
def prod(call: Call, iterable: object, *, start: object = 1) -> Value:
    """The product of numbers or sizes."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    values = [measured(number(v)) for v in (start, *held)]
    if all(isinstance(v, (int, Expr)) for v in values):
        return product(values)
    return called(call, math.prod, (values,), {})


@op("math.fsum")
def fsum(call: Call, seq: object) -> Value:
    """The sum of plain numbers."""
    held = held_by(call, seq)
    return held if isinstance(held, Unknown) else called(call, math.fsum, (list(held),), {})


# -- operator ---------------------------------------------------------------------------------

BINARY: Final = "add sub mul truediv floordiv mod lshift rshift and_ or_ xor matmul".split()
COMPARISONS: Final = "eq ne lt le gt ge".split()


def operator_rule(word: str) -> Callable[..., Value]:
    """A rule for an operator called as a function."""
    product = word == "matmul"

    @says("As `torch.matmul`" if product else "Element by element with broadcasting, or a number")
    def rule(call: Call, a: object, b: object) -> Value:
        return binary(call, word, a, b)

    return rule


def comparison_rule(word: str) -> Callable[..., Value]:
    """A rule for a comparison called as a function, of plain values and tensors."""

    def rule(call: Call, a: object, b: object) -> Value:
        """Truth values, element by element with broadcasting, or one."""
        if isinstance(a, (Unknown, Expr)) or isinstance(b, (Unknown, Expr)):
            return first_unknown((a, b), "a comparison of sizes")
        return binary(call, word, a, b)

    return rule


for _word in (*BINARY, *COMPARISONS):
    _path = f"operator.{_word}"
    _made = (comparison_rule if _word in COMPARISONS else operator_rule)(_word)
    # The rules of the same paths in OPS are those of tensors alone.
    NAMES[_path] = Op(_path, _made)


def _neg(call: Call, a: object) -> Value:
    """The shape of the tensor; of a number a number."""
    return binary(call, "sub", 0, a)


NAMES["operator.neg"] = Op("operator.neg", _neg)


def _power(call: Call, a: object, b: object) -> Value:
    """Element by element with broadcasting, or a number."""
    return power(call, measured(a), measured(b))


NAMES["operator.pow"] = Op("operator.pow", _power)


@op("operator.index")
def index(call: Call, a: object) -> Value:
    """An integer as it is."""
    if isinstance(a, float):
        certainly_raises(call, "TypeError", "'float' object cannot be interpreted as an integer")
    return int_(call, a)


@op("operator.itemgetter")
def itemgetter(call: Call, *items: object) -> Value:
    """A function that takes items of its argument."""

    def get(call: Call, obj: object) -> Value:
        found = [item_of(call, obj, key) for key in items]
        return found[0] if len(found) == 1 else tuple(found)

    return Op("itemgetter", get)


def item_of(call: Call, value: Value, key: Value) -> Value:
    """`value[key]` of a plain container."""
    if isinstance(value, (tuple, list, dict, str)) and not getattr(value, "vague", ""):
        try:
            return value[key]
        except (KeyError, IndexError, TypeError) as error:
            return Unknown(f"{type(error).__name__}: {error}")
    return first_unknown((value, key), "an item of an object")


@op("operator.attrgetter")
def attrgetter(call: Call, *attrs: str) -> Value:
    """A function that takes attributes of its argument."""

    def get(call: Call, obj: object) -> Value:
        found = [attribute_of(call, obj, path) for path in attrs]
        return found[0] if len(found) == 1 else tuple(found)

    return Op("attrgetter", get)


def attribute_of(call: Call, value: Value, path: str) -> Value:
    """`value.a.b.c`"""
    for name in path.split("."):
        value = call.host.attribute(value, name, call.site)
        if value is MISSING:
            return Unknown(f"there is no attribute '{name}'")
    return value


def dims_in(values: Sequence[Value]) -> list[Dim] | None:
    """Values as sizes, if all are."""
    sizes = [measured(v) for v in values]
    return sizes if all(isinstance(v, (int, Expr)) for v in sizes) else None
