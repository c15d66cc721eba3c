"""Reductions to fewer axes: sums, extremes, tests, moments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from conv_lsp.dims import Expr
from conv_lsp.findings import CALL_ARGUMENTS, EXPAND_SIZE
from conv_lsp.library.algebra import reduce, show
from conv_lsp.library.arguments import OTHER_TYPES, said
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.registry import Call
from conv_lsp.library.tables import declare
from conv_lsp.library.taking import ALL, FLOATING, REAL, floats, parts, sums, takes
from conv_lsp.values import MISSING, UNTYPED, Tensor, Unknown, Value

# The dtype of a result, given that of the input.
Kind: TypeAlias = Callable[[str], str]


def unknown_in(value: object) -> Unknown | None:
    """What is not known in an argument that is a number or a tuple of numbers."""
    if isinstance(value, Tensor) and not isinstance(value.data, int):
        return Unknown("the value of a tensor is not followed")
    several = value if isinstance(value, (tuple, list)) else (value,)
    if any(isinstance(part, Expr) for part in several):
        return Unknown("a dimension that is not known")
    return next((part for part in several if isinstance(part, Unknown)), None)


def reduced(
    call: Call,
    input: Tensor,
    dim: object,
    keepdim: object,
    dtype: str = "",
    *,
    name: str = "reduction",
    chooses: bool = False,
) -> Tensor:
    """Over some axes, all of them where `dim` is None; unknown where the axes are not known.

    chooses: the result is one of the elements, so that there has to be one.
    """
    unknown = unknown_in(dim) or unknown_in(keepdim)
    if unknown is not None:
        return Tensor(unknown, dtype=dtype or input.dtype)
    if isinstance(dim, Tensor):
        dim = dim.data
    wrong = [d for d in (dim if isinstance(dim, (tuple, list)) else [dim]) if not integral(d)]
    if wrong:
        problem = f"argument 'dim' takes integers, not {said(wrong[0])}"
        call.fail(CALL_ARGUMENTS, at="dim", name=name, problem=problem)
    dims = list(dim) if isinstance(dim, (tuple, list)) else [dim] if isinstance(dim, int) else []
    axes = [call.axis(input.rank, d) for d in dims]
    if len(set(axes)) < len(axes):
        problem = f"names a dimension twice in {dim}"
        call.fail(CALL_ARGUMENTS, at="dim", name=name, problem=problem)
    if chooses and input.rank:
        something(call, name, input, axes)
    if input.rank == 0:
        return input.like(dtype=dtype or None)
    result = reduce(call, input, dim, keepdim, dtype)
    result.strides = None
    return result


def integral(value: object) -> bool:
    """Whether a value stands for a dimension, or for all."""
    return value is None or isinstance(value, int)


def something(call: Call, name: str, input: Tensor, axes: list[int]) -> None:
    """Complain where there are no elements of which one could be chosen."""
    empty = next((a for a in axes if input.sizes[a] == 0), None)
    if empty is not None or (not axes and 0 in input.sizes):
        where = f"dimension {empty} of" if axes else ""
        problem = f"{where} {show(input.shape)} has no elements to choose from".strip()
        call.fail(CALL_ARGUMENTS, at="input", name=name, problem=problem)


# -- by tables --------------------------------------------------------------------------------


def _over(
    name: str,
    kind: Kind,
    letters: str,
    call: Call,
    input: Tensor,
    dim: object = None,
    keepdim: object = MISSING,
    *,
    dtype: object = None,
) -> Tensor:
    """Over axes; a dtype that is asked for is that of the elements, too."""
    if dim is MISSING:
        if keepdim is not MISSING:
            call.fail(CALL_ARGUMENTS, at="keepdim", name=name, problem="keepdim needs a dim")
        dim = None
    asked = dtype_name(dtype, input.dtype)
    if 0 not in input.sizes or name not in CHOOSING:
        takes(call, name, letters, asked)
    if name.startswith("nan"):
        takes(call, name, letters, input.dtype)
    empty = dim in ((), []) and not keepdim and 0 not in input.sizes
    if name == "logsumexp" and empty and input.rank:
        got = show((1,) * input.rank)
        call.fail(EXPAND_SIZE, at="dim", got=got, dim=0, want="()")
    result = asked if dtype is not None else kind(asked)
    if dim in ((), []) and name in ("all", "any"):
        # Of the reductions these alone take an empty tuple at its word.
        return input.like(dtype=result)
    keepdim = False if keepdim is MISSING else keepdim
    return reduced(call, input, dim, keepdim, result, name=name, chooses=name in CHOOSING)


def same(dtype: str) -> str:
    """Nothing changes."""
    return dtype


def indices(dtype: str) -> str:
    """Places and counts."""
    return "int64"


def truths(dtype: str) -> str:
    """Truth values; bytes stay bytes."""
    return dtype if dtype in ("uint8", UNTYPED) else "bool"


CHOOSING: Final = frozenset("amax amin argmax argmin".split())
"""Reductions that give one of the elements, or its place."""

ANY_DIM: Final = "input: Tensor, dim=None, keepdim=False"
NAMED_DIM: Final = "input: Tensor, dim=ABSENT, keepdim=ABSENT"
"""Where `keepdim` is an argument of the form that has `dim`."""

# Names | the dtype of the result | the dtypes taken | parameters.
REDUCTIONS: Final[tuple[tuple[str, Kind, str, str], ...]] = (
    ("sum prod", sums, ALL, f"{NAMED_DIM}, *, dtype=None"),
    ("nansum", sums, REAL, f"{ANY_DIM}, *, dtype=None"),
    ("mean", same, FLOATING, f"{NAMED_DIM}, *, dtype=None"),
    ("nanmean", same, "hf", f"{ANY_DIM}, *, dtype=None"),
    ("logsumexp", floats, ALL, "input: Tensor, dim, keepdim=False"),
    ("amax amin", same, REAL, ANY_DIM.replace("None", "()")),
    ("all any", truths, ALL, ANY_DIM),
    ("argmax argmin", indices, "ihf", ANY_DIM),
    ("count_nonzero", indices, ALL, "input: Tensor, dim=None"),
)
for _names, _kind, _letters, _signature in REDUCTIONS:
    for _name in _names.split():
        _body = partial(_over, _name, _kind, _letters)
        declare(_body, _signature, f"torch.{_name}", methods=[_name])
_logsumexp = partial(_over, "logsumexp", floats, ALL)
declare(_logsumexp, "input: Tensor, dim, keepdim=False", "torch.special.logsumexp")
OTHER_TYPES["torch.special.logsumexp"] = "dim:Ii"

# -- moments ------------------------------------------------------------------------------------

_MOMENT: Final = "input: Tensor, dim=None, unbiased=ABSENT, keepdim=ABSENT, *, correction=ABSENT"


NO_FLAGS: Final = (type(None), int, float, list, tuple)


def _moment(
    name: str,
    call: Call,
    input: Tensor,
    dim: object,
    unbiased: object,
    keepdim: object,
    *,
    correction: object = MISSING,
) -> Tensor:
    """Variance or deviation; a truth value in the place of `dim` is `unbiased`, and stands alone."""
    given = any(value is not MISSING for value in (unbiased, keepdim, correction))
    if isinstance(dim, bool) and given:
        call.fail(CALL_ARGUMENTS, at="dim", name=name, problem=f"argument 'dim' is no {dim}")
    if correction is not MISSING and unbiased is not MISSING:
        problem = "takes unbiased or correction, not both"
        call.fail(CALL_ARGUMENTS, at="correction", name=name, problem=problem)
    if isinstance(unbiased, NO_FLAGS) and not isinstance(unbiased, bool):
        problem = f"argument 'unbiased' takes True or False, not {said(unbiased)}"
        call.fail(CALL_ARGUMENTS, at="unbiased", name=name, problem=problem)
    takes(call, name, FLOATING, input.dtype)
    over = None if isinstance(dim, bool) else dim
    keepdim = False if keepdim is MISSING else keepdim
    return reduced(call, input, over, keepdim, parts(input.dtype), name=name)


def _with_mean(name: str, call: Call, *args: Value, **more: Value) -> tuple[Tensor, Tensor]:
    """The moment and the mean, over some axes, or over all."""
    first = _moment(name, call, *args, **more)
    second = _moment(name, call, *args, **more)
    assert isinstance(args[0], Tensor)
    return first, second.like(dtype=args[0].dtype)


for _name in ("var", "std"):
    declare(partial(_moment, _name), _MOMENT, f"torch.{_name}", methods=[_name])
    _pair = f"{_name}_mean"
    declare(partial(_with_mean, _pair), _MOMENT, f"torch.{_pair}", returns="tuple")
