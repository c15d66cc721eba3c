"""Inverses and decompositions of batches of matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from conv_lsp.axes import Axis, joined, whole
from conv_lsp.dims import Dim, minimum, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import COMPLEX, PARTS, show
from conv_lsp.library.raising import always_raises
from conv_lsp.library.registry import Call
from conv_lsp.library.tables import Body, declare, return_type
from conv_lsp.library.taking import ALL, takes
from conv_lsp.values import MISSING, SCATTERED, Shape, Tensor, Unknown, Value

Made = Callable[..., Any]
MATRIX: Final = "input: Tensor"
BY_LETTER: Final = frozenset(
    "det inv inv_ex lu lu_factor lu_factor_ex qr slogdet solve solve_ex svd svdvals".split()
)
"""The functions of torch.linalg whose matrix is the argument `A`."""
NO_ELEMENTS: Final = {
    **dict.fromkeys("cholesky cholesky_ex det svd svdvals ldl_factor ldl_factor_ex".split(), "hfc"),
    **dict.fromkeys("solve solve_ex lu_solve ldl_solve".split(), "hfc"),
    **dict.fromkeys("eigh eigvalsh lu lu_factor lu_factor_ex".split(), ALL),
}
"""What is taken of matrices without elements, of which torch has nothing to compute."""


def bare(A: Tensor) -> bool:
    """Whether it has no elements, for all that is known."""
    return not all(proves_unequal(size, 0) for size in A.sizes)


def matrices(
    call: Call, name: str, A: Tensor, *, square: bool = False, letters: str = ""
) -> tuple[Shape, Dim, Dim]:
    """The batch, the rows and the columns; complains about what is no (square) matrix of numbers."""
    at = "A" if "A" in call.arguments else "input"
    if A.rank < 2:
        call.fail(INPUT_RANK, at=at, name=f"{name}()", got=A.rank, want="at least 2")
    usual = NO_ELEMENTS.get(name, "fc") if bare(A) else "fc"
    takes(call, name, letters or usual, A.dtype, at=at)
    *batch, rows, columns = A.sizes
    if square and proves_unequal(rows, columns):
        error = f"RuntimeError: {name}() takes square matrices, not {show(A.sizes)}"
        call.report(always_raises("RuntimeError"), at=at, error=error)
    return tuple(batch), rows, columns


def made(A: Tensor, batch: Shape, *sizes: Dim, dtype: str = "") -> Tensor:
    """A result of which every element depends on its whole matrix."""
    seen = whole(*A.axes[-2:])
    axes: tuple[Axis | None, ...] = (*A.axes[: len(batch)], *(None for _ in sizes))
    # LAPACK works column by column, and what torch then gives is not said.
    return Tensor(
        (*batch, *sizes),
        (*(None for _ in batch), *axes[len(batch) :])
        if len(axes) != len(batch) + len(sizes)
        else axes,
        seen=joined(A.seen, seen),
        dtype=dtype or A.dtype,
        strides=SCATTERED if len(sizes) > 1 or batch else None,
    )


def real(dtype: str) -> str:
    """The dtype of magnitudes: that of the parts of complex numbers."""
    return PARTS.get(dtype, dtype)


# -- one result --------------------------------------------------------------------------------


def _square(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    """(*, n, n) gives (*, n, n)."""
    batch, rows, columns = matrices(call, name, A, square=True)
    return made(A, batch, rows, columns)


def _exponential(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    """(*, n, n) gives (*, n, n), of products alone."""
    batch, rows, columns = matrices(call, name, A, square=True, letters="hfc")
    return made(A, batch, rows, columns)


def _older_cholesky(name: str, call: Call, input: Tensor, *args: Value, **more: Value) -> Tensor:
    """(*, n, n) gives (*, n, n); without elements, before any look at them."""
    empty = bare(input)
    letters = ALL if empty else ""
    batch, rows, columns = matrices(call, name, input, square=not empty, letters=letters)
    return made(input, batch, rows, columns)


def _number(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    """(*, n, n) gives (*)."""
    batch, _, _ = matrices(call, name, A, square=True)
    return made(A, batch)


def _hermitian(A: Tensor, args: Sequence[Value], more: Mapping[str, Value]) -> bool:
    """Whether the matrices have to be square: of those without elements nothing is asked."""
    return not bare(A) and (True in args[1:] or more.get("hermitian") is True)


def _rank(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    """(*, m, n) gives (*), integers."""
    # A tolerance of one's own is not compared with that of the type.
    letters = ALL if args[0] is not MISSING and bare(A) else ""
    square = _hermitian(A, args, more)
    batch, _, _ = matrices(call, name, A, square=square, letters=letters)
    return made(A, batch, dtype="int64")


def _pinv(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    """(*, m, n) gives (*, n, m)."""
    batch, rows, columns = matrices(call, name, A, square=_hermitian(A, args, more))
    return made(A, batch, columns, rows)


def _singular_values(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    """(*, m, n) gives (*, min(m, n))."""
    batch, rows, columns = matrices(call, name, A)
    return made(A, batch, minimum(rows, columns), dtype=real(A.dtype))


def _triangle(call: Call, name: str, UPLO: Value) -> None:
    """Complain about another letter than those of the two triangles."""
    if isinstance(UPLO, str) and UPLO.upper() not in ("U", "L"):
        problem = f"UPLO is 'L' or 'U', not {UPLO!r}"
        call.fail(CALL_ARGUMENTS, at="UPLO", name=name, problem=problem)


def _eigenvalues(name: str, call: Call, A: Tensor, UPLO: Value, **more: Value) -> Tensor:
    """(*, n, n) gives (*, n), real numbers."""
    _triangle(call, name, UPLO)
    batch, rows, _ = matrices(call, name, A, square=True)
    return made(A, batch, rows, dtype=real(A.dtype))


def _eigvals(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Tensor:
    """(*, n, n) gives (*, n), complex numbers."""
    batch, rows, _ = matrices(call, name, A, square=True)
    return made(A, batch, rows, dtype=COMPLEX.get(A.dtype, A.dtype))


def _power(name: str, call: Call, A: Tensor, n: int) -> Tensor:
    """(*, n, n) gives (*, n, n)."""
    # A negative power is one of the inverse, which integers do not have.
    products = "ihfc" if n > 1 and not bare(A) else ALL
    letters = "fc" if n < 0 else products
    batch, rows, columns = matrices(call, name, A, square=True, letters=letters)
    return made(A, batch, rows, columns)


# Body | functions | methods | parameters.
RESULTS: Final[tuple[tuple[Made, str, str, str], ...]] = (
    (_square, "torch.linalg.inv torch.inverse", "inverse", MATRIX),
    (_exponential, "torch.linalg.matrix_exp torch.matrix_exp", "matrix_exp", MATRIX),
    (_square, "torch.linalg.cholesky", "", f"{MATRIX}, *, upper=False"),
    (_older_cholesky, "torch.cholesky", "cholesky", "input: Tensor, upper=False"),
    (_square, "torch.cholesky_inverse", "cholesky_inverse", "input: Tensor, upper=False"),
    (_power, "torch.linalg.matrix_power torch.matrix_power", "matrix_power", f"{MATRIX}, n: int"),
    (_number, "torch.linalg.det torch.det", "det", MATRIX),
    (_number, "torch.logdet", "logdet", "input: Tensor"),
    (_pinv, "torch.pinverse", "pinverse", "input: Tensor, rcond=1e-15"),
    (_singular_values, "torch.linalg.svdvals", "", f"{MATRIX}, *, driver=None"),
    (_eigenvalues, "torch.linalg.eigvalsh", "", f"{MATRIX}, UPLO=L"),
    (_eigvals, "torch.linalg.eigvals", "", MATRIX),
    (
        _rank,
        "torch.linalg.matrix_rank",
        "",
        f"{MATRIX}, tol=ABSENT, hermitian=False, *, atol=None, rtol=None",
    ),
    (
        _pinv,
        "torch.linalg.pinv",
        "",
        f"{MATRIX}, rcond=ABSENT, hermitian=False, *, atol=None, rtol=None",
    ),
)


def declared(rows: tuple[tuple[Made, str, str, str], ...], returns: str = "Tensor") -> None:
    """Rules of a table; what torch.linalg calls `A` is `input` in torch, and in a method."""
    for body, paths, methods, signature in rows:
        name = paths.split()[0].rpartition(".")[2]
        bound: Body = partial(body, name)
        bound.__doc__, bound.__module__ = body.__doc__, __name__
        for path in paths.split():
            lettered = path.startswith("torch.linalg.") and name in BY_LETTER
            full = signature.replace("input:", "A:") if lettered else signature
            declare(bound, full, path, returns=returns)
        declare(bound, signature, methods=methods.split(), returns=returns)


declared(RESULTS)

# -- several results ---------------------------------------------------------------------------

TUPLES: Final[dict[str, Any]] = {
    name: return_type(name, fields)
    for name, fields in {
        "qr": "Q R",
        "svd": "U S V",
        "linalg_svd": "U S Vh",
        "eig": "eigenvalues eigenvectors",
        "slogdet": "sign logabsdet",
        "cholesky_ex": "L info",
        "inv_ex": "inverse info",
        "ldl_factor": "LD pivots",
        "ldl_factor_ex": "LD pivots info",
        "lu": "P L U",
        "lu_factor": "LU pivots",
        "lu_factor_ex": "LU pivots info",
        "geqrf": "a tau",
    }.items()
}


def _qr(name: str, call: Call, A: Tensor, mode: Value = "reduced", **more: Value) -> Any:
    """(*, m, n) gives (*, m, k) and (*, k, n), k the smaller; with mode "complete" k is m."""
    if name == "qr" and isinstance(mode, bool):  # torch.qr(input, some)
        mode = "reduced" if mode else "complete"
    if isinstance(mode, Unknown):
        return Unknown("the mode of qr is not known")
    if mode not in ("reduced", "complete", "r"):
        problem = f"mode is 'reduced', 'complete' or 'r', not {mode!r}"
        call.fail(CALL_ARGUMENTS, at="mode", name=name, problem=problem)
    batch, m, n = matrices(call, name, A)
    k = m if mode == "complete" else minimum(m, n)
    q = Tensor((0,), dtype=A.dtype) if mode == "r" else made(A, batch, m, k)
    return TUPLES["qr"](q, made(A, batch, k, n))


def _svd(name: str, call: Call, A: Tensor, full_matrices: Value = True, **more: Value) -> Any:
    """(*, m, n) gives U (*, m, m), S (*, k) and Vh (*, n, n), k the smaller of both."""
    if not isinstance(full_matrices, bool):
        return Unknown("full_matrices is not known")
    batch, m, n = matrices(call, name, A)
    k = minimum(m, n)
    left, right = (m, n) if full_matrices else (k, k)
    singular = made(A, batch, k, dtype=real(A.dtype))
    return TUPLES["linalg_svd"](made(A, batch, m, left), singular, made(A, batch, right, n))


def _torch_svd(
    name: str,
    call: Call,
    input: Tensor,
    some: Value = True,
    compute_uv: Value = True,
    **more: Value,
) -> Any:
    """(*, m, n) gives U (*, m, k), S (*, k) and V (*, n, k), k the smaller of both."""
    if not isinstance(some, bool) or not isinstance(compute_uv, bool):
        return Unknown("some is not known")
    batch, m, n = matrices(call, name, input)
    k = minimum(m, n)
    left, right = (k, k) if some and compute_uv else (m, n)
    singular = made(input, batch, k, dtype=real(input.dtype))
    return TUPLES["svd"](made(input, batch, m, left), singular, made(input, batch, n, right))


def _eigh(name: str, call: Call, A: Tensor, UPLO: Value, **more: Value) -> Any:
    """(*, n, n) gives (*, n), real numbers, and (*, n, n)."""
    _triangle(call, name, UPLO)
    batch, n, _ = matrices(call, name, A, square=True)
    return TUPLES["eig"](made(A, batch, n, dtype=real(A.dtype)), made(A, batch, n, n))


def _eig(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Any:
    """(*, n, n) gives (*, n) and (*, n, n), complex numbers."""
    batch, n, _ = matrices(call, name, A, square=True)
    kind = COMPLEX.get(A.dtype, A.dtype)
    return TUPLES["eig"](made(A, batch, n, dtype=kind), made(A, batch, n, n, dtype=kind))


def _slogdet(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Any:
    """(*, n, n) gives the sign (*) and the logarithm of the size (*)."""
    batch, _, _ = matrices(call, name, A, square=True)
    return TUPLES["slogdet"](made(A, batch), made(A, batch, dtype=real(A.dtype)))


def _with_info(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Any:
    """(*, n, n) gives (*, n, n) and (*), integers."""
    batch, n, _ = matrices(call, name, A, square=True)
    return TUPLES[name](made(A, batch, n, n), made(A, batch, dtype="int32"))


def _ldl(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Any:
    """(*, n, n) gives (*, n, n) and (*, n), integers."""
    batch, n, _ = matrices(call, name, A, square=True)
    parts = [made(A, batch, n, n), made(A, batch, n, dtype="int32")]
    info = [made(A, batch, dtype="int32")] if name.endswith("ex") else []
    return TUPLES[name](*parts, *info)


def _lu(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Any:
    """(*, m, n) gives P (*, m, m), L (*, m, k) and U (*, k, n), k the smaller of both."""
    batch, m, n = matrices(call, name, A)
    k = minimum(m, n)
    pivot = more.get("pivot", True)
    if not isinstance(pivot, bool):
        return Unknown("pivot is not known")
    p = made(A, batch, m, m) if pivot else Tensor((0,), dtype=A.dtype)
    return TUPLES["lu"](p, made(A, batch, m, k), made(A, batch, k, n))


def _lu_factor(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Any:
    """(*, m, n) gives (*, m, n) and (*, k), k the smaller of both."""
    batch, m, n = matrices(call, name, A)
    parts = [made(A, batch, m, n), made(A, batch, minimum(m, n), dtype="int32")]
    info = [made(A, batch, dtype="int32")] if name.endswith("ex") else []
    return TUPLES[name](*parts, *info)


def _geqrf(name: str, call: Call, A: Tensor, *args: Value, **more: Value) -> Any:
    """(*, m, n) gives (*, m, n) and (*, k), k the smaller of both."""
    batch, m, n = matrices(call, name, A)
    return TUPLES["geqrf"](made(A, batch, m, n), made(A, batch, minimum(m, n)))


declared(
    (
        (_qr, "torch.linalg.qr", "", f"{MATRIX}, mode=reduced"),
        (_qr, "torch.qr", "qr", "input: Tensor, some=True"),
        (_svd, "torch.linalg.svd", "", f"{MATRIX}, full_matrices=True, *, driver=None"),
        (_torch_svd, "torch.svd", "svd", "input: Tensor, some=True, compute_uv=True"),
        (_eigh, "torch.linalg.eigh", "", f"{MATRIX}, UPLO=L"),
        (_eig, "torch.linalg.eig", "", MATRIX),
        (_slogdet, "torch.linalg.slogdet", "", MATRIX),
        (_slogdet, "torch.slogdet", "slogdet", "input: Tensor"),
        (
            _with_info,
            "torch.linalg.cholesky_ex",
            "",
            f"{MATRIX}, *, upper=False, check_errors=False",
        ),
        (_with_info, "torch.linalg.inv_ex", "", f"{MATRIX}, *, check_errors=False"),
        (_ldl, "torch.linalg.ldl_factor", "", f"{MATRIX}, *, hermitian=False"),
        (
            _ldl,
            "torch.linalg.ldl_factor_ex",
            "",
            f"{MATRIX}, *, hermitian=False, check_errors=False",
        ),
        (_lu, "torch.linalg.lu", "", f"{MATRIX}, *, pivot=True"),
        (_lu_factor, "torch.linalg.lu_factor", "", f"{MATRIX}, *, pivot=True"),
        (
            _lu_factor,
            "torch.linalg.lu_factor_ex",
            "",
            f"{MATRIX}, *, pivot=True, check_errors=False",
        ),
        (_geqrf, "torch.geqrf", "geqrf", "input: Tensor"),
    ),
    returns="tuple",
)
