"""numpy, as far as configurations and example inputs use it.

Functions of plain numbers give numbers, and of sizes sizes; of arrays, see `arrays`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from conv_lsp.dims import Dim, Expr, product
from conv_lsp.library.arithmetic import PLAIN, first_unknown, measured, power, round_, sum_
from conv_lsp.library.arrays import (
    DIVISION,
    Array,
    array_of,
    combined,
    made_of,
    mapped,
    named,
    unwrapped,
)
from conv_lsp.library.builtins import unknown_op
from conv_lsp.library.constants import MAX_DATA, filled
from conv_lsp.library.dtypes import DTYPES
from conv_lsp.library.iterators import held_by, new_list
from conv_lsp.library.registry import NAMES, OPS, Call, Op, op, size_of
from conv_lsp.library.standard_math import called, dims_in
from conv_lsp.library.standard_system import nothing
from conv_lsp.values import List, Shape, Size, Tensor, Unknown, Value


def shaped(size: Value) -> Shape | Unknown:
    """A size argument: a number or several."""
    values = size if isinstance(size, (tuple, list)) else (size,)
    if getattr(values, "vague", "") or isinstance(size, Unknown):
        return Unknown("an array of unknown shape")
    sizes = [size_of(v) for v in values]
    return tuple(s for s in sizes if s is not None) if None not in sizes else Unknown("a shape")


# -- constants and types ----------------------------------------------------------------------

NAMES.update(
    {
        "numpy.pi": math.pi,
        "numpy.e": math.e,
        "numpy.inf": math.inf,
        "numpy.Inf": math.inf,
        "numpy.nan": math.nan,
        "numpy.newaxis": None,
        **{f"numpy.{n}": kind for n, kind in DTYPES.items() if "bfloat" not in n and "8_" not in n},
        "numpy.bool_": DTYPES["bool"],
        "numpy.float_": DTYPES["float64"],
        "numpy.double": DTYPES["float64"],
        "numpy.single": DTYPES["float32"],
        "numpy.half": DTYPES["float16"],
        "numpy.int_": DTYPES["int64"],
        "numpy.float": float,
        "numpy.int": int,
        "numpy.bool": bool,
        **{
            f"numpy.{name}": type(name, (), {})
            for name in ("generic", "number", "integer", "signedinteger", "floating", "inexact")
        },
    }
)
for _name, _why in {
    "ndarray": "an array of numpy",
    "load": "the content of a file",
    "loadtxt": "the content of a file",
    "genfromtxt": "the content of a file",
    "fromfile": "the content of a file",
    "random.RandomState": "random numbers",
    "random.default_rng": "random numbers",
    "random.get_state": "random numbers",
}.items():
    unknown_op(f"numpy.{_name}", _why)
for _name in ("random.seed", "set_printoptions", "seterr", "save", "savez", "savetxt"):
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", nothing)


# -- arrays -----------------------------------------------------------------------------------


@op("numpy.array", "numpy.asarray", "numpy.ascontiguousarray")
def array(call: Call, object: object, dtype: object = None, **more: object) -> Value:
    """An array of nested numbers."""
    return made_of(object, named(dtype, ""))


def of_one(shape: Shape | Unknown, value: Value, dtype: str) -> Array:
    """An array of one number."""
    if isinstance(shape, Unknown):
        return Array(shape, dtype)
    return Array(shape, dtype, filled(shape, value, dtype).data)


@op("numpy.zeros")
def zeros(call: Call, shape: object, dtype: object = None, **more: object) -> Value:
    """An array of zeros."""
    return of_one(shaped(shape), 0, named(dtype, "float64"))


@op("numpy.ones")
def ones(call: Call, shape: object, dtype: object = None, **more: object) -> Value:
    """An array of ones."""
    return of_one(shaped(shape), 1, named(dtype, "float64"))


@op("numpy.empty")
def empty(call: Call, shape: object, dtype: object = None, **more: object) -> Value:
    """An array of any numbers."""
    return Array(shaped(shape), named(dtype, "float64"))


@op("numpy.full")
def full(call: Call, shape: object, fill_value: object, dtype: object = None) -> Value:
    """An array of one value."""
    own = "int64" if isinstance(fill_value, int) else "float64"
    return of_one(shaped(shape), fill_value, named(dtype, own))


@op("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like", "numpy.copy")
def alike(call: Call, a: object, dtype: object = None, **more: object) -> Value:
    """An array of the same shape."""
    held = unwrapped(a)
    if not isinstance(held, Tensor):
        return Array(Unknown("an array of unknown shape"))
    return Array(held.shape, named(dtype, held.dtype))


@op("numpy.arange")
def arange(call: Call, *args: object, dtype: object = None) -> Value:
    """Numbers in equal steps; those that are not integers are known by their shape only."""
    own = "float64" if any(isinstance(a, float) for a in args) else "int64"
    made = array_of(call.invoke(OPS["torch.arange"], *args))
    kind = named(dtype, own)
    if not isinstance(made, Array) or made.dtype == kind == "int64":
        return made
    return Array(made.shape, kind)


@op("numpy.linspace")
def linspace(
    call: Call,
    start: object,
    stop: object,
    num: object = 50,
    endpoint: object = True,
    *,
    dtype: object = None,
) -> Value:
    """`num` numbers from `start` to `stop`."""
    count, kind = size_of(num), named(dtype, "float64")
    if count is None:
        return Array(Unknown("numbers that are not known"), kind)
    ends = [v for v in (start, stop) if isinstance(v, (int, float))]
    if (
        not isinstance(count, int)
        or count > MAX_DATA
        or not isinstance(endpoint, bool)
        or kind != "float64"
        or len(ends) < len((start, stop))
    ):
        return Array((count,), kind)
    return Array((count,), kind, spaced(*map(float, ends), count, endpoint=endpoint))


def spaced(start: float, stop: float, count: int, *, endpoint: bool) -> list[float]:
    """As numpy computes it: multiples of a step from the start, and the end itself."""
    parts = max(count - 1, 1) if endpoint else max(count, 1)
    step = (stop - start) / parts
    row = [i * step + start for i in range(count)]
    if not step:
        row = [i / parts * (stop - start) + start for i in range(count)]
    if endpoint and count > 1:
        row[-1] = stop
    return row


def by_torch(path: str) -> Callable[..., Value]:
    """A rule for a function that torch has as well; `axis` is torch's `dim`."""

    def rule(call: Call, a: object, *args: object, **kwargs: object) -> Value:
        values: Value = unwrapped(a)
        if isinstance(values, (list, tuple)) and not all(isinstance(v, Tensor) for v in values):
            values = unwrapped(made_of(values, ""))
        return array_of(call.invoke(OPS[path], values, *args, **kwargs))

    return rule


