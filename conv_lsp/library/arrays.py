"""numpy.ndarray: what configurations compute with small arrays, and what torch takes over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from conv_lsp.dims import Expr
from conv_lsp.library.algebra import FLOATS, broadcast_shapes, category, is_floating
from conv_lsp.library.constants import constant, flat, nested, rounded
from conv_lsp.library.dtypes import DTYPES, DType
from conv_lsp.library.folding import FUNCTIONS, SQUARE, Scalar, elementwise, squared
from conv_lsp.library.registry import METHODS, OPS, Call, forget
from conv_lsp.values import Instance, List, Shape, Tensor, Unknown, Value


class Array(Instance):
    """An array: a tensor's shape, dtype and numbers under numpy's names."""

    __slots__ = ()

    def __init__(self, shape: Shape | Unknown, dtype: str = "float64", data: object = None) -> None:
        super().__init__()
        self.hold(Tensor(shape, dtype=dtype, data=data))

    def hold(self, tensor: Tensor) -> None:
        """Stand for this tensor."""
        known = not isinstance(tensor.shape, Unknown)
        self.__dict__.update(
            tensor=tensor,
            shape=tensor.shape,
            ndim=tensor.rank if known else tensor.shape,
            dtype=DTYPES.get(tensor.dtype, Unknown("a dtype")),
            T=Unknown("the transpose of an array"),
        )

    @property
    def tensor(self) -> Tensor:
        """What the array is to torch."""
        held: Tensor = self.__dict__["tensor"]
        return held

    @property
    def shape(self) -> Shape | Unknown:
        return self.tensor.shape

    @property
    def dtype(self) -> str:
        return self.tensor.dtype

    @property
    def data(self) -> object:
        return self.tensor.data

    def elements(self) -> list[Value] | None:
        """Its rows, or numbers."""
        tensor = self.tensor
        if not tensor.known or not tensor.sizes or not isinstance(tensor.sizes[0], int):
            return None
        if tensor.sizes[0] > ROWS:
            return None
        rows = tensor.data if isinstance(tensor.data, list) else [None] * tensor.sizes[0]
        return [part(tensor.sizes[1:], tensor.dtype, row) for row in rows]

    # -- what interpreted code calls ----------------------------------------------------------

    def item(self, call: Call, index: object = 0) -> Value:
        """`array[index]`; called by its name, the only number."""
        found = call.invoke(OPS["operator.getitem"], self.tensor, index)
        return number_or_array(found) if self.tensor.shape != () else whole(self.tensor)

    def set_item(self, call: Call, index: object, new: object) -> None:
        """The numbers are no longer known."""
        forget(self.tensor)

    def length(self, call: Call) -> Value:
        tensor = self.tensor
        return tensor.sizes[0] if tensor.known and tensor.sizes else Unknown("an array's length")

    def tolist(self, call: Call) -> Value:
        return call.invoke(METHODS["tolist"], self.tensor)

    def astype(self, call: Call, dtype: object, *args: object, **more: object) -> Value:
        name = named(dtype, "")
        if not name:
            return Array(self.shape)
        return array_of(call.invoke(METHODS["to"], self.tensor, DTYPES[name]))

    def copy(self, call: Call, order: object = "C") -> Value:
        return Array(self.shape, self.dtype, self.data)

    def __neg__(self) -> Array:
        data = folded("neg negative", [self.tensor], self.shape, self.dtype)
        return Array(self.shape, self.dtype, data)


ROWS: Final = 4096
"""Rows of an array, past which it is not iterated over."""


def part(shape: Shape, dtype: str, data: Any) -> Value:
    """A row of an array: an array, or a number."""
    return Array(shape, dtype, data) if shape else whole(Tensor((), dtype=dtype, data=data))


def number_or_array(tensor: Value) -> Value:
    """What numpy gives where torch gives this tensor."""
    if not isinstance(tensor, Tensor):
        return tensor
    return whole(tensor) if tensor.shape == () else array_of(tensor)


def whole(tensor: Tensor) -> Value:
    """The number of an array of one; numpy's own types of few bits compute otherwise."""
    number = flat(tensor.data)[0]
    same = tensor.dtype in ("float64", "int64", "bool")
    if same and isinstance(number, (int, float)):
        return number
    return Unknown("a number of an array")


def array_of(tensor: Value, dtype: str = "") -> Value:
    """An array of a tensor's shape and numbers, in its memory."""
    if not isinstance(tensor, Tensor):
        return tensor
    if dtype and dtype != tensor.dtype:
        return Array(tensor.shape, dtype)
    made = Array(())
    made.hold(tensor)
    return made


def unwrapped(value: Value) -> Value:
    """Arrays as the tensors they are to torch, also in lists."""
    if isinstance(value, Array):
        return value.tensor
    if isinstance(value, (list, tuple)) and any(isinstance(v, (Array, list, tuple)) for v in value):
        held = [unwrapped(v) for v in value]
        return List(held) if isinstance(value, list) else tuple(held)
    return value


def named(dtype: Value, default: str) -> str:
    """The name of a dtype: numpy's, or a Python type."""
    if isinstance(dtype, DType):
        return dtype.name
    by_type = {bool: "bool", int: "int64", float: "float64", complex: "complex128"}
    if isinstance(dtype, type):
        return by_type.get(dtype, default)
    return dtype if isinstance(dtype, str) and dtype in DTYPES else default


# -- arithmetic -------------------------------------------------------------------------------


def common(first: Tensor, second: Tensor, plain: tuple[bool, bool]) -> str:
    """The dtype of two operands; a plain number counts by its category only. "" if not told."""
    for number, other, bare in ((first, second, plain[0]), (second, first, plain[1])):
        if bare:
            higher = category(number.dtype) > category(other.dtype)
            return (
                other.dtype if not higher else "float64" if is_floating(number.dtype) else "int64"
            )
    pair = {first.dtype, second.dtype}
    if len(pair) == 1:
        return first.dtype
    return max(pair, key=FLOATS.index) if pair <= {"bool", "int64", "float64"} else ""


