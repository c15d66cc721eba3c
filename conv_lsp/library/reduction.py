"""Reductions, cumulative operations and orderings."""

from __future__ import annotations

from typing import Final

from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.algebra import is_floating, reduce
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.registry import Call
from conv_lsp.library.tables import Body, declare
from conv_lsp.values import Tensor, Unknown, Value

# -- to fewer axes ----------------------------------------------------------------------------


def unknown_in(value: object) -> Unknown | None:
    """What is not known in an argument that is a number or a tuple of numbers."""
    if isinstance(value, Tensor) and not isinstance(value.data, int):
        return Unknown("the value of a tensor is not followed")
    parts = value if isinstance(value, (tuple, list)) else (value,)
    return next((part for part in parts if isinstance(part, Unknown)), None)


def reduced(call: Call, input: Tensor, dim: object, keepdim: object, dtype: str = "") -> Tensor:
    """Over some axes, all of them where `dim` is None; unknown where the axes are not known."""
    unknown = unknown_in(dim) or unknown_in(keepdim)
    if unknown is not None:
        return Tensor(unknown, dtype=dtype or input.dtype)
    if isinstance(dim, Tensor):
        dim = dim.data
    axes = [call.axis(input.rank, d) for d in dim] if isinstance(dim, (tuple, list)) else []
    if len(set(axes)) < len(axes):
        call.fail(
            CALL_ARGUMENTS,
            at="dim",
            name=call.name or "reduction",
            problem=f"names a dimension twice in {dim}",
        )
    if input.rank == 0:
        if isinstance(dim, int):
            call.axis(0, dim)
        return input.like(dtype=dtype or None)
    result = reduce(call, input, dim, keepdim, dtype)
    result.strides = None
    return result


def summed_type(dtype: str) -> str:
    """Sums and products of integers and truth values are int64."""
    return dtype if is_floating(dtype) else "int64"


def float_type(dtype: str) -> str:
    """Integers become float32."""
    return dtype if is_floating(dtype) else "float32"


def _sum(
    call: Call, input: Tensor, dim: object = None, keepdim: object = False, *, dtype: object = None
) -> Tensor:
    return reduced(call, input, dim, keepdim, dtype_name(dtype, summed_type(input.dtype)))


def _mean(
    call: Call, input: Tensor, dim: object = None, keepdim: object = False, *, dtype: object = None
) -> Tensor:
    return reduced(call, input, dim, keepdim, dtype_name(dtype, input.dtype))


def _logsumexp(call: Call, input: Tensor, dim: object, keepdim: object = False) -> Tensor:
    return reduced(call, input, dim, keepdim, float_type(input.dtype))


def _amax(call: Call, input: Tensor, dim: object, keepdim: object = False) -> Tensor:
    return reduced(call, input, dim, keepdim)


def _all(call: Call, input: Tensor, dim: object = None, keepdim: object = False) -> Tensor:
    # Of the reductions these alone take an empty tuple at its word.
    if dim in ((), []):
        return input.like(dtype="bool")
    return reduced(call, input, dim, keepdim, "bool")


def _argmax(call: Call, input: Tensor, dim: object = None, keepdim: object = False) -> Tensor:
    return reduced(call, input, dim, keepdim, "int64")


def _count(call: Call, input: Tensor, dim: object = None) -> Tensor:
    return reduced(call, input, dim, False, "int64")


def _norm(
    call: Call,
    input: Tensor,
    p: object = "fro",
    dim: object = None,
    keepdim: object = False,
    dtype: object = None,
) -> Tensor:
    return reduced(call, input, dim, keepdim, dtype_name(dtype, float_type(input.dtype)))


DIM: Final = "input: Tensor, dim=None, keepdim=False"
REDUCTIONS: Final[tuple[tuple[str, Body, str], ...]] = (
    ("sum nansum prod", _sum, f"{DIM}, *, dtype=None"),
    ("mean nanmean", _mean, f"{DIM}, *, dtype=None"),
    ("logsumexp", _logsumexp, "input: Tensor, dim, keepdim=False"),
    ("amax amin", _amax, f"{DIM}".replace("None", "()")),
    ("all any", _all, DIM),
    ("argmax argmin", _argmax, DIM),
    ("count_nonzero", _count, "input: Tensor, dim=None"),
    ("norm", _norm, "input: Tensor, p=fro, dim=None, keepdim=False, dtype=None"),
)
for _names, _body, _signature in REDUCTIONS:
    for _name in _names.split():
        declare(_body, _signature, f"torch.{_name}", methods=[_name])
declare(_logsumexp, "input: Tensor, dim, keepdim=False, *, out=None", "torch.special.logsumexp")


_VAR: Final = "input: Tensor, dim=None, unbiased=True, keepdim=False, *, correction=1"


def _var(
    call: Call,
    input: Tensor,
    dim: object,
    unbiased: object,
    keepdim: object,
    *,
    correction: object = 1,
) -> Tensor:
    """Variance and deviation; a truth value in the place of `dim` is `unbiased`."""
    return reduced(call, input, None if isinstance(dim, bool) else dim, keepdim)


def _var_mean(call: Call, *args: Value, **more: Value) -> tuple[Tensor, Tensor]:
    return _var(call, *args, **more), _var(call, *args, **more)


for _name in ("var", "std"):
    declare(_var, _VAR, f"torch.{_name}", methods=[_name])
    declare(_var_mean, _VAR, f"torch.{_name}_mean", returns="tuple")
