"""Products of vectors, matrices and batches of matrices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from functools import reduce as fold
from typing import Final

from conv_lsp.axes import joined, lost, whole
from conv_lsp.dims import Dim, Expr, proves_unequal, unknown_size
from conv_lsp.findings import AXIS_RANGE, BROADCAST, CALL_ARGUMENTS, INPUT_RANK, MATMUL_SIZES
from conv_lsp.library.algebra import category, pointwise, promote, promote_operands, replace, show
from conv_lsp.library.arguments import LISTS, NO_INTEGERS, coerce, said
from conv_lsp.library.arithmetic import binary
from conv_lsp.library.constants import flat
from conv_lsp.library.linear import expandable
from conv_lsp.library.pointwise import in_place
from conv_lsp.library.reduction import reduced
from conv_lsp.library.registry import Call, Tensors, method, op
from conv_lsp.library.tables import declare
from conv_lsp.library.taking import FLOATING, NUMBERS, alike, one_type
from conv_lsp.values import SCATTERED, UNTYPED, Tensor, Unknown, Value


def ranked(call: Call, name: str, *wanted: tuple[Tensor, int, str]) -> None:
    """Each operand must have the rank that the function takes; `at` names the argument."""
    for tensor, rank, at in wanted:
        if tensor.rank != rank:
            call.fail(INPUT_RANK, at=at, name=f"{name}()", got=tensor.rank, want=rank)


def contracting(call: Call, a: Dim, b: Dim, at: str) -> bool:
    """Whether the sizes that a product sums over can be equal; complains if not."""
    if call.differ(MATMUL_SIZES, a, b):
        call.report(MATMUL_SIZES, at=at, a=a, b=b)
        return False
    return True


def numbers(call: Call, name: str, *operands: Tensor, at: str = "other") -> str:
    """The dtype of a product, whose operands are numbers of one dtype.

    Of batches without elements torch looks at no dtype.
    """
    if any(t.rank > 2 for t in operands) and any(0 in t.sizes for t in operands):
        return operands[0].dtype
    return one_type(call, name, NUMBERS, *operands, at=at)


@op("torch.matmul", "torch.linalg.matmul")
@method("matmul")
def matmul(call: Call, input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """(*, m, k) and (*, k, n) give (*, m, n), where * broadcasts; vectors lack m or n."""
    return multiplied(call, "matmul", input, other)


@op("operator.matmul")
def at_operator(call: Call, a: object, b: object) -> Value:
    """As `torch.matmul`."""
    return infix(call, "matmul", a, b)


@op("operator.imatmul")
@method("__matmul__")
def at_method(call: Call, a: object, b: object) -> Value:
    """As `torch.matmul`; nothing is written in place."""
    return infix(call, "matmul", a, b)


@method("__rmatmul__")
def at_reflected(call: Call, a: object, b: object) -> Value:
    """As `torch.matmul`, the operands exchanged."""
    return infix(call, "matmul", b, a)


def infix(call: Call, name: str, a: Value, b: Value) -> Value:
    """`a @ b`, where one of the two is a tensor."""
    if not isinstance(a, Tensor) and not isinstance(b, Tensor):
        return binary(call, name, a, b)
    for at, value in (("input", a), ("other", b)):
        if isinstance(value, NO_TENSORS):
            problem = f"a tensor and {said(value)} have no such operator"
            call.fail(CALL_ARGUMENTS, at=at, name=name, problem=problem)
    left, right = coerce("Tensor", a), coerce("Tensor", b)
    if not isinstance(left, Tensor) or not isinstance(right, Tensor):
        unknown = left if isinstance(left, Unknown) else right
        return Tensor(Unknown(unknown.why if isinstance(unknown, Unknown) else "no tensor"))
    return multiplied(call, name, left, right)


NO_TENSORS: Final = (bool, int, float, complex, str, bytes, list, tuple, dict, type, type(None))


def multiplied(call: Call, name: str, input: Tensor, other: Tensor, at: str = "other") -> Tensor:
    for place, operand in (("input", input), (at, other)):
        if operand.rank == 0:
            call.fail(INPUT_RANK, at=place, name=f"{name}()", got=0, want="at least 1")
    dtype = numbers(call, name, input, other, at=at)
    deep = max(-other.rank, -2)
    fits = contracting(call, input.sizes[-1], other.sizes[deep], at)
    left, right = (max(t.rank - 2, 0) for t in (input, other))
    batch = pointwise(
        call,
        Tensor(input.sizes[:left], input.axes[:left]),
        Tensor(other.sizes[:right], other.axes[:right]),
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
        tuple(shape), tuple(axes), seen=joined(input.seen, other.seen, summed), dtype=dtype
    )


@op("torch.mm")
@method("mm")
def mm(call: Call, input: Tensor, mat2: Tensor, *, out: object = None) -> Tensor:
    """(m, k) and (k, n) give (m, n)."""
    ranked(call, "mm", (input, 2, "input"), (mat2, 2, "mat2"))
    return multiplied(call, "mm", input, mat2, "mat2")


@op("torch.bmm")
@method("bmm")
def bmm(call: Call, input: Tensor, mat2: Tensor, *, out: object = None) -> Tensor:
    """(N, m, k) and (N, k, n) give (N, m, n); N does not broadcast."""
    return batched(call, "bmm", input, mat2, "input", "mat2")


def batched(call: Call, name: str, a: Tensor, b: Tensor, first: str, second: str) -> Tensor:
    ranked(call, name, (a, 3, first), (b, 3, second))
    if proves_unequal(a.sizes[0], b.sizes[0]):
        shapes = f"{show(a.shape)} and {show(b.shape)}"
        call.report(BROADCAST, at=second, a=a.sizes[0], b=b.sizes[0], dim=0, shapes=shapes)
        b = Tensor((a.sizes[0], *b.sizes[1:]), b.axes, seen=b.seen, dtype=b.dtype)
    return multiplied(call, name, a, b, second)


@op("torch.mv")
@method("mv")
def mv(call: Call, input: Tensor, vec: Tensor, *, out: object = None) -> Tensor:
    """(m, k) and (k,) give (m,)."""
    ranked(call, "mv", (input, 2, "input"), (vec, 1, "vec"))
    return multiplied(call, "mv", input, vec, "vec")


def _dot(name: str, call: Call, input: Tensor, other: Tensor) -> Tensor:
    """(n,) and (n,) give a number."""
    at = "tensor" if name == "dot" else "other"
    ranked(call, name, (input, 1, "input"), (other, 1, at))
    return multiplied(call, name, input, other, at)


for _name, _second in (("dot", "tensor"), ("vdot", "other")):
    _signature = f"input: Tensor, {_second}: Tensor"
    declare(partial(_dot, _name), _signature, f"torch.{_name}", methods=[_name])


@op("torch.inner")
@method("inner")
def inner(call: Call, input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """Summed over the last axis of both; without axes, a product of numbers."""
    if not input.rank or not other.rank:
        return pointwise(call, input, other)
    dtype = numbers(call, "inner", input, other)
    contracting(call, input.sizes[-1], other.sizes[-1], "other")
    return contracted(input, other, [input.rank - 1], [other.rank - 1], dtype)


@op("torch.outer", "torch.ger")
@method("outer", "ger")
def outer(call: Call, input: Tensor, vec2: Tensor, *, out: object = None) -> Tensor:
    """(m,) and (n,) give (m, n)."""
    ranked(call, "outer", (input, 1, "input"), (vec2, 1, "vec2"))
    return contracted(input, vec2, [], [], promote_operands((input, vec2)))


# -- with something added ---------------------------------------------------------------------

_SCALES: Final = "*, beta=1, alpha=1"
# Names | ranks of the operands | their names.
ADDED: Final[tuple[tuple[str, int, int, str, str], ...]] = (
    ("addmm", 2, 2, "mat1", "mat2"),
    ("addmv", 2, 1, "mat", "vec"),
    ("addr", 1, 1, "vec1", "vec2"),
    ("baddbmm", 3, 3, "batch1", "batch2"),
    ("addbmm", 3, 3, "batch1", "batch2"),
)


def _product(
    call: Call, name: str, row: tuple[str, int, int, str, str], a: Tensor, b: Tensor
) -> Tensor:
    word, left, right, first, second = row
    if word == "addr":
        ranked(call, name, (a, 1, first), (b, 1, second))
        return contracted(a, b, [], [], promote_operands((a, b)))
    if left == 3:
        result = batched(call, name, a, b, first, second)
        if word == "baddbmm":
            return result
        return result.like(result.sizes[1:], result.axes[1:], seen=whole(result.axes[0]))
    ranked(call, name, (a, left, first), (b, right, second))
    return multiplied(call, name, a, b, second)


def _plus(
    row: tuple[str, int, int, str, str],
    writes: str,
    call: Call,
    input: Tensor,
    a: Tensor,
    b: Tensor,
    *,
    beta: object = 1,
    alpha: object = 1,
    out_dtype: object = None,
) -> Tensor:
    """A product to which `input` is added, expanded; in place it has to have that shape."""
    name = f"{row[0]}{writes}"
    product = _product(call, name, row, a, b)
    if row[0] == "addr":
        dtype = promote(input.dtype, product.dtype)  # a number counts as much as a matrix
    else:
        dtype = alike(call, name, input, product, at="input")
    for at, scale in (("beta", beta), ("alpha", alpha)):
        wrong = isinstance(scale, float) and category(dtype) < 2
        wrong |= isinstance(scale, bool) and dtype not in ("bool", UNTYPED)
        if wrong and row[0] == "addr":
            problem = f"takes no {at} of {scale} for tensors of {dtype}"
            call.fail(CALL_ARGUMENTS, at=at, name=name, problem=problem)
    if writes and row[0] != "addbmm":  # which gives `input` another shape
        return in_place(call, name, dtype, input, product)
    expandable(call, input, product.sizes, "input")
    result = product.like(dtype=dtype)
    if writes and input.strides is not None:
        result.strides = SCATTERED
    return result


for _row in ADDED:
    _name, _, _, _a, _b = _row
    _signature = f"input: Tensor, {_a}: Tensor, {_b}: Tensor, {_SCALES}"
    declare(partial(_plus, _row, ""), _signature, f"torch.{_name}", methods=[_name])
    _paths = ["torch.addmv_"] if _name == "addmv" else []
    declare(partial(_plus, _row, "_"), _signature, *_paths, methods=[f"{_name}_"])

# -- several axes, several matrices -----------------------------------------------------------


@op("torch.chain_matmul")
def chain_matmul(call: Call, *matrices: Tensor, out: object = None) -> Tensor:
    """The product of matrices, in the order that takes least work."""
    ranked(call, "chain_matmul", *((m, 2, "matrices") for m in matrices))
    if len(matrices) == 1:
        only = matrices[0].like()
        only.strides = None
        return only
    return chained(call, "chain_matmul", matrices)


def chained(call: Call, name: str, operands: Sequence[Tensor]) -> Tensor:
    if not operands:
        call.fail(CALL_ARGUMENTS, name=name, problem="takes one tensor or more, none is given")
    return fold(lambda a, b: multiplied(call, name, a, b, "tensors"), operands)


@op("torch.linalg.multi_dot")
def multi_dot(call: Call, tensors: Tensors, *, out: object = None) -> Tensor:
    """The product of matrices; the first and the last may be vectors."""
    if len(tensors) < 2:
        problem = f"takes two tensors or more, {len(tensors)} are given"
        call.fail(CALL_ARGUMENTS, at="tensors", name="multi_dot", problem=problem)
    for i, tensor in enumerate(tensors):
        ends = i in (0, len(tensors) - 1)
        if tensor.rank != 2 and not (ends and tensor.rank == 1):
            want = "1 or 2" if ends else 2
            call.fail(INPUT_RANK, at="tensors", name="multi_dot()", got=tensor.rank, want=want)
    return chained(call, "multi_dot", tensors)


@op("torch.tensordot", "torch.functional.tensordot")
def tensordot(call: Call, a: Tensor, b: Tensor, dims: object = 2, out: object = None) -> Tensor:
    """Summed over the last `dims` axes of `a` and the first of `b`, or over a list of each."""
    if isinstance(dims, Tensor):
        dims = held(dims)
    if isinstance(dims, (int, Expr)):
        if not isinstance(dims, int):
            return Tensor(Unknown("the dims of tensordot are not known"))
        if not 0 <= dims <= min(a.rank, b.rank):
            problem = f"takes dims from 0 to {min(a.rank, b.rank)}, not {dims}"
            call.fail(CALL_ARGUMENTS, at="dims", name="tensordot", problem=problem)
        left, right = list(range(a.rank - dims, a.rank)), list(range(dims))
    else:
        pairs = _pairs(call, dims)
        if isinstance(pairs, Unknown):
            return Tensor(pairs)
        left, right = (_axes(call, t.rank, part) for t, part in zip((a, b), pairs, strict=True))
    dtype = numbers(call, "tensordot", a, b, at="b")
    for i, j in zip(left, right, strict=True):
        if a.sizes[i] != 1 and b.sizes[j] != 1:
            contracting(call, a.sizes[i], b.sizes[j], "b")
    return contracted(a, b, left, right, dtype)


def held(dims: Tensor) -> Value:
    """A tensor's numbers: one, or a row of them for each operand."""
    if dims.data is None:
        return Unknown("the dims of tensordot are not known")
    numbers = flat(dims.data)
    only = numbers[0] if len(numbers) == 1 else None
    return int(only) if isinstance(only, (int, float)) else dims.data


