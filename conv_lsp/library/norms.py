"""Norms of vectors and of matrices."""

from __future__ import annotations

from typing import Final

from conv_lsp.dims import Expr
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import FLOATS, PARTS, show
from conv_lsp.library.arguments import OTHER_TYPES, PLAIN, said
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.reduction import reduced, unknown_in
from conv_lsp.library.registry import Call, method, op
from conv_lsp.library.taking import FLOATING, parts, takes
from conv_lsp.values import MISSING, UNTYPED, Tensor, Unknown

INFINITE: Final = float("inf")
MATRIX_ORDERS: Final = ("fro", "nuc", INFINITE, -INFINITE, 1, -1, 2, -2)


def measured(call: Call, name: str, input: Tensor, dtype: object, letters: str = FLOATING) -> str:
    """The dtype of a norm; a dtype that is asked for must not be narrower than the input's."""
    asked = dtype_name(dtype, input.dtype)
    if not takes(call, name, letters, input.dtype):
        return "float32"
    if not takes(call, name, FLOATING, asked, at="dtype"):
        return parts(input.dtype)
    if UNTYPED not in (asked, input.dtype):
        other = (asked in PARTS) != (input.dtype in PARTS)
        if other or FLOATS.index(parts(asked)) < FLOATS.index(parts(input.dtype)):
            problem = f"takes no dtype {asked} for a tensor of {input.dtype}"
            call.fail(CALL_ARGUMENTS, at="dtype", name=name, problem=problem)
    return parts(asked)


def over_vectors(
    call: Call, name: str, x: Tensor, ord: object, dim: object, keepdim: object, dtype: object
) -> Tensor:
    """Over any axes; an extreme one, which some orders are, needs elements."""
    kind = measured(call, name, x, dtype)
    if ord is not None and not isinstance(ord, (int, float, str, Expr, Unknown, Tensor)):
        call.fail(CALL_ARGUMENTS, at="ord", name=name, problem=f"has no order {said(ord)}")
    number = ord if isinstance(ord, (int, float)) else 2
    chooses = number < 0 or number == INFINITE
    return reduced(call, x, dim, keepdim, kind, name=name, chooses=chooses)


def over_matrices(
    call: Call, name: str, A: Tensor, ord: object, dim: object, keepdim: object, dtype: object
) -> Tensor:
    """Over two axes."""
    if isinstance(ord, (str, int, float)) and ord not in MATRIX_ORDERS:
        call.fail(CALL_ARGUMENTS, at="ord", name=name, problem=f"has no order {ord!r} of matrices")
    if A.rank < 2:
        call.fail(INPUT_RANK, at="A", name=f"{name}()", got=A.rank, want="at least 2")
    count = len(dim) if isinstance(dim, (tuple, list)) else 0
    if count != 2 and not isinstance(dim, Unknown):
        call.fail(CALL_ARGUMENTS, at="dim", name=name, problem=f"takes two dimensions, not {dim}")
    kind = measured(call, name, A, dtype, "fc" if ord in ("nuc", 2, -2) else FLOATING)
    result = reduced(call, A, dim, keepdim, kind, name=name)
    if isinstance(dim, (tuple, list)) and not unknown_in(dim):
        rows, columns = (A.sizes[d] for d in dim)
        least = {-INFINITE: [rows], -1: [columns], -2: [rows, columns]}
        if isinstance(ord, (int, float)) and 0 in least.get(ord, []):
            problem = f"{show(A.shape)} has no elements to choose from"
            call.fail(CALL_ARGUMENTS, at="A", name=name, problem=problem)
    return result


@op("torch.linalg.vector_norm")
def vector_norm(
    call: Call,
    x: Tensor,
    ord: object = 2,
    dim: object = None,
    keepdim: object = False,
    *,
    dtype: object = None,
    out: object = None,
) -> Tensor:
    """Over some axes, or over all."""
    return over_vectors(call, "vector_norm", x, ord, dim, keepdim, dtype)


OTHER_TYPES["torch.linalg.matrix_norm"] = "dim:I"