def combined(call: Call, name: str, a: Value, b: Value) -> Value:
    """An operation of arrays and numbers, by the name it has in `folding`."""
    operands = [operand(a), operand(b)]
    first, second = operands
    if first is None or second is None:
        return Unknown("arithmetic of an array and what is none")
    dtype = common(first, second, (not isinstance(a, Array), not isinstance(b, Array)))
    scalar = FUNCTIONS[name]
    result = "bool" if scalar.compares else dtype
    if name == DIVISION and not is_floating(dtype):
        dtype = result = "float64"
    if not first.known or not second.known:
        unknown = first.shape if isinstance(first.shape, Unknown) else second.shape
        return Array(Unknown(getattr(unknown, "why", "")), result or "float64")
    shape = broadcast_shapes(call, first.sizes, second.sizes)
    known = all(isinstance(s, int) for s in shape) and dtype not in ("", "bool")
    data = folded(name, [first, second], shape, dtype, result) if known else None
    return Array(shape, result or "float64", data)


DIVISION: Final = "div divide true_divide truediv"


def operand(value: Value) -> Tensor | None:
    """An array, a number or nested lists as a tensor."""
    if isinstance(value, Array):
        return value.tensor
    if isinstance(value, (bool, int, float)):
        kind = (
            "bool" if isinstance(value, bool) else "int64" if isinstance(value, int) else "float64"
        )
        return Tensor((), dtype=kind, data=value)
    if isinstance(value, (Expr, Unknown)):
        return Tensor(())
    made = constant(value, "") if isinstance(value, (list, tuple)) else None
    return None if made is None or isinstance(made, Unknown) else widest(made, value)


def widest(made: Tensor, value: Value) -> Tensor:
    """numpy's own type of floating-point numbers is float64."""
    exact = constant(value, "float64") if made.dtype == "float32" else made
    return exact if isinstance(exact, Tensor) else made


def folded(
    name: str, tensors: Sequence[Tensor], shape: Shape | Unknown, dtype: str, result: str = ""
) -> Any:
    """The nested numbers of an element-wise operation, or None."""
    if isinstance(shape, Unknown) or any(t.data is None for t in tensors):
        return None
    scalar = FUNCTIONS[name]
    if name == "pow" and tensors[1].data == SQUARE:
        scalar, tensors = Scalar(squared, monotone=False), tensors[:1]
    row = elementwise(scalar, tensors, shape, dtype, result or dtype)
    return None if row is None else nested(row, shape)


def operator_of(name: str, *, reflected: bool = False) -> Callable[..., Value]:
    """A method for an operator of Python."""

    def method(self: Array, call: Call, other: object) -> Value:
        return combined(call, name, *((other, self) if reflected else (self, other)))

    return method


for _word, _name in {
    "add": "add",
    "sub": "sub subtract",
    "mul": "mul multiply",
    "truediv": DIVISION,
    "floordiv": "floor_divide floordiv",
    "mod": "remainder mod",
    "pow": "pow",
    "lt": "lt less",
    "le": "le less_equal",
    "gt": "gt greater",
    "ge": "ge greater_equal",
}.items():
    setattr(Array, f"__{_word}__", operator_of(_name))
    if not FUNCTIONS[_name].compares:
        setattr(Array, f"__r{_word}__", operator_of(_name, reflected=True))


# -- methods that torch has as well -----------------------------------------------------------


def reduced(path: str) -> Callable[..., Value]:
    """A method that reduces over all axes, or one."""

    def method(self: Array, call: Call, axis: object = None, **more: object) -> Value:
        if more or not (axis is None or isinstance(axis, int)):
            return Unknown("a reduction of an array")
        tensor = self.tensor
        if path == "torch.mean" and not is_floating(tensor.dtype):
            tensor = operand_as(tensor, "float64")
        found = call.invoke(OPS[path], tensor, *([] if axis is None else [axis]))
        return number_or_array(found)

    return method


def operand_as(tensor: Tensor, dtype: str) -> Tensor:
    """A tensor under another dtype."""
    data = None if tensor.data is None else rounded(tensor.data, dtype)
    return Tensor(tensor.shape, dtype=dtype, data=data)


def moved(name: str) -> Callable[..., Value]:
    """A method that gives the same numbers another shape."""

    def method(self: Array, call: Call, *args: object, **more: object) -> Value:
        if more:
            return Array(Unknown("an array of another shape"), self.dtype)
        return number_or_array(call.invoke(METHODS[name], self.tensor, *args))

    return method


def cumsum(self: Array, call: Call, axis: object = None) -> Value:
    """Running sums; over all numbers where no axis is given."""
    tensor = self.tensor
    if axis is None:
        tensor = call.invoke(OPS["torch.flatten"], tensor)
    if tensor.dtype not in ("float64", "int64"):
        return Array(tensor.shape, tensor.dtype)
    return array_of(call.invoke(OPS["torch.cumsum"], tensor, 0 if axis is None else axis))


setattr(Array, "cumsum", cumsum)  # noqa: B010 - as the others
for _word, _path in {
    "sum": "sum",
    "mean": "mean",
    "prod": "prod",
    "max": "amax",
    "min": "amin",
    "any": "any",
    "all": "all",
}.items():
    setattr(Array, _word, reduced(f"torch.{_path}"))
for _word in ("reshape", "flatten", "squeeze"):
    setattr(Array, _word, moved(_word))
setattr(Array, "ravel", moved("flatten"))  # noqa: B010 - as the others