for _name, _path in {
    "concatenate": "torch.cat",
    "stack": "torch.stack",
    "vstack": "torch.vstack",
    "hstack": "torch.hstack",
    "expand_dims": "torch.unsqueeze",
    "reshape": "torch.reshape",
}.items():
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", by_torch(_path))


# -- random numbers ---------------------------------------------------------------------------


@op("numpy.random.rand", "numpy.random.randn")
def rand(call: Call, *sizes: object) -> Value:
    """Random numbers; one where no sizes are given."""
    return Array(shaped(sizes), dtype="float64") if sizes else Unknown("a random number")


def drawn(size: Value, dtype: str) -> Value:
    """Random numbers of a size; one where there is none."""
    return Unknown("a random number") if size is None else Array(shaped(size), dtype=dtype)


@op("numpy.random.random", "numpy.random.random_sample", "numpy.random.standard_normal")
def random(call: Call, size: object = None) -> Value:
    """Random numbers."""
    return drawn(size, "float64")


@op("numpy.random.uniform", "numpy.random.normal", "numpy.random.beta", "numpy.random.gamma")
def uniform(
    call: Call, low: object = 0.0, high: object = 1.0, size: object = None, **more: object
) -> Value:
    """Random numbers of a distribution."""
    numbers = all(isinstance(v, (*PLAIN, Unknown)) for v in (low, high))
    return drawn(size, "float64") if numbers else Array(Unknown("random numbers"))


@op("numpy.random.randint")
def randint(
    call: Call, low: object, high: object = None, size: object = None, dtype: object = int
) -> Value:
    """Random integers."""
    return drawn(size, named(dtype, "int64"))


@op("numpy.random.choice", "numpy.random.permutation")
def choice(call: Call, a: object, size: object = None, *args: object, **more: object) -> Value:
    """Randomly chosen."""
    return Unknown("a random choice") if size is None else Array(shaped(size))


# -- functions of numbers ---------------------------------------------------------------------

NUMERIC: Final[dict[str, Callable[..., Any]]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "tanh": math.tanh,
    "arctan": math.atan,
    "radians": math.radians,
    "deg2rad": math.radians,
    "degrees": math.degrees,
}
ROUNDING: Final[dict[str, Callable[[float], int]]] = {
    "floor": math.floor,
    "ceil": math.ceil,
    "trunc": math.trunc,
}


def numeric(name: str, function: Callable[..., Any]) -> Callable[..., Value]:
    """A rule for a function of numbers that also takes arrays, element by element."""

    def rule(call: Call, x: object) -> Value:
        if isinstance(x, (Array, Tensor, list, tuple)):
            return mapped(name, made_of(x, ""))
        return called(call, function, (x,), {})

    return rule


def rounding(name: str, function: Callable[[float], int]) -> Callable[..., Value]:
    """A rule for rounding: a float, or a size as it is."""

    def rule(call: Call, x: object) -> Value:
        x = measured(x)
        if isinstance(x, (Array, Tensor, list, tuple)):
            return mapped(name, made_of(x, ""))
        if isinstance(x, Expr):
            return x
        found = called(call, function, (x,), {})
        return float(found) if isinstance(found, int) else found

    return rule