def _axes(call: Call, rank: int, dims: list[int]) -> list[int]:
    """Axes of an operand, each once; a number has none."""
    if dims and not rank:
        call.fail(AXIS_RANGE, at="dims", dim=dims[0], rank=0)
    found = [call.axis(rank, d, at="dims") for d in dims]
    if len({*found}) < len(found):
        problem = f"dims {dims} name a dimension twice"
        call.fail(CALL_ARGUMENTS, at="dims", name="tensordot", problem=problem)
    return found


def _pairs(call: Call, dims: object) -> tuple[list[int], list[int]] | Unknown:
    """The axes of both, each named once."""
    unknown = Unknown("the dims of tensordot are not known")
    if isinstance(dims, Unknown):
        return unknown
    if not isinstance(dims, (tuple, list)) or len(dims) != 2:
        problem = "takes an integer for dims, or a list of dimensions for each operand"
        call.fail(CALL_ARGUMENTS, at="dims", name="tensordot", problem=problem)
    found = []
    for part in dims:
        if isinstance(part, Unknown):
            return unknown
        wrong = [] if isinstance(part, LISTS) else [part]
        listed = list(part) if isinstance(part, LISTS) else []
        wrong += [d for i, d in enumerate(listed) if d.__class__ in (NO_INTEGERS, FIRST)[i == 0]]
        if wrong:
            problem = f"takes lists of integers for dims, not {said(wrong[0])}"
            call.fail(CALL_ARGUMENTS, at="dims", name="tensordot", problem=problem)
        if not all(isinstance(d, int) for d in listed):
            return unknown
        found.append(listed)
    left, right = found
    if len(left) != len(right):
        problem = f"names {len(left)} dimensions of a and {len(right)} of b"
        call.fail(CALL_ARGUMENTS, at="dims", name="tensordot", problem=problem)
    return left, right


