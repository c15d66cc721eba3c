"""numpy, as far as configurations and example inputs use it.

Functions of plain numbers give numbers, and of sizes sizes. An array is followed by shape and type
only, to where torch takes it over; its own methods differ from a tensor's of the same name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from conv_lsp.dims import Dim, Expr, product
from conv_lsp.library.arithmetic import PLAIN, first_unknown, measured, power, round_, sum_
from conv_lsp.library.builtins import unknown_op
from conv_lsp.library.constants import MAX_DATA, constant, kind_of_numbers
from conv_lsp.library.dtypes import DTYPES, DType
from conv_lsp.library.iterators import held_by, new_list
from conv_lsp.library.registry import NAMES, OPS, Call, Op, op, says, size_of
from conv_lsp.library.standard_math import called, dims_in
from conv_lsp.library.standard_system import nothing
from conv_lsp.values import Instance, List, Shape, Size, Tensor, Unknown, Value, unknown_number


class Array(Tensor):
    """numpy.ndarray. torch takes it where it takes a tensor; code cannot tell more of it."""

    __slots__ = ()


class Kind(DType):
    """A type of numpy, which also makes numbers of it."""

    __slots__ = ()

    def __call__(self, value: Any = 0) -> Any:
        """The number; of types whose rounding is not followed, Unknown."""
        if self.name == "bool":
            return bool(value)
        if self.name.startswith(("int", "uint")):
            return int(value)
        return float(value) if self.name == "float64" else Unknown("a number that is rounded")


KINDS: Final = {n: Kind(n) for n in DTYPES if "bfloat" not in n and "8_" not in n}


def array_of(tensor: Value, dtype: str = "") -> Value:
    """An array of a tensor's shape and numbers."""
    if not isinstance(tensor, Tensor):
        return tensor
    return Array(tensor.shape, dtype=dtype or tensor.dtype, data=tensor.data)


