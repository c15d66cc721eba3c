"""numpy's small arrays of known numbers: operators, methods and functions, as configurations use them.

An array whose numbers are not known keeps its shape where that is certain.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

from conv_lsp.dims import Expr, maximum
from conv_lsp.library.arithmetic import first_unknown
from conv_lsp.library.constants import MAX_DATA, Between, nested_shape
from conv_lsp.library.dtypes import DTYPES, DType
from conv_lsp.library.iterators import new_list
from conv_lsp.library.numpy_basics import Array, array_of, named
from conv_lsp.library.raising import refuse
from conv_lsp.library.registry import ARRAY_ATTRIBUTES, OPS, AnyRank, Call, Op, method, op, says
from conv_lsp.library.registry import METHODS as TENSOR_METHODS
from conv_lsp.values import List, Size, Tensor, Unknown, Value

UNKNOWN: Final = "numbers of an array that are not known"


def numbers(value: Value) -> Any:
    """Nested lists of plain numbers, or a number; None where they are not known."""
    if isinstance(value, Tensor):
        return None if held_bounds(value.data) else value.data
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple, range)) and not getattr(value, "vague", ""):
        parts = [numbers(v) for v in value]
        return None if any(p is None for p in parts) else parts
    return None


def held_bounds(data: Any) -> bool:
    """Whether a number is only known by its bounds."""
    return any(map(held_bounds, data)) if isinstance(data, list) else isinstance(data, Between)


def depth(data: Any) -> int:
    return 1 + depth(data[0]) if isinstance(data, list) and data else int(isinstance(data, list))


def spread(function: Callable[..., Any], parts: Sequence[Any]) -> Any:
    """The function of each element, as numpy broadcasts. Raises ValueError where it cannot."""
    deepest = max(map(depth, parts))
    if not deepest:
        return function(*parts)
    lengths = {len(p) for p in parts if depth(p) == deepest} - {1}
    if len(lengths) > 1:
        raise ValueError("operands could not be broadcast together")
    count = lengths.pop() if lengths else 1
    rows = [
        (p * count if len(p) == 1 else p) if depth(p) == deepest else [p] * count for p in parts
    ]
    return [spread(function, row) for row in zip(*rows, strict=True)]


def flat(data: Any) -> list[Any]:
    return list(itertools.chain(*map(flat, data))) if isinstance(data, list) else [data]


def made(data: Any, dtype: str = "") -> Value:
    """An array of nested lists; a number as it is."""
    if not isinstance(data, list):
        return data
    shape = nested_shape(data)
    if isinstance(shape, Unknown):
        return Array(shape)
    values = flat(data)
    if not dtype:
        dtype = "float64" if any(isinstance(v, float) for v in values) else "int64"
        dtype = "bool" if values and all(isinstance(v, bool) for v in values) else dtype
    return Array(shape, dtype=dtype, data=data if len(values) <= MAX_DATA else None)


def shape_only(values: Sequence[Value], dtype: str = "float64") -> Value:
    """The array of an operation whose numbers are not known."""
    if not all(isinstance(v, (int, float, Tensor)) for v in values):
        return Array(Unknown("an array of unknown shape"))
    shapes = [v.shape for v in values if isinstance(v, Tensor)]
    if len({str(shape) for shape in shapes}) == 1:
        return Array(shapes[0], dtype=dtype)
    plain = [s for s in shapes if not isinstance(s, Unknown) and all(type(n) is int for n in s)]
    if not plain or len(plain) < len(shapes):
        return Array(Unknown("an array of unknown shape"))
    return broadcast([[n for n in shape if isinstance(n, int)] for shape in plain], dtype)


def broadcast(shapes: Sequence[Sequence[int]], dtype: str) -> Value:
    """The array of plain sizes that broadcast; numpy raises where they do not."""
    sizes = []
    for column in itertools.zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1):
        wide = {n for n in column if n != 1}
        if len(wide) > 1:
            return Unknown("operands could not be broadcast together")
        sizes.append(wide.pop() if wide else 1)
    return Array(tuple(sizes[::-1]), dtype=dtype)


COMPARES: Final = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


def elementwise(function: Callable[..., Any], *values: Value) -> Value:
    """A function of numbers, on arrays element by element."""
    parts = [numbers(v) for v in values]
    if any(p is None for p in parts):
        return shape_only(values, "bool" if function in COMPARES else "float64")
    try:
        return made(spread(function, parts))
    except (ArithmeticError, ValueError, TypeError) as error:
        return Unknown(str(error))


# -- operators --------------------------------------------------------------------------------


def declare_operator(word: str, function: Callable[[Any, Any], Any]) -> None:
    @op(f"array.{word}")
    def rule(call: Call, a: object, b: object) -> Value:
        return elementwise(function, a, b)


for _word in "add sub mul truediv floordiv mod pow and_ or_ xor eq ne lt le gt ge".split():
    declare_operator(_word, getattr(operator, _word))
for _word, _function in {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "true_divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "mod": operator.mod,
    "power": operator.pow,
    "maximum": max,
    "minimum": min,
    "equal": operator.eq,
    "greater": operator.gt,
    "less": operator.lt,
}.items():
    _old = OPS.get(f"numpy.{_word}")

    @says("Element by element")
    def _two(
        call: Call,
        x1: object,
        x2: object,
        function: Value = _function,
        old: Value = _old,
    ) -> Value:
        if old is not None and not isinstance(x1, (Tensor, list)) and not isinstance(x2, Tensor):
            return call.invoke(old, x1, x2)
        return elementwise(function, x1, x2)

    OPS[f"numpy.{_word}"] = Op(f"numpy.{_word}", _two)


@op("array.neg")
def negative(call: Call, a: object) -> Value:
    """`-a`"""
    return elementwise(operator.neg, a)


@op("array.getitem")
def item(call: Call, a: object, index: object) -> Value:
    """`a[index]`: a number, or an array that shares its memory."""
    data = numbers(a)
    if isinstance(index, Tensor) and isinstance(index.data, list) and isinstance(data, list):
        picks = index.data
        if all(isinstance(p, bool) for p in picks) and len(picks) == len(data):
            return made([v for v, keep in zip(data, picks, strict=True) if keep])
        if all(type(p) is int and -len(data) <= p < len(data) for p in picks):
            return made([data[p] for p in picks])
    if isinstance(data, list) and whole(index):
        try:
            at: Any = index
            found = data[at]
        except (IndexError, TypeError) as error:
            return Unknown(str(error))
        return viewed(a, made(found))
    if isinstance(a, Tensor) and not isinstance(index, (Unknown, Tensor)):
        plain = Tensor(a.shape, dtype=a.dtype)
        found = call.invoke(OPS["operator.getitem"], plain, index)
        one = isinstance(found, Tensor) and found.known and not found.rank
        return Unknown(UNKNOWN) if one else array_of(found)
    return Array(Unknown("an item of an array"))


def whole(index: Value) -> bool:
    """Whether an index is a plain number or a slice of plain numbers."""
    if isinstance(index, slice):
        return all(p is None or isinstance(p, int) for p in (index.start, index.stop, index.step))
    return isinstance(index, int) and not isinstance(index, bool)


def viewed(base: Value, view: Value) -> Value:
    """What is written into one is written into the other."""
    if isinstance(base, Tensor) and isinstance(view, Tensor):
        if base.family is None:
            base.family = [base]
        base.family.append(view)
        view.family = base.family
    return view


# -- reductions -------------------------------------------------------------------------------


def running(function: Callable[[Any, Any], Any]) -> Callable[[list[Any]], Any]:
    return lambda values: list(itertools.accumulate(values, function))


def mean(values: list[Any]) -> float:
    return math.fsum(values) / len(values)


def median(values: list[Any]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def differences(values: list[Any]) -> list[Any]:
    return [b - a for a, b in itertools.pairwise(values)]


REDUCTIONS: Final[dict[str, Callable[[list[Any]], Any]]] = {
    "sum": sum,
    "max": max,
    "min": min,
    "amax": max,
    "amin": min,
    "mean": mean,
    "median": median,
    "prod": math.prod,
    "product": math.prod,
    "cumsum": running(operator.add),
    "cumprod": running(operator.mul),
    "argmax": lambda values: values.index(max(values)),
    "argmin": lambda values: values.index(min(values)),
    "argsort": lambda values: sorted(range(len(values)), key=values.__getitem__),
    "sort": sorted,
    "all": all,
    "any": any,
    "diff": differences,
    "flatnonzero": lambda values: [i for i, v in enumerate(values) if v],
}
"""What is worked out of all numbers of an array, in order."""
OF_ROWS: Final = frozenset(("argsort", "sort", "diff"))
"""Those that mean the last axis, not all numbers."""
METHODS: Final = "sum max min mean prod cumsum cumprod argmax argmin argsort all any".split()


def along(name: str, a: Value, axis: Value) -> Value | None:
    """The shape of what is worked out along one axis of an array of unknown numbers."""
    if name in OF_ROWS and axis is None:
        axis = -1
    if not isinstance(a, Tensor) or not a.known or type(axis) is not int:
        return None
    if not -a.rank <= axis < a.rank or (a.rank == 1 and name not in KEEPING):
        return None
    at, sizes = axis % a.rank, list(a.sizes)
    if name == "diff":
        sizes[at] = maximum(sizes[at] - 1, 0)
    elif name not in KEEPING:
        del sizes[at]
    kind = GIVEN.get(name, "int64" if a.dtype == "bool" else a.dtype)
    halves = name in ("mean", "median") and not a.dtype.startswith("float")
    return Array(tuple(sizes), dtype="float64" if halves else kind)


KEEPING: Final = frozenset(("argsort", "sort", "diff", "cumsum", "cumprod"))
"""Those that give as many numbers along the axis, or one less."""
TOLD: Final = {
    **dict.fromkeys(("argsort", "sort", "cumsum", "cumprod"), "As many numbers as there are"),
    "diff": "As many numbers as there are, but one less along the axis",
    "flatnonzero": "A place for each number that is not 0",
}
"""What comes out of those that do not reduce."""
GIVEN: Final = {
    "argmax": "int64",
    "argmin": "int64",
    "argsort": "int64",
    "all": "bool",
    "any": "bool",
}


def reduction(name: str, old: Op | None) -> Callable[..., Value]:
    """A rule for arrays, and as before for other values."""
    function = REDUCTIONS[name]

    @says(TOLD.get(name, "One number; along an axis an array without it"))
    def rule(call: Call, a: object, axis: object = None, **more: object) -> Value:
        if isinstance(a, (Unknown, Expr)):
            return a if isinstance(a, Expr) else Unknown(a.why)
        data = numbers(a)
        if data is None and old is not None and not isinstance(a, Tensor):
            return call.invoke(old, a, axis)
        if data is None and not more and (found := along(name, a, axis)) is not None:
            return found
        last = axis in (0, -1) and depth(data) == 1
        if (
            data is None
            or more
            or not (axis is None or last)
            or (name in OF_ROWS and depth(data) > 1)
        ):
            return Unknown(UNKNOWN) if axis is None else Array(Unknown(UNKNOWN))
        try:
            return made(function(flat(data)))
        except (ValueError, ArithmeticError) as error:
            return Unknown(str(error))

    return rule


for _name in REDUCTIONS:
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", reduction(_name, OPS.get(f"numpy.{_name}")))
for _name in METHODS:
    OPS[f"array.{_name}"] = Op(f"array.{_name}", reduction(_name, None))


# -- functions of each number -----------------------------------------------------------------


def one(function: Callable[[Any], Any], old: Op | None) -> Callable[..., Value]:
    @says("The shape of the array; of a number a number")
    def rule(call: Call, x: object, *more: object) -> Value:
        if isinstance(x, (Tensor, list, tuple)):
            return elementwise(lambda v: function(v, *more), x)
        return call.invoke(old, x, *more) if old is not None else elementwise(function, x)

    return rule


def rounded(value: float, decimals: int = 0) -> float:
    return value if isinstance(value, int) else float(round(value, decimals))


EACH: Final[dict[str, Callable[..., Any]]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "exp2": lambda v: 2.0**v,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "square": lambda v: v * v,
    "floor": lambda v: float(math.floor(v)),
    "ceil": lambda v: float(math.ceil(v)),
    "trunc": lambda v: float(math.trunc(v)),
    "round": rounded,
    "around": rounded,
    "rint": rounded,
    "abs": abs,
    "absolute": abs,
    "sign": lambda v: (v > 0) - (v < 0),
}
for _name, _each in EACH.items():
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", one(_each, OPS.get(f"numpy.{_name}")))


@op("numpy.clip", "array.clip")
def clip(call: Call, a: object, a_min: object = None, a_max: object = None) -> Value:
    """Numbers between two bounds."""
    low, high = numbers(a_min), numbers(a_max)
    if (a_min is not None and low is None) or (a_max is not None and high is None):
        return Unknown(UNKNOWN)

    def bounded(value: Any) -> Any:
        value = value if low is None else max(value, low)
        return value if high is None else min(value, high)

    return elementwise(bounded, a)


@op("numpy.unique")
def unique(
    call: Call, ar: object, *more: object, return_counts: object = False, **words: object
) -> Value:
    """The different numbers in order, and how often each is there."""
    data = numbers(ar)
    if data is None or more or words or not isinstance(return_counts, bool):
        return first_unknown((ar,), UNKNOWN)
    values = flat(data)
    found = sorted(set(values))
    counts = made([values.count(v) for v in found])
    return (made(found), counts) if return_counts else made(found)


@op("numpy.atleast_1d")
def at_least_1d(call: Call, arys: object) -> Value:
    """A number as an array of one; an array as it is."""
    if isinstance(arys, Array):
        data = numbers(arys)
        return arys if data is None or isinstance(data, list) else made([data], arys.dtype)
    data = numbers(arys)
    if data is None:
        return shape_only((arys,))
    return made(data if isinstance(data, list) else [data])


@op("numpy.isscalar")
def is_scalar(call: Call, element: object) -> Value:
    """Whether it is a number or a text."""
    return (
        Unknown(element.why)
        if isinstance(element, Unknown)
        else isinstance(element, (int, float, str))
    )


@op("numpy.interp")
def interpolated(call: Call, x: object, xp: object, fp: object) -> Value:
    """Linear between known points."""
    at, xs, ys = numbers(x), numbers(xp), numbers(fp)
    if at is None or not isinstance(xs, list) or not isinstance(ys, list) or len(xs) != len(ys):
        return Unknown(UNKNOWN)

    def value(v: float) -> float:
        if v <= xs[0] or v >= xs[-1]:
            return float(ys[0] if v <= xs[0] else ys[-1])
        i = next(i for i in range(len(xs) - 1) if xs[i] <= v < xs[i + 1])
        slope = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
        return float(slope * (v - xs[i]) + ys[i])

    return elementwise(value, x)


# -- form and type ----------------------------------------------------------------------------


@op("array.astype")
def astype(call: Call, a: object, dtype: object = None, **more: object) -> Value:
    """The same numbers as another type."""
    name = named(dtype, "")
    data = numbers(a)
    convert = int if name.startswith(("int", "uint")) else float if name == "float64" else None
    if data is None or convert is None:
        return (
            Array(a.shape, dtype=name or "float64") if isinstance(a, Tensor) else Unknown(UNKNOWN)
        )
    return made(spread(convert, [data]), name)


@op("array.flatten", "array.ravel")
def flattened(call: Call, a: object, *more: object) -> Value:
    """All numbers in a row."""
    data = numbers(a)
    if data is None:
        return (
            array_of(call.invoke(OPS["torch.flatten"], Tensor(a.shape)))
            if isinstance(a, Tensor)
            else a
        )
    return made(flat(data))


@op("array.reshape")
def reshaped(call: Call, a: object, *shape: object) -> Value:
    """The same numbers in another shape."""
    if not isinstance(a, Tensor):
        return a
    base = Tensor(a.shape, dtype=a.dtype, data=a.data)
    return array_of(call.invoke(TENSOR_METHODS["reshape"], base, *shape), a.dtype)


@op("array.copy")
def copied(call: Call, a: object, *more: object) -> Value:
    return Array(a.shape, dtype=a.dtype, data=a.data) if isinstance(a, Tensor) else a


@op("array.item")
def one_number(call: Call, a: object) -> Value:
    """The only number."""
    data = numbers(a)
    values = [] if data is None else flat(data)
    return values[0] if len(values) == 1 else Unknown(UNKNOWN)


@op("array.round")
def round_method(call: Call, a: object, decimals: object = 0) -> Value:
    return elementwise(lambda v: rounded(v, decimals if isinstance(decimals, int) else 0), a)


@op("array.tolist")
def to_list(call: Call, a: object) -> Value:
    """Lists of the numbers."""
    data = numbers(a)
    return Unknown(UNKNOWN) if data is None else listed(call, data)


def listed(call: Call, data: Any) -> Value:
    return new_list(call, [listed(call, d) for d in data]) if isinstance(data, list) else data


@op("array.elements")
def rows(call: Call, a: object) -> Value:
    """What iteration gives."""
    data = numbers(a)
    if isinstance(data, list):
        return new_list(call, map(made, data))
    if not isinstance(a, Tensor) or not a.known or not a.sizes or not isinstance(a.sizes[0], int):
        return Unknown("iteration over an array")
    if a.sizes[0] > MAX_DATA:
        return Unknown(f"stopped: iteration over more than {MAX_DATA:,} rows")
    return new_list(call, [item(call, a, i) for i in range(a.sizes[0])])


def size(array: Tensor) -> Value:
    if not array.known:
        return Unknown("an array of unknown shape")
    whole_sizes = [s for s in array.sizes if isinstance(s, int)]
    return math.prod(whole_sizes) if len(whole_sizes) == array.rank else Unknown("a size")


def transposed(array: Tensor) -> Value:
    data = numbers(array)
    if depth(data) == 2:
        return made([list(column) for column in zip(*data, strict=True)], array.dtype)
    return (
        array
        if array.known and array.rank < 2
        else Array(array.sizes[::-1] if array.known else Unknown("an array of unknown shape"))
    )


def dtype_of(array: Tensor) -> Value:
    found: DType | None = DTYPES.get(array.dtype)
    return Unknown("the type of an array") if found is None else found


ARRAY_ATTRIBUTES.update(
    shape=lambda a: a.shape if isinstance(a.shape, Unknown) else Size(a.shape),
    ndim=lambda a: a.rank if a.known else Unknown("an array of unknown shape"),
    size=size,
    T=transposed,
    dtype=dtype_of,
)


@op("numpy.concatenate")
def concatenate(call: Call, arrays: object, axis: object = 0, **more: object) -> Value:
    """Rows of several arrays one after the other."""
    data = numbers(arrays)
    if axis == 0 and isinstance(data, list) and data and all(map(depth, data)):
        return made([row for part in data for row in part])
    held = call.host.elements(arrays, call.site)
    if isinstance(held, (list, tuple)):
        lists = [a if isinstance(a, Tensor) else numbers(a) for a in held]
        held = [made(a) if isinstance(a, list) else a for a in lists]
    if isinstance(held, Unknown) or not held or not all(isinstance(a, Tensor) for a in held):
        return Array(Unknown(UNKNOWN))
    plain = List([Tensor(a.shape, dtype=a.dtype) for a in held])
    return array_of(call.invoke(OPS["torch.cat"], plain, axis))


@op("numpy.repeat")
def repeated(call: Call, a: object, repeats: object, axis: object = None) -> Value:
    """Each number several times."""
    data, counts = numbers(a), numbers(repeats)
    if data is None or counts is None or axis is not None:
        return Array(Unknown(UNKNOWN))
    values = flat(data)
    times = counts if isinstance(counts, list) else [counts] * len(values)
    if len(times) != len(values) or sum(times) > MAX_DATA:
        return Array(Unknown(UNKNOWN))
    return made([v for v, count in zip(values, times, strict=True) for _ in range(count)])


@method("__array__")
def array_protocol(call: Call, self: AnyRank, dtype: object = None) -> Value:
    """The tensor as an array."""
    return of_tensor(call, self)


@method("numpy")
def of_tensor(call: Call, self: AnyRank, *, force: object = False) -> Value:
    """The tensor as an array."""
    refuse(call, self, ("bfloat16", "complex32"))
    return array_of(self)