FIRST: Final = NO_INTEGERS | {bool}
"""What the first of several integers cannot be."""


def contracted(
    a: Tensor, b: Tensor, left: Iterable[int], right: Iterable[int], dtype: str
) -> Tensor:
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
        dtype=dtype,
    )


@op("torch.linalg.vecdot")
def vecdot(call: Call, x: Tensor, y: Tensor, *, dim: int = -1, out: object = None) -> Tensor:
    """Products of vectors along an axis of the two together, which broadcast."""
    dtype = one_type(call, "vecdot", FLOATING, x, y, at="y")
    return reduced(call, pointwise(call, x, y, dtype=dtype), dim, False, name="vecdot")


@op("torch.linalg.cross")
def linalg_cross(
    call: Call, input: Tensor, other: Tensor, *, dim: int = -1, out: object = None
) -> Tensor:
    """Of vectors of three along an axis; the others broadcast."""
    return crossed(call, input, other, dim)


@op("torch.cross")
@method("cross")
def cross(
    call: Call, input: Tensor, other: Tensor, dim: int | None = None, *, out: object = None
) -> Tensor:
    """Of vectors of three along an axis, without `dim` the first of size 3."""
    if dim is None:
        dim = next((i for i, size in enumerate(input.sizes) if size == 3), None)
        if dim is None:
            if any(not isinstance(size, int) for size in input.sizes):
                return Tensor(Unknown("which axis has size 3 is not known"), dtype=input.dtype)
            problem = f"no dimension of {show(input.shape)} has size 3"
            call.fail(CALL_ARGUMENTS, at="input", name="cross", problem=problem)
    return crossed(call, input, other, dim)


def crossed(call: Call, input: Tensor, other: Tensor, dim: int) -> Tensor:
    if input.rank != other.rank:
        call.fail(INPUT_RANK, at="other", name="cross()", got=other.rank, want=input.rank)
    dtype = one_type(call, "cross", NUMBERS, input, other)
    if not input.rank:
        call.fail(INPUT_RANK, at="input", name="cross()", got=0, want="at least 1")
    axis = call.axis(input.rank, dim)
    for at, tensor in (("input", input), ("other", other)):
        if proves_unequal(tensor.sizes[axis], 3):
            problem = f"takes size 3 at dimension {dim}, not {tensor.sizes[axis]}"
            call.fail(CALL_ARGUMENTS, at=at, name="cross", problem=problem)
    both = pointwise(call, input, other, dtype=dtype)
    return replace(both, axis, both.sizes[axis], whole(both.axes[axis]))


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
        dtype=promote(input.dtype, other.dtype),
        strides=SCATTERED if rank > 1 else None,
    )
