"""Python's built-in functions of numbers, for numbers, sizes and tensors alike."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

from conv_lsp.dims import Expr, equal, less_equal, maximum, minimum
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import OPS, Call, op
from conv_lsp.values import MISSING, Instance, List, Tensor, Unknown, Value, join, unknown_number

PLAIN: Final = (int, float, str, bytes, complex)
CERTAIN: Final = (*PLAIN, type(None), tuple, dict, type)
"""Classes of values that have the operators that Python gives them, and no others."""
BITS: Final = 100_000
"""Bits of an integer, past which it is unknown."""


def measured(value: Value) -> Value:
    """What is not known but has a name, as a size."""
    return value.size() if isinstance(value, Unknown) and value.name else value


def first_unknown(values: Sequence[Value], why: str) -> Unknown:
    """The Unknown among the values, or one for this reason."""
    return next((Unknown(v.why) for v in values if isinstance(v, Unknown)), Unknown(why))


def binary(call: Call, word: str, a: Value, b: Value) -> Value:
    """An operator of Python, by its name in the module `operator`."""
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        rule = OPS.get(f"operator.{word}")
        return Tensor(Unknown(f"operator.{word}")) if rule is None else call.invoke(rule, a, b)
    if isinstance(a, Instance) or isinstance(b, Instance):
        return overloaded(call, word, a, b)
    a, b = measured(a), measured(b)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return first_unknown((a, b), "")
    if word == "pow" and too_large(a, b):
        return Unknown(f"stopped: an integer of more than {BITS:,} bits")
    if isinstance(a, Expr) != isinstance(b, Expr) and not isinstance(a, (int, Expr)):
        return Unknown(f"arithmetic of {a} and {b}")
    function: Callable[[Value, Value], Value] = getattr(operator, word)
    try:
        result = function(a, b)
    except (TypeError, ZeroDivisionError, OverflowError, ValueError) as error:
        if certain(a) and certain(b):
            certainly_raises(call, type(error).__name__, str(error))
        return Unknown(f"arithmetic of {type(a).__name__} and {type(b).__name__}")
    return call.host.new(List(result)) if isinstance(result, list) else result


def certain(value: Value) -> bool:
    """Whether a value has Python's own operators, all of which are known."""
    if isinstance(value, (List, list)):
        return not getattr(value, "vague", "")
    return isinstance(value, CERTAIN)


def unary(call: Call, word: str, value: Value) -> Value:
    """An operator of one operand, by its name in the module `operator`."""
    value = measured(value)
    function: Callable[[Value], Value] = getattr(operator, word)
    if certain(value):
        try:
            return function(value)
        except TypeError as error:
            certainly_raises(call, "TypeError", str(error))
    return first_unknown((value,), f"the operator {word} of an object")


def overloaded(call: Call, word: str, a: Value, b: Value) -> Value:
    """An operator of an object."""
    for value, other, name in ((a, b, f"__{word}__"), (b, a, f"__r{word}__")):
        if isinstance(value, Instance):
            found = call.host.attribute(value, name, call.site)
            if found is not MISSING:
                return call.invoke(found, other)
    return Unknown(f"the operator {word} of an object")


def too_large(base: Value, exponent: Value) -> bool:
    """Whether a power has too many digits to be computed."""
    return (
        isinstance(base, int)
        and isinstance(exponent, int)
        and base.bit_length() * max(exponent, 0) > BITS
    )


# -- conversions ------------------------------------------------------------------------------


def as_number(value: Value) -> Value:
    """A size, or what is not known, made a number."""
    found = measured(value)
    return unknown_number(found.why) if isinstance(found, Unknown) else found


@op("builtins.int")
def int_(call: Call, x: object = 0, base: object = None) -> Value:
    """A size stays as it is."""
    if isinstance(x, Tensor):
        return (
            int(x.data) if isinstance(x.data, (int, float)) else unknown_number("a tensor's value")
        )
    if isinstance(x, (Expr, Unknown)):
        return as_number(x)
    if isinstance(x, Instance):
        return overloaded_conversion(call, x, "__int__")
    if not isinstance(x, PLAIN) or not (base is None or isinstance(base, int)):
        return Unknown("an integer made of what is not known")
    try:
        return int(x) if base is None else int(x, base)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError) as error:
        certainly_raises(call, type(error).__name__, str(error), at="x")


@op("builtins.float")
def float_(call: Call, x: object = 0.0) -> Value:
    """A size stays as it is: as a number it is the same."""
    if isinstance(x, Tensor):
        return (
            float(x.data)
            if isinstance(x.data, (int, float))
            else unknown_number("a tensor's value")
        )
    if isinstance(x, (Expr, Unknown)):
        return as_number(x)
    if isinstance(x, Instance):
        return overloaded_conversion(call, x, "__float__")
    if not isinstance(x, PLAIN):
        return Unknown("a number made of what is not known")
    try:
        return float(x)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError) as error:
        certainly_raises(call, type(error).__name__, str(error), at="x")


def overloaded_conversion(call: Call, value: Instance, name: str) -> Value:
    """A conversion that an object's class defines."""
    found = call.host.attribute(value, name, call.site)
    return Unknown("a number made of an object") if found is MISSING else call.invoke(found)