def named(dtype: Value, default: str) -> str:
    """The name of a dtype: numpy's, or a Python type."""
    if isinstance(dtype, DType):
        return dtype.name
    by_type = {bool: "bool", int: "int64", float: "float64", complex: "complex128"}
    if isinstance(dtype, type):
        return by_type.get(dtype, default)
    return dtype if isinstance(dtype, str) and dtype in DTYPES else default


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
        **{f"numpy.{n}": kind for n, kind in KINDS.items()},
        "numpy.bool_": KINDS["bool"],
        "numpy.float_": KINDS["float64"],
        "numpy.double": KINDS["float64"],
        "numpy.single": KINDS["float32"],
        "numpy.half": KINDS["float16"],
        "numpy.int_": KINDS["int64"],
        "numpy.float": float,
        "numpy.int": int,
        "numpy.bool": bool,
        **{
            f"numpy.{name}": type(name, (), {"__doc__": "A class of types."})
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
    """An array of nested numbers, or of an image."""
    if isinstance(object, Instance) and hasattr(type(object), "as_array"):
        image: Array = object.as_array()  # type: ignore[attr-defined]
        return Array(image.shape, dtype=named(dtype, image.dtype))
    own = kind_of_numbers(object)
    own = "float64" if own == "float32" and not isinstance(object, Tensor) else own
    made = constant(object, named(dtype, own))
    if isinstance(made, Unknown):
        return Array(made, dtype=named(dtype, "float64"))
    return array_of(made, named(dtype, own))


@op("numpy.zeros", "numpy.ones", "numpy.empty")
def zeros(call: Call, shape: object, dtype: object = None, **more: object) -> Value:
    """An array of one value."""
    return Array(shaped(shape), dtype=named(dtype, "float64"))


@op("numpy.full")
def full(call: Call, shape: object, fill_value: object, dtype: object = None) -> Value:
    """An array of one value."""
    own = "int64" if isinstance(fill_value, int) else "float64"
    return Array(shaped(shape), dtype=named(dtype, own))


@op("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like", "numpy.copy")
def alike(call: Call, a: object, dtype: object = None, **more: object) -> Value:
    """An array of the same shape."""
    if not isinstance(a, Tensor):
        return Array(Unknown("an array of unknown shape"))
    return Array(a.shape, dtype=named(dtype, a.dtype))


@op("numpy.arange")
def arange(call: Call, *args: object, dtype: object = None) -> Value:
    """Numbers in equal steps."""
    own = "float64" if any(isinstance(a, float) for a in args) else "int64"
    numbers: list[Any] = [a for a in args if isinstance(a, (int, float))]
    if len(numbers) == len(args) and own == "float64":
        first, end, step = (0, *numbers, 1) if len(numbers) == 1 else (*numbers, 1)[:3]
        count = max(math.ceil((end - first) / step), 0) if step else 0
        if count <= MAX_DATA:
            data = [float(first + i * step) for i in range(count)]
            return Array((count,), dtype=named(dtype, own), data=data)
    return array_of(call.invoke(OPS["torch.arange"], *args), named(dtype, own))


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
    count = size_of(num)
    if (
        count is None
        or endpoint is not True
        or not all(isinstance(v, PLAIN) for v in (start, stop))
    ):
        return Array(Unknown("numbers that are not known") if count is None else (count,))
    kind = named(dtype, "float64")
    if not isinstance(count, int) or count > MAX_DATA or kind not in ("float64", "int64"):
        return Array((count,), dtype=kind)
    low: Any = start
    high: Any = stop
    step = (high - low) / (count - 1) if count > 1 else 0.0
    data = [i * step + low for i in range(count)]
    if count > 1:
        data[-1] = high
    convert: type = int if kind == "int64" else float
    return Array((count,), dtype=kind, data=[convert(v) for v in data])


JOINS = ("torch.cat", "torch.stack", "torch.vstack", "torch.hstack")
"""What takes several arrays, and an array as those that it consists of."""


def by_torch(path: str) -> Callable[..., Value]:
    """A rule for a function that torch has as well; `axis` is torch's `dim`."""

    @says(f"As `{path}`, an array")
    def rule(call: Call, a: object, *args: object, **kwargs: object) -> Value:
        values: Value = a
        if isinstance(a, (list, tuple)) and not all(isinstance(v, Tensor) for v in a):
            values = constant(a)
        if path in JOINS and isinstance(values, Tensor):
            values = call.host.elements(values, call.site)
            if isinstance(values, Unknown) or not all(isinstance(v, Tensor) for v in values):
                return Unknown("arrays that are joined are not known")
            values = call.host.new(List(values))
        given = args
        if path == "torch.reshape" and args and isinstance(args[0], int):
            given = ((args[0],), *args[1:])  # numpy takes one size as it is
        return array_of(call.invoke(OPS[path], values, *given, **kwargs))

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
    return Array(shaped(sizes), dtype="float64") if sizes else unknown_number("a random number")


def drawn(size: Value, dtype: str, *of: Value) -> Value:
    """Random numbers of a size; one where there is none."""
    if size is not None:
        return Array(shaped(size), dtype=dtype)
    alone = all(v is None or isinstance(v, PLAIN) or getattr(v, "number", False) for v in of)
    return unknown_number("a random number") if alone else Unknown("a random number")


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
    return drawn(size, "float64", low, high) if numbers else Array(Unknown("random numbers"))


@op("numpy.random.randint")
def randint(
    call: Call, low: object, high: object = None, size: object = None, dtype: object = int
) -> Value:
    """Random integers."""
    return drawn(size, named(dtype, "int64"), low, high)


@op("numpy.random.choice", "numpy.random.permutation")
def choice(call: Call, a: object, size: object = None, *args: object, **more: object) -> Value:
    """Randomly chosen."""
    if size is None:
        return Unknown("a random choice")
    return Array(shaped(size), dtype="int64" if isinstance(a, int) else "float64")


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


def numeric(function: Callable[..., Any]) -> Callable[..., Value]:
    """A rule for a function of numbers that also takes arrays, element by element."""

    @says("The shape of the array; of a number a number")
    def rule(call: Call, x: object) -> Value:
        if isinstance(x, Array):
            return Array(x.shape, dtype="float64")
        if isinstance(x, (list, tuple)):
            return array_of(constant(x), "float64")
        return called(call, function, (x,), {})

    return rule


def rounding(function: Callable[[float], int]) -> Callable[..., Value]:
    """A rule for rounding: a float, or a size as it is."""

    def rule(call: Call, x: object) -> Value:
        x = measured(x)
        if isinstance(x, Array):
            return Array(x.shape, dtype="float64")
        if isinstance(x, Expr):
            return x
        found = called(call, function, (x,), {})
        return float(found) if isinstance(found, int) else found

    return rule


for _name, _function in NUMERIC.items():
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", numeric(_function))
for _name, _function in ROUNDING.items():
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", rounding(_function))


@op("numpy.round", "numpy.around", "numpy.rint", "numpy.round_")
def round(call: Call, a: object, decimals: object = 0) -> Value:
    """Rounding to even, as Python's."""
    if isinstance(a, Array):
        return Array(a.shape, dtype=a.dtype)
    return round_(call, a, decimals) if isinstance(a, float) else first_or_number(a)


def first_or_number(value: Value) -> Value:
    """An integer or size as it is."""
    return value if isinstance(value, (int, Expr)) else first_unknown((value,), "rounded numbers")


@op("numpy.abs", "numpy.absolute")
def abs_(call: Call, x: object) -> Value:
    """The absolute value."""
    return (
        Array(x.shape, dtype=x.dtype)
        if isinstance(x, Array)
        else call.invoke(OPS["builtins.abs"], x)
    )


@op("numpy.power")
def power_(call: Call, x1: object, x2: object) -> Value:
    """`x1 ** x2` of numbers."""
    if isinstance(x1, Tensor) or isinstance(x2, Tensor):
        return Array(Unknown("a power of arrays"))
    return power(call, measured(x1), measured(x2))


def extreme_of_two(path: str) -> Callable[..., Value]:
    """A rule for `maximum` and `minimum` of numbers and sizes."""

    def rule(call: Call, x1: object, x2: object) -> Value:
        if isinstance(x1, Tensor) or isinstance(x2, Tensor):
            return Array(Unknown("an extreme of arrays"))
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
    OPS[f"numpy.{_two}"] = Op(f"numpy.{_two}", extreme_of_two(_path))
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
