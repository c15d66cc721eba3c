"""Inverses and decompositions of batches of matrices."""

from __future__ import annotations

from typing import Any, Final

from conv_lsp.axes import Axis, joined, whole
from conv_lsp.dims import Dim, minimum, proves_unequal
from conv_lsp.findings import INPUT_RANK, MATMUL_SIZES
from conv_lsp.library.algebra import pointwise
from conv_lsp.library.matrices import contracting
from conv_lsp.library.registry import Call, method, op
from conv_lsp.library.tables import Body, declare, return_type
from conv_lsp.values import SCATTERED, Shape, Tensor, Unknown, Value

_MATRIX: Final = "A: Tensor"


def matrices(call: Call, A: Tensor, *, square: bool = False) -> tuple[Shape, Dim, Dim]:
    """The batch, the rows and the columns; complains about what is no (square) matrix."""
    if A.rank < 2:
        call.fail(INPUT_RANK, at="A", name="it", got=A.rank, want="at least 2")
    *batch, rows, columns = A.sizes
    if square and proves_unequal(rows, columns):
        call.report(MATMUL_SIZES, at="A", a=rows, b=columns)
    return tuple(batch), rows, columns


def made(A: Tensor, batch: Shape, *sizes: Dim, dtype: str = "") -> Tensor:
    """A result of which every element depends on its whole matrix."""
    seen = whole(*A.axes[-2:])
    axes: tuple[Axis | None, ...] = (*A.axes[: len(batch)], *(None for _ in sizes))
    kind = dtype or A.dtype
    # LAPACK works column by column, and what torch then gives is not said.
    return Tensor(
        (*batch, *sizes),
        axes,
        seen=joined(A.seen, seen),
        dtype=kind,
        strides=SCATTERED if len(sizes) > 1 else None,
    )


def _square(call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    batch, rows, columns = matrices(call, A, square=True)
    return made(A, batch, rows, columns)


def _number(call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    batch, _, _ = matrices(call, A, square=True)
    return made(A, batch)


def _rank(call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    batch, _, _ = matrices(call, A)
    return made(A, batch, dtype="int64")


def _pinv(call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    batch, rows, columns = matrices(call, A)
    return made(A, batch, columns, rows)


def _singular_values(call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    batch, rows, columns = matrices(call, A)
    return made(A, batch, minimum(rows, columns))


def _eigenvalues(call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    batch, rows, _ = matrices(call, A, square=True)
    return made(A, batch, rows)


TABLE: Final[tuple[tuple[Body, str, str, str], ...]] = (
    (_square, "torch.linalg.inv torch.inverse", "inverse", _MATRIX),
    (_square, "torch.linalg.matrix_exp torch.matrix_exp", "matrix_exp", _MATRIX),
    (_square, "torch.linalg.matrix_power torch.matrix_power", "matrix_power", f"{_MATRIX}, n"),
    (_square, "torch.linalg.cholesky", "", f"{_MATRIX}, *, upper=False"),
    (_square, "torch.cholesky", "cholesky", f"{_MATRIX}, upper=False"),
    (_number, "torch.linalg.det torch.det torch.logdet", "det logdet", _MATRIX),
    (_rank, "torch.linalg.matrix_rank", "", f"{_MATRIX}, *, atol=None, rtol=None, hermitian=False"),
    (_pinv, "torch.linalg.pinv", "", f"{_MATRIX}, *, atol=None, rtol=None, hermitian=False"),
    (_pinv, "torch.pinverse", "pinverse", f"{_MATRIX}, rcond=1e-15"),
    (_singular_values, "torch.linalg.svdvals", "", f"{_MATRIX}, *, driver=None"),
    (_eigenvalues, "torch.linalg.eigvalsh", "", f"{_MATRIX}, UPLO=L"),
)
for _body, _paths, _methods, _signature in TABLE:
    declare(_body, _signature, *_paths.split(), methods=_methods.split())

# -- decompositions ---------------------------------------------------------------------------

_TUPLES: Final[dict[str, Any]] = {
    name: return_type(name, fields)
    for name, fields in {
        "qr": "Q R",
        "svd": "U S V",
        "linalg_svd": "U S Vh",
        "eigh": "eigenvalues eigenvectors",
        "eig": "eigenvalues eigenvectors",
        "slogdet": "sign logabsdet",
    }.items()
}


@op("torch.linalg.qr")
def qr(call: Call, A: Tensor, mode: object = "reduced", *, out: object = None) -> Any:
    if mode not in ("reduced", "complete", "r"):
        return Unknown("the mode of qr is not known")
    batch, m, n = matrices(call, A)
    k = minimum(m, n) if mode == "reduced" else m
    q = Tensor((0,)) if mode == "r" else made(A, batch, m, k)
    return _TUPLES["qr"](q, made(A, batch, minimum(m, n) if mode == "r" else k, n))


@op("torch.linalg.svd")
def svd(
    call: Call,
    A: Tensor,
    full_matrices: object = True,
    *,
    driver: object = None,
    out: object = None,
) -> Any:
    if not isinstance(full_matrices, bool):
        return Unknown("full_matrices is not known")
    batch, m, n = matrices(call, A)
    k = minimum(m, n)
    left, right = (m, n) if full_matrices else (k, k)
    return _TUPLES["linalg_svd"](
        made(A, batch, m, left), made(A, batch, k), made(A, batch, right, n)
    )


@op("torch.svd")
@method("svd")
def torch_svd(
    call: Call,
    input: Tensor,
    some: object = True,
    compute_uv: object = True,
    *,
    out: object = None,
) -> Any:
    if not isinstance(some, bool):
        return Unknown("some is not known")
    batch, m, n = matrices(call, input)
    k = minimum(m, n)
    left, right = (k, k) if some and compute_uv is True else (m, n)
    parts = made(input, batch, m, left), made(input, batch, k), made(input, batch, n, right)
    return _TUPLES["svd"](*parts)


@op("torch.linalg.eigh")
def eigh(call: Call, A: Tensor, UPLO: object = "L", *, out: object = None) -> Any:
    batch, n, _ = matrices(call, A, square=True)
    return _TUPLES["eigh"](made(A, batch, n), made(A, batch, n, n))


@op("torch.linalg.eig")
def eig(call: Call, A: Tensor, *, out: object = None) -> Any:
    batch, n, _ = matrices(call, A, square=True)
    values = made(A, batch, n, dtype="complex64")
    return _TUPLES["eig"](values, made(A, batch, n, n, dtype="complex64"))


@op("torch.linalg.slogdet", "torch.slogdet")
@method("slogdet")
def slogdet(call: Call, A: Tensor, *, out: object = None) -> Any:
    return _TUPLES["slogdet"](_number(call, A), _number(call, A))


@op("torch.linalg.solve")
def solve(call: Call, A: Tensor, B: Tensor, *, left: object = True, out: object = None) -> Tensor:
    """AX = B for matrices, and for vectors where B has one axis less than A."""
    batch, n, _ = matrices(call, A, square=True)
    if left is not True or (B.rank != A.rank and B.rank != 1):
        return Tensor(Unknown("this form of solve is not modelled"))
    if B.rank == 1:
        contracting(call, n, B.sizes[0], "B")
        return made(A, batch, n)
    contracting(call, n, B.sizes[-2], "B")
    other = Tensor(B.sizes[:-2], B.axes[:-2])
    both = pointwise(call, Tensor(batch, A.axes[:-2]), other)
    return made(A, both.sizes, n, B.sizes[-1])
