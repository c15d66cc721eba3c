"""numpy's functions that turn, cut and repeat arrays, and matrices."""

from __future__ import annotations

from conv_lsp.library.numpy_basics import Array, array_of, named, shaped
from conv_lsp.library.registry import OPS, Call, Op, op, says
from conv_lsp.values import SCATTERED, Tensor, Unknown, Value

UNKNOWN = Unknown("an array of unknown shape")


def seen_otherwise(array: Value) -> Value:
    """An array that looks at the numbers of another one in another order."""
    if isinstance(array, Tensor):
        array.strides = SCATTERED
    return array


def arrays(path: str) -> Op:
    """The rule of one of torch's functions for arrays alone: of lists nothing is known."""

    @says(f"As `{path}`, an array")
    def rule(call: Call, a: object, *args: object, **kwargs: object) -> Value:
        if not isinstance(a, Tensor):
            return Array(UNKNOWN)
        return seen_otherwise(array_of(call.invoke(OPS[path], a, *args, **kwargs)))

    return Op(path, rule)


for _name, _path in {
    "swapaxes": "torch.swapaxes",
    "moveaxis": "torch.movedim",
    "fliplr": "torch.fliplr",
    "flipud": "torch.flipud",
    "matmul": "torch.matmul",
}.items():
    OPS[f"numpy.{_name}"] = Op(f"numpy.{_name}", arrays(_path).function)


@op("numpy.eye")
def eye(call: Call, N: object, M: object = None, k: object = 0, dtype: object = None) -> Value:
    """A matrix with ones on a diagonal."""
    return Array(shaped((N, N if M is None else M)), dtype=named(dtype, "float64"))


@op("numpy.identity")
def identity(call: Call, n: object, dtype: object = None) -> Value:
    """A square matrix with ones on its diagonal."""
    return Array(shaped((n, n)), dtype=named(dtype, "float64"))


@op("numpy.transpose")
def transpose(call: Call, a: object, axes: object = None) -> Value:
    """The array with its axes in another order, or in the reverse one."""
    if not isinstance(a, Tensor) or not a.known:
        return Array(UNKNOWN)
    order = tuple(reversed(range(a.rank))) if axes is None else axes
    return seen_otherwise(array_of(call.invoke(OPS["torch.permute"], a, order)))


@op("numpy.tile")
def tile(call: Call, A: object, reps: object) -> Value:
    """The array several times along its axes."""
    if not isinstance(A, Tensor):
        return Array(UNKNOWN)
    return array_of(call.invoke(OPS["torch.tile"], A, (reps,) if isinstance(reps, int) else reps))
