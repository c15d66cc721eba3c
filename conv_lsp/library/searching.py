"""Where values lie among others, and what is said of sets of values."""

from __future__ import annotations

from conv_lsp.dims import Dim, maximum, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.algebra import show
from conv_lsp.library.registry import Call, method, op
from conv_lsp.library.taking import floats, takes
from conv_lsp.values import Tensor, Unknown, Value


def index_type(out_int32: object) -> str:
    return "int32" if out_int32 is True else "int64"


def places(values: object, out_int32: object) -> Tensor:
    """One place for each value."""
    if isinstance(values, Tensor):
        return values.like(values.sizes, values.axes, dtype=index_type(out_int32))
    return Tensor((), dtype=index_type(out_int32))


@op("torch.bucketize")
def bucketize(
    call: Call,
    input: Tensor,
    boundaries: Tensor,
    *,
    out_int32: object = False,
    right: object = False,
    out: object = None,
) -> Tensor:
    """The shape of the input, integers."""
    if boundaries.rank != 1:
        problem = f"takes boundaries of 1 dimension, not {boundaries.rank}"
        call.fail(CALL_ARGUMENTS, at="boundaries", name="bucketize", problem=problem)
    return places(input, out_int32)


@op("torch.searchsorted")
def searchsorted(
    call: Call,
    sorted_sequence: Tensor,
    input: Tensor,
    *,
    out_int32: object = False,
    right: object = False,
    side: object = None,
    sorter: object = None,
    out: object = None,
) -> Tensor:
    """The shape of the values, integers; all axes but the last are those of the sequence."""
    rows, values = sorted_sequence.sizes[:-1], input.sizes[:-1]
    differ = len(rows) != len(values) or any(map(proves_unequal, rows, values))
    if sorted_sequence.rank != 1 and (differ or not input.rank):
        shapes = f"a sequence of {show(sorted_sequence.shape)} and values of {show(input.shape)}"
        problem = f"takes one sequence, or one for each row; these are {shapes}"
        call.fail(CALL_ARGUMENTS, at="input", name="searchsorted", problem=problem)
    return places(input, out_int32)


@op("torch.isin")
def isin(
    call: Call,
    elements: Tensor,
    test_elements: Tensor,
    *,
    assume_unique: object = False,
    invert: object = False,
    out: object = None,
) -> Tensor:
    """The shape of the elements, truth values."""
    if elements.kind == test_elements.kind == "number":
        problem = "takes a tensor among its two arguments"
        call.fail(CALL_ARGUMENTS, at="test_elements", name="isin", problem=problem)
    takes(call, "isin", "ihf", elements.dtype, test_elements.dtype, at="elements")
    return elements.like(elements.sizes, elements.axes, dtype="bool")


@op("torch.combinations")
def combinations(call: Call, input: Tensor, r: int = 2, with_replacement: object = False) -> Tensor:
    """(n,) gives (n choose r, r)."""
    if input.rank != 1 or r < 0:
        problem = f"takes a tensor of 1 dimension, not {input.rank}, and r of 0 or more"
        call.fail(CALL_ARGUMENTS, at="input", name="combinations", problem=problem)
    if r == 0:
        return Tensor((0,), dtype=input.dtype)
    if not isinstance(with_replacement, bool):
        return Tensor(Unknown("with_replacement is not known"))
    count: Dim = input.sizes[0] + (r - 1 if with_replacement else 0)
    chosen: Dim = 1
    for at in range(r):
        chosen = chosen * (count - at) // (at + 1)
    return Tensor((maximum(chosen, 0), r), dtype=input.dtype)


@op("torch.vander")
def vander(call: Call, x: Tensor, N: object = None, increasing: object = False) -> Tensor:
    """(n,) gives (n, N), N as n unless it is given."""
    return vandermonde(call, x, N, only_vectors=True)


@op("torch.linalg.vander")
def linalg_vander(call: Call, x: Tensor, *, N: object = None) -> Tensor:
    """(*, n) gives (*, n, N), N as n unless it is given."""
    return vandermonde(call, x, N, only_vectors=False)


def vandermonde(call: Call, x: Tensor, N: Value, *, only_vectors: bool) -> Tensor:
    if not x.rank and not only_vectors and isinstance(N, int):
        x = x.like((1,), (None,))
    if not x.rank or (only_vectors and x.rank != 1):
        problem = (
            f"takes a tensor of {'1' if only_vectors else 'at least 1'} dimension, not {x.rank}"
        )
        call.fail(CALL_ARGUMENTS, at="x", name="vander", problem=problem)
    size = x.sizes[-1] if N is None else N
    if not isinstance(size, (int, type(x.sizes[-1]))):
        return Tensor(Unknown("the number of columns is not known"))
    least = 0 if only_vectors else 2
    if isinstance(size, int) and size < least:
        problem = f"N is {size}, not {least} or more"
        call.fail(CALL_ARGUMENTS, at="N", name="vander", problem=problem)
    return x.like((*x.sizes, size), (*x.axes, None))


@op("torch.cov")
@method("cov")
def cov(
    call: Call,
    input: Tensor,
    *,
    correction: object = 1,
    fweights: object = None,
    aweights: object = None,
) -> Tensor:
    """(n, m) gives (n, n); (m,) gives a number."""
    return covariance(call, input, "cov")


@op("torch.corrcoef")
@method("corrcoef")
def corrcoef(call: Call, input: Tensor) -> Tensor:
    """(n, m) gives (n, n); (m,) gives a number."""
    return covariance(call, input, "corrcoef")


def covariance(call: Call, input: Tensor, name: str) -> Tensor:
    if input.rank > 2:
        problem = f"takes a tensor of at most 2 dimensions, not {input.rank}"
        call.fail(CALL_ARGUMENTS, at="input", name=name, problem=problem)
    if input.dtype == "bool":
        call.fail(CALL_ARGUMENTS, at="input", name=name, problem="takes no tensor of bool")
    size = input.sizes[:1] if input.rank == 2 else ()
    return Tensor((*size, *size), dtype=floats(input.dtype))
