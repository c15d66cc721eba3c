"""Systems of equations, for batches of matrices."""

from __future__ import annotations

from typing import Any, Final

from conv_lsp.dims import equal, minimum, proves_unequal
from conv_lsp.findings import INPUT_RANK, MATMUL_SIZES
from conv_lsp.library.algebra import broadcast_shapes
from conv_lsp.library.linalg import MATRIX, declared, made, matrices
from conv_lsp.library.registry import Call
from conv_lsp.library.tables import return_type
from conv_lsp.library.taking import alike
from conv_lsp.values import Shape, Tensor, Unknown, Value


def matching(call: Call, a: object, b: object) -> None:
    """Complain where the rows of two matrices are not as many."""
    if proves_unequal(a, b):  # type: ignore[arg-type]
        call.report(MATMUL_SIZES, at="B", a=a, b=b)


def is_vector(A: Tensor, B: Tensor) -> bool | None:
    """Whether torch takes B for a batch of vectors: it has the batch of A and one axis.

    None where that depends on sizes that are not known.
    """
    if B.rank == 1:
        return True
    if B.rank != A.rank - 1:
        return False
    same = [equal(x, y) for x, y in zip(A.sizes[:-1], B.sizes, strict=True)]
    return False if False in same else None if None in same else True


def _solve(name: str, call: Call, A: Tensor, B: Tensor, left: Value = True, **more: Value) -> Any:
    """AX = B for matrices (*, n, k), and for vectors (*, n) where B has one axis less than A."""
    if not isinstance(left, bool):
        return Tensor(Unknown("left is not known"))
    batch, n, _ = matrices(call, name, A, square=True)
    alike(call, name, A, B, at="B")
    vector = is_vector(A, B)
    if vector is None:
        return Tensor(Unknown("whether B holds vectors or matrices is not known"), dtype=A.dtype)
    if vector:
        if not left:
            call.fail(INPUT_RANK, at="B", name=f"{name}()", got=B.rank, want=f"{A.rank}")
        matching(call, n, B.sizes[-1])
        front: Shape = broadcast_shapes(call, batch, B.sizes[:-1])
        return made(A, front, n)
    matching(call, n, B.sizes[-2 if left else -1])
    return made(A, broadcast_shapes(call, batch, B.sizes[:-2]), *B.sizes[-2:])


SOLVED: Final = return_type("solve_ex", "result info")


def _solve_ex(name: str, call: Call, A: Tensor, B: Tensor, **more: Value) -> Any:
    """As solve, with (*) integers, one for each matrix A."""
    result = _solve(name, call, A, B, more.get("left", True))
    if not isinstance(result, Tensor) or not result.known:
        return Unknown("a solution that is not known")
    return SOLVED(result, made(A, A.sizes[:-2], dtype="int32"))


def _triangular(
    name: str, call: Call, A: Tensor, B: Tensor, *, left: Value = True, **more: Value
) -> Any:
    """AX = B for a triangle A (*, n, n) and B (*, n, k)."""
    if not isinstance(left, bool):
        return Tensor(Unknown("left is not known"))
    batch, n, _ = matrices(call, name, A, square=True)
    if B.rank < 2:
        call.fail(INPUT_RANK, at="B", name=f"{name}()", got=B.rank, want="at least 2")
    alike(call, name, A, B, at="B")
    matching(call, n, B.sizes[-2 if left else -1])
    return made(A, broadcast_shapes(call, batch, B.sizes[:-2]), *B.sizes[-2:])


def _cholesky_solve(name: str, call: Call, input: Tensor, input2: Tensor, *args: Value) -> Any:
    """B (*, n, k) for a factor (*, n, n) gives (*, n, k)."""
    return _triangular(name, call, input2, input)


TRIANGULAR: Final = return_type("triangular_solve", "solution cloned_coefficient")


def _triangular_solve(name: str, call: Call, input: Tensor, A: Tensor, *args: Value) -> Any:
    """B (*, n, k) for a triangle (*, n, n) gives (*, n, k), and the triangle."""
    result = _triangular(name, call, A, input)
    front = result.sizes[:-2]
    return TRIANGULAR(result, made(A, front, *A.sizes[-2:]))