@op("builtins.bool")
def bool_(call: Call, x: object = False) -> Value:
    """Unknown where the truth is not known."""
    truth = call.host.truth(x)
    return first_unknown((x,), "a truth that is not known") if truth is None else truth


@op("operator.truth")
def truth(call: Call, x: object) -> Value:
    """As `bool`."""
    return bool_(call, x)


# -- functions of numbers ---------------------------------------------------------------------


@op("builtins.abs", "operator.abs")
def abs_(call: Call, x: object) -> Value:
    """The absolute value."""
    if isinstance(x, Tensor):
        return call.invoke(OPS["torch.abs"], x)
    if isinstance(x, Expr):
        if less_equal(0, x):
            return x
        return -x if less_equal(x, 0) else Unknown(f"the sign of {x}")
    return unary(call, "abs", x)


@op("builtins.round")
def round_(call: Call, number: object, ndigits: object = None) -> Value:
    """Rounding leaves a size alone."""
    if isinstance(number, Tensor):
        return call.invoke(OPS["torch.round"], number)
    if isinstance(number, (Expr, Unknown)):
        return measured(number)
    if isinstance(number, (int, float)) and (ndigits is None or isinstance(ndigits, int)):
        return round(number, ndigits)
    return Unknown("rounding of what is not known")


@op("builtins.divmod")
def divmod_(call: Call, a: object, b: object) -> Value:
    """(a // b, a % b)"""
    return (binary(call, "floordiv", a, b), binary(call, "mod", a, b))


@op("builtins.pow")
def pow_(call: Call, base: object, exp: object, mod: object = None) -> Value:
    """A power; with `mod`, of plain integers only."""
    if mod is not None:
        if isinstance(base, int) and isinstance(exp, int) and isinstance(mod, int) and mod:
            return pow(base, exp, mod) if exp >= 0 else Unknown("a modular inverse")
        return first_unknown((base, exp, mod), "a modular power")
    return power(call, base, exp)


def power(call: Call, base: Value, exponent: Value) -> Value:
    """`base ** exponent`; of a size only for small exponents."""
    if isinstance(base, Expr):
        if not isinstance(exponent, int) or not 0 <= exponent <= 8:
            return Unknown(f"a power of {base}")
        result: Value = 1
        for _ in range(exponent):
            result = result * base
        return result
    return binary(call, "pow", base, exponent)


@op("builtins.sum")
def sum_(call: Call, iterable: object, start: object = 0) -> Value:
    """`start` plus the elements, one after the other."""
    held = call.host.elements(iterable, call.site)
    if isinstance(held, Unknown):
        return Unknown(held.why)
    if all(isinstance(v, (int, Expr)) for v in held) and isinstance(start, (int, Expr)):
        return sum(held, start)
    value: Value = start
    for part in held:
        value = binary(call, "add", value, part)
    return value


# -- extremes ---------------------------------------------------------------------------------


@op("builtins.max")
def max_(call: Call, *args: object, key: object = None, default: object = MISSING) -> Value:
    """The largest of the arguments, or of the elements of one."""
    return extreme(call, args, key, default, maximum, max)


@op("builtins.min")
def min_(call: Call, *args: object, key: object = None, default: object = MISSING) -> Value:
    """The smallest of the arguments, or of the elements of one."""
    return extreme(call, args, key, default, minimum, min)


def extreme(
    call: Call,
    args: Sequence[Value],
    key: Value,
    default: Value,
    of_sizes: Callable[..., Any],
    of_numbers: Callable[..., Any],
) -> Value:
    """`max` or `min`. Sizes of which neither is certainly larger stay as a formula."""
    held = call.host.elements(args[0], call.site) if len(args) == 1 else args
    if isinstance(held, Unknown):
        return Unknown(held.why)
    if not held:
        if default is MISSING:
            return Unknown(f"the {of_numbers.__name__} of nothing")
        return default
    keys = [measured(v if key is None else call.invoke(key, v)) for v in held]
    if key is None and all(isinstance(k, (int, Expr)) for k in keys):
        return of_sizes(*keys)
    if all(map(plain, keys)):
        try:
            return held[keys.index(of_numbers(keys))]
        except TypeError as error:
            certainly_raises(call, "TypeError", str(error))
    if any(isinstance(v, Tensor) for v in held):
        return extreme_of_tensors(held)
    return ordered_extreme(held, keys, of_numbers is max)


def plain(value: Value) -> bool:
    """Whether Python itself can compare the value."""
    if isinstance(value, (tuple, list)) and not getattr(value, "vague", ""):
        return all(map(plain, value))
    return isinstance(value, PLAIN) or value is None


def extreme_of_tensors(held: Sequence[Value]) -> Value:
    """One of several tensors: what they have in common."""
    value = held[0]
    for other in held[1:]:
        value = join(value, other, "the larger of several tensors")
    return value


def ordered_extreme(held: Sequence[Value], keys: Sequence[Value], largest: bool) -> Value:
    """The first element whose key certainly is the extreme of sizes."""
    for i, key in enumerate(keys):
        if isinstance(key, (int, Expr)) and all(
            isinstance(k, (int, Expr))
            and (equal(key, k) or less_equal(*((k, key) if largest else (key, k))))
            for k in keys
        ):
            return held[i]
    return first_unknown(keys, "an extreme of what is not known")
