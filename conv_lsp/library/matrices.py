"""Products of vectors, matrices and batches of matrices."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce as fold
from typing import Final

from conv_lsp.axes import joined, lost, whole
from conv_lsp.dims import Dim, proves_unequal, unknown_size
from conv_lsp.findings import BROADCAST, CALL_ARGUMENTS, INPUT_RANK, MATMUL_SIZES
from conv_lsp.library.algebra import pointwise, promote_operands, show
from conv_lsp.library.linear import expandable
from conv_lsp.library.registry import Call, Tensors, method, op
from conv_lsp.library.tables import declare
from conv_lsp.values import SCATTERED, Tensor, Unknown


def ranked(call: Call, name: str, *wanted: tuple[Tensor, int, str]) -> None:
    """Each operand must have the rank that the function takes; `at` names the argument."""
    for tensor, rank, at in wanted:
        if tensor.rank != rank:
            call.fail(INPUT_RANK, at=at, name=f"{name}()", got=tensor.rank, want=rank)


def contracting(call: Call, a: Dim, b: Dim, at: str) -> bool:
    """Whether the sizes that a product sums over can be equal; complains if not."""
    if proves_unequal(a, b):
        call.report(MATMUL_SIZES, at=at, a=a, b=b)
        return False
    return True


@op("torch.matmul", "torch.linalg.matmul", "operator.matmul")
@method("matmul", "__matmul__")
def matmul(call: Call, input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """Over the last axis of `input` and the last but one of `other`; those before broadcast."""
    for at, operand in (("input", input), ("other", other)):
        if operand.rank == 0:
            call.fail(INPUT_RANK, at=at, name="matmul()", got=0, want="at least 1")
    deep = max(-other.rank, -2)
    fits = contracting(call, input.sizes[-1], other.sizes[deep], "other")
    left, right = (max(t.rank - 2, 0) for t in (input, other))
    batch = pointwise(
        call,
        Tensor(input.sizes[:left], input.axes[:left], dtype=input.dtype),
        Tensor(other.sizes[:right], other.axes[:right], dtype=other.dtype),
    )
    shape, axes = list(batch.sizes), list(batch.axes)
    if input.rank > 1:
        shape.append(input.sizes[-2])
        axes.append(input.axes[-2])
    if other.rank > 1:
        # Of a product that does not fit, often for want of a transpose, this size says nothing.
        shape.append(other.sizes[-1] if fits else unknown_size())
        axes.append(other.axes[-1])
    summed = whole(input.axes[-1], other.axes[deep])
    return Tensor(
        tuple(shape),
        tuple(axes),
        seen=joined(input.seen, other.seen, summed),
        dtype=promote_operands((input, other)),
    )


@op("torch.mm")
@method("mm")
def mm(call: Call, input: Tensor, mat2: Tensor, *, out: object = None) -> Tensor:
    ranked(call, "mm", (input, 2, "input"), (mat2, 2, "mat2"))
    return matmul(call, input, mat2)


@op("torch.bmm")
@method("bmm")
def bmm(call: Call, input: Tensor, mat2: Tensor, *, out: object = None) -> Tensor:
    """Batches of matrices; the number of batches does not broadcast."""
    ranked(call, "bmm", (input, 3, "input"), (mat2, 3, "mat2"))
    a, b = input.sizes[0], mat2.sizes[0]
    if proves_unequal(a, b):
        shapes = f"{show(input.shape)} and {show(mat2.shape)}"
        call.report(BROADCAST, at="mat2", a=a, b=b, dim=0, shapes=shapes)
        mat2 = Tensor((a, *mat2.sizes[1:]), mat2.axes, seen=mat2.seen, dtype=mat2.dtype)
    return matmul(call, input, mat2)


@op("torch.mv")
@method("mv")
def mv(call: Call, input: Tensor, vec: Tensor, *, out: object = None) -> Tensor:
    ranked(call, "mv", (input, 2, "input"), (vec, 1, "vec"))
    return matmul(call, input, vec)


@op("torch.dot", "torch.vdot")
@method("dot", "vdot")
def dot(call: Call, input: Tensor, tensor: Tensor, *, out: object = None) -> Tensor:
    ranked(call, "dot", (input, 1, "input"), (tensor, 1, "tensor"))
    return matmul(call, input, tensor)


@op("torch.inner")
@method("inner")
def inner(call: Call, input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    if not input.rank or not other.rank:
        return pointwise(call, input, other)
    return tensordot(call, input, other, ([-1], [-1]))


@op("torch.outer", "torch.ger")
@method("outer", "ger")
def outer(call: Call, input: Tensor, vec2: Tensor, *, out: object = None) -> Tensor:
    ranked(call, "outer", (input, 1, "input"), (vec2, 1, "vec2"))
    return tensordot(call, input, vec2, 0)


# -- with something added ---------------------------------------------------------------------

_SCALES: Final = "*, beta=1, alpha=1"


def _added(call: Call, input: Tensor, product: Tensor) -> Tensor:
    expandable(call, input, product.sizes, "input")
    return product


def _addmm(call: Call, input: Tensor, a: Tensor, b: Tensor, **scales: object) -> Tensor:
    ranked(call, "addmm", (a, 2, "mat1"), (b, 2, "mat2"))
    return _added(call, input, matmul(call, a, b))


def _addmv(call: Call, input: Tensor, a: Tensor, b: Tensor, **scales: object) -> Tensor:
    ranked(call, "addmv", (a, 2, "mat"), (b, 1, "vec"))
    return _added(call, input, matmul(call, a, b))


def _addr(call: Call, input: Tensor, a: Tensor, b: Tensor, **scales: object) -> Tensor:
    return _added(call, input, outer(call, a, b))


def _baddbmm(call: Call, input: Tensor, a: Tensor, b: Tensor, **scales: object) -> Tensor:
    return _added(call, input, bmm(call, a, b))


def _addbmm(call: Call, input: Tensor, a: Tensor, b: Tensor, **scales: object) -> Tensor:
    """The products of all batches, summed."""
    result = bmm(call, a, b)
    total = result.like(result.sizes[1:], result.axes[1:], seen=whole(result.axes[0]))
    return _added(call, input, total)


for _name, _body, _operands in (
    ("addmm", _addmm, "mat1: Tensor, mat2: Tensor"),
    ("addmv", _addmv, "mat: Tensor, vec: Tensor"),
    ("addr", _addr, "vec1: Tensor, vec2: Tensor"),
    ("baddbmm", _baddbmm, "batch1: Tensor, batch2: Tensor"),
    ("addbmm", _addbmm, "batch1: Tensor, batch2: Tensor"),
):
    _signature = f"input: Tensor, {_operands}, {_SCALES}"
    declare(_body, _signature, f"torch.{_name}", methods=[_name, f"{_name}_"])

# -- several axes, several matrices -----------------------------------------------------------


@op("torch.chain_matmul")
def chain_matmul(call: Call, *matrices: Tensor, out: object = None) -> Tensor:
    ranked(call, "chain_matmul", *((m, 2, "matrices") for m in matrices))
    return fold(lambda a, b: matmul(call, a, b), matrices)


@op("torch.linalg.multi_dot")
def multi_dot(call: Call, tensors: Tensors, *, out: object = None) -> Tensor:
    return fold(lambda a, b: matmul(call, a, b), tensors)


@op("torch.tensordot")
def tensordot(call: Call, a: Tensor, b: Tensor, dims: object = 2, out: object = None) -> Tensor:
    """Summed over the last `dims` axes of `a` and the first of `b`, or over a list of each."""
    if isinstance(dims, int):
        if not 0 <= dims <= min(a.rank, b.rank):
            problem = f"takes dims from 0 to {min(a.rank, b.rank)}, not {dims}"
            call.fail(CALL_ARGUMENTS, at="dims", name="tensordot", problem=problem)
        left, right = list(range(a.rank - dims, a.rank)), list(range(dims))
    else:
        pairs = _pairs(dims)
        if isinstance(pairs, Unknown):
            return Tensor(pairs)
        left = [call.axis(a.rank, d, at="dims") for d in pairs[0]]
        right = [call.axis(b.rank, d, at="dims") for d in pairs[1]]
    for i, j in zip(left, right, strict=False):
        if a.sizes[i] != 1 and b.sizes[j] != 1:
            contracting(call, a.sizes[i], b.sizes[j], "b")
    return contracted(a, b, left, right)


def _pairs(dims: object) -> tuple[list[int], list[int]] | Unknown:
    if isinstance(dims, (tuple, list)) and len(dims) == 2:
        left, right = ([d] if isinstance(d, int) else d for d in dims)
        if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
            if all(isinstance(d, int) for d in (*left, *right)):
                return list(left), list(right)
    return Unknown("the dims of tensordot are not known")


def contracted(a: Tensor, b: Tensor, left: Iterable[int], right: Iterable[int]) -> Tensor:
    """The axes of both that are not summed over."""
    gone = set(left), set(right)
    kept = [
        (t, i) for t, axes in zip((a, b), gone, strict=True) for i in range(t.rank) if i not in axes
    ]
    summed = [t.axes[i] for t, axes in zip((a, b), gone, strict=True) for i in sorted(axes)]
    return Tensor(
        tuple(t.sizes[i] for t, i in kept),
        tuple(t.axes[i] for t, i in kept),
        seen=joined(a.seen, b.seen, whole(*summed)),
        dtype=promote_operands((a, b)),
    )


@op("torch.kron")
@method("kron")
def kron(call: Call, input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """Axis by axis the sizes multiply; the one with fewer axes gets axes of size 1 in front."""
    rank = max(input.rank, other.rank)
    shapes = [(1,) * (rank - t.rank) + t.sizes for t in (input, other)]
    links = [(None,) * (rank - t.rank) + t.axes for t in (input, other)]
    return Tensor(
        tuple(a * b for a, b in zip(*shapes, strict=True)),
        tuple(lost(a, b) for a, b in zip(*links, strict=True)),
        seen=joined(input.seen, other.seen),
        dtype=promote_operands((input, other)),
        strides=None if input.strides is None and other.strides is None else SCATTERED,
    )