LEAST: Final = return_type("lstsq", "solution residuals rank singular_values")


def _lstsq(
    name: str, call: Call, input: Tensor, b: Tensor, rcond: Value = None, *, driver: Value = None
) -> Any:
    """(*, m, n) and (*, m, k) give a solution (*, n, k); the rest depends on the driver."""
    batch, m, n = matrices(call, name, input)
    alike(call, name, input, b, at="b")
    if not 1 <= b.rank <= input.rank or input.rank - b.rank > 1:
        want = f"{input.rank - 1} or {input.rank}"
        call.fail(INPUT_RANK, at="b", name=f"{name}()", got=b.rank, want=want)
    vector = b.rank == input.rank - 1
    columns: Shape = () if vector else b.sizes[-1:]
    rows = b.sizes[-1] if vector else b.sizes[-2]
    matching(call, m, rows)
    front = broadcast_shapes(call, batch, b.sizes[:-1] if vector else b.sizes[:-2])
    unknown = Tensor(Unknown("depends on the driver and on the rank"), dtype=input.dtype)
    return LEAST(made(input, front, n, *columns), unknown, unknown, unknown)


def _lu_solve(name: str, call: Call, LU: Tensor, pivots: Tensor, B: Tensor, **more: Value) -> Any:
    """Factors (*, n, n), pivots (*, n) and B (*, n, k) give (*, n, k)."""
    return _triangular(name, call, LU, B, left=more.get("left", True))


def _torch_lu_solve(
    name: str, call: Call, input: Tensor, LU_data: Tensor, LU_pivots: Tensor
) -> Any:
    """B (*, n, k), factors (*, n, n) and pivots (*, n) give (*, n, k)."""
    return _triangular(name, call, LU_data, input)


def _ldl_solve(name: str, call: Call, LD: Tensor, pivots: Tensor, B: Tensor, **more: Value) -> Any:
    """Factors (*, n, n), pivots (*, n) and B (*, n, k) give (*, n, k)."""
    return _triangular(name, call, LD, B)


def _householder(name: str, call: Call, A: Tensor, tau: Tensor) -> Any:
    """(*, m, n) and (*, k) give (*, m, n)."""
    batch, m, n = matrices(call, name, A)
    if proves_unequal(minimum(m, n), n) or tau.rank != A.rank - 1:
        call.report(MATMUL_SIZES, at="A", a=m, b=n)
    return made(A, batch, m, n)


declared(
    (
        (_solve, "torch.linalg.solve", "", f"{MATRIX}, B: Tensor, *, left=True"),
        (
            _triangular,
            "torch.linalg.solve_triangular",
            "",
            f"{MATRIX}, B: Tensor, *, upper, left=True, unitriangular=False",
        ),
        (
            _cholesky_solve,
            "torch.cholesky_solve",
            "cholesky_solve",
            "input: Tensor, input2: Tensor, upper=False",
        ),
        (
            _lu_solve,
            "torch.linalg.lu_solve",
            "",
            "LU: Tensor, pivots: Tensor, B: Tensor, *, left=True, adjoint=False",
        ),
        (
            _torch_lu_solve,
            "torch.lu_solve",
            "lu_solve",
            "input: Tensor, LU_data: Tensor, LU_pivots: Tensor",
        ),
        (
            _ldl_solve,
            "torch.linalg.ldl_solve",
            "",
            "LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian=False",
        ),
        (_householder, "torch.linalg.householder_product", "", f"{MATRIX}, tau: Tensor"),
        (_householder, "torch.orgqr", "orgqr", "input: Tensor, input2: Tensor"),
    )
)
declared(
    (
        (
            _solve_ex,
            "torch.linalg.solve_ex",
            "",
            f"{MATRIX}, B: Tensor, *, left=True, check_errors=False",
        ),
        (
            _triangular_solve,
            "torch.triangular_solve",
            "triangular_solve",
            "input: Tensor, A: Tensor, upper=True, transpose=False, unitriangular=False",
        ),
        (_lstsq, "torch.linalg.lstsq", "", "input: Tensor, b: Tensor, rcond=None, *, driver=None"),
    ),
    returns="tuple",
)