for _name, _function in NUMERIC.items():
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", numeric(_name, _function))
for _name, _function in ROUNDING.items():
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", rounding(_name, _function))


@op("numpy.round", "numpy.around", "numpy.rint", "numpy.round_")
def round(call: Call, a: object, decimals: object = 0) -> Value:
    """Rounding to even, as Python's."""
    if isinstance(a, (Array, Tensor, list, tuple)):
        made = made_of(a, "")
        return mapped("round", made) if decimals == 0 else Array(made.shape, made.dtype)
    return round_(call, a, decimals) if isinstance(a, float) else first_or_number(a)


def first_or_number(value: Value) -> Value:
    """An integer or size as it is."""
    return value if isinstance(value, (int, Expr)) else first_unknown((value,), "rounded numbers")


@op("numpy.abs", "numpy.absolute")
def abs_(call: Call, x: object) -> Value:
    """The absolute value."""
    if isinstance(x, (Array, Tensor, list, tuple)):
        return mapped("abs absolute", made_of(x, ""))
    return call.invoke(OPS["builtins.abs"], x)


@op("numpy.power")
def power_(call: Call, x1: object, x2: object) -> Value:
    """`x1 ** x2` of numbers."""
    if isinstance(x1, Array) or isinstance(x2, Array):
        return combined(call, "pow", x1, x2)
    return power(call, measured(x1), measured(x2))


def extreme_of_two(path: str, name: str) -> Callable[..., Value]:
    """A rule for `maximum` and `minimum` of numbers and sizes."""

    def rule(call: Call, x1: object, x2: object) -> Value:
        if isinstance(x1, Array) or isinstance(x2, Array):
            return combined(call, name, x1, x2)
        return call.invoke(OPS[path], x1, x2)

    return rule


def extreme_of_all(path: str) -> Callable[..., Value]:
    """A rule for `max` and `min` over plain numbers and sizes."""

    def rule(call: Call, a: object, axis: object = None, **more: object) -> Value:
        if isinstance(a, Tensor) or axis is not None:
            return Unknown("an extreme of an array")
        return call.invoke(OPS[path], a)

    return rule


for _path, _two, _all in (
    ("builtins.max", "maximum", ("max", "amax")),
    ("builtins.min", "minimum", ("min", "amin")),
):
    OPS[f"numpy.{_two}"] = Op(f"numpy.{_two}", extreme_of_two(_path, _two))
    for _name in _all:
        OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", extreme_of_all(_path))


@op("numpy.prod", "numpy.product")
def prod(call: Call, a: object, axis: object = None, **more: object) -> Value:
    """The product of sizes or numbers."""
    if axis is not None:
        return Unknown("a product over an axis")
    if isinstance(a, Tensor):
        if not isinstance(a.data, list):
            return Unknown("the product of an array")
        a = a.data
    sizes = flat(call, a)
    if isinstance(sizes, Unknown):
        return sizes
    dims: list[Dim] | None = dims_in(sizes)
    return called(call, math.prod, (sizes,), {}) if dims is None else product(dims)


def flat(call: Call, value: Value) -> list[Value] | Unknown:
    """The numbers of nested sequences."""
    held = held_by(call, value)
    if isinstance(held, Unknown):
        return held
    parts: list[Value] = []
    for part in held:
        inner = flat(call, part) if isinstance(part, (list, tuple, Size)) else [part]
        if isinstance(inner, Unknown):
            return inner
        parts.extend(inner)
    return parts


@op("numpy.sum")
def sum(call: Call, a: object, axis: object = None, **more: object) -> Value:
    """The sum of plain numbers and sizes."""
    if isinstance(a, Tensor) or axis is not None:
        return Unknown("the sum of an array")
    numbers = flat(call, a)
    return numbers if isinstance(numbers, Unknown) else sum_(call, new_list(call, numbers))


@op("numpy.mean")
def mean(call: Call, a: object, *args: object, **more: object) -> Value:
    """The mean of plain numbers."""
    if isinstance(a, (list, tuple)) and a and all(isinstance(v, (int, float)) for v in a):
        return math.fsum(a) / len(a)
    return Unknown("the mean of an array")


@op("numpy.cumsum")
def cumsum(call: Call, a: object, axis: object = None) -> Value:
    """Running sums of plain numbers."""
    values: Any = a.data if isinstance(a, Tensor) else a
    if not isinstance(values, (list, tuple)) or not all(
        isinstance(v, (int, float)) for v in values
    ):
        return Array(Unknown("running sums"))
    sums: list[float] = []
    for value in values:
        sums.append(value + (sums[-1] if sums else 0))
    return array(call, List(sums))