@op("torch.linalg.matrix_norm")
def matrix_norm(
    call: Call,
    A: Tensor,
    ord: object = "fro",
    dim: object = (-2, -1),
    keepdim: object = False,
    *,
    dtype: object = None,
    out: object = None,
) -> Tensor:
    """Over the last two axes, or two others."""
    return over_matrices(call, "matrix_norm", A, ord, dim, keepdim, dtype)


@op("torch.linalg.norm")
def norm(
    call: Call,
    A: Tensor,
    ord: object = None,
    dim: object = None,
    keepdim: object = False,
    *,
    out: object = None,
    dtype: object = None,
) -> Tensor:
    """Over one axis of vectors, or two of matrices; without either, over all elements."""
    for value in (ord, dim):
        if isinstance(value, Unknown):
            return Tensor(value)
    count = len(dim) if isinstance(dim, (tuple, list)) else 1
    if count not in (1, 2):
        call.fail(INPUT_RANK, at="dim", name="norm()", got=count, want="1 or 2")
    if dim is None and ord is not None:
        if A.rank not in (1, 2):
            call.fail(INPUT_RANK, at="A", name="norm() of an order", got=A.rank, want="1 or 2")
        dim, count = tuple(range(A.rank)), A.rank
    if isinstance(ord, str) or (ord is not None and count == 2):
        return over_matrices(call, "norm", A, ord, dim, keepdim, dtype)
    return over_vectors(call, "norm", A, ord, dim, keepdim, dtype)


@op("torch.norm")
@method("norm")
def torch_norm(
    call: Call,
    input: Tensor,
    p: object = "fro",
    dim: object = None,
    keepdim: object = False,
    dtype: object = None,
    out: object = None,
) -> Tensor:
    """Over some axes, or over all; "nuc" is of matrices."""
    if isinstance(p, Unknown):
        return Tensor(p)
    if isinstance(dtype, type) and dtype not in (bool, int, float, complex):
        problem = f"argument 'dtype' takes a dtype, not {dtype.__name__}"
        call.fail(CALL_ARGUMENTS, at="dtype", name="norm", problem=problem)
    if isinstance(dim, bool):
        call.fail(CALL_ARGUMENTS, at="dim", name="norm", problem=f"argument 'dim' is no {dim}")
    if p == "nuc":
        over = tuple(range(input.rank)) if dim is None else dim
        return over_matrices(call, "norm", input, p, over, keepdim, dtype)
    if p is not None and p != "fro" and not isinstance(p, (int, float, Expr)):
        call.fail(CALL_ARGUMENTS, at="p", name="norm", problem=f"has no order {p!r}")
    return over_vectors(call, "norm", input, p, dim, keepdim, dtype)


@op("torch.frobenius_norm")
def frobenius_norm(
    call: Call, input: Tensor, dim: object, keepdim: object = False, *, out: object = None
) -> Tensor:
    """Over one or two axes, or over all."""
    if isinstance(dim, (tuple, list)) and len(dim) > 2:
        problem = f"takes at most two dimensions, not {dim}"
        call.fail(CALL_ARGUMENTS, at="dim", name="frobenius_norm", problem=problem)
    return over_vectors(call, "frobenius_norm", input, 2, dim, keepdim, None)


@op("torch.nuclear_norm")
def nuclear_norm(
    call: Call,
    input: Tensor,
    dim: object = MISSING,
    keepdim: object = MISSING,
    *,
    out: object = None,
) -> Tensor:
    """Over two axes; without any, over the last two."""
    if dim is MISSING or isinstance(dim, bool):
        if isinstance(dim, bool):
            if keepdim is not MISSING:
                problem = f"argument 'dim' is no {dim}"
                call.fail(CALL_ARGUMENTS, at="dim", name="nuclear_norm", problem=problem)
            keepdim = dim
        dim = (-2, -1)
    keepdim = False if keepdim is MISSING else keepdim
    if keepdim.__class__ in PLAIN - {bool}:
        problem = f"argument 'keepdim' takes True or False, not {said(keepdim)}"
        call.fail(CALL_ARGUMENTS, at="keepdim", name="nuclear_norm", problem=problem)
    return over_matrices(call, "nuclear_norm", input, "nuc", dim, keepdim, None)
