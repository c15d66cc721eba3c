"""The verbs that the rules share. Only these make and follow the links of tensor axes."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.axes import Axis, joined, slid, whole
from conv_lsp.dims import Dim, equal, maximum, product, proves_unequal, unknown_size
from conv_lsp.findings import RULES
from conv_lsp.library.layout import elementwise
from conv_lsp.library.registry import Call
from conv_lsp.values import Shape, Tensor, Unknown
from conv_lsp.windows import Expand

FLOATS = (
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "complex64",
)


def promote(*dtypes: str) -> str:
    """The dtype of a result of several operands (0-d subtleties apart)."""
    known = [d for d in dtypes if d in FLOATS]
    return max(known, key=FLOATS.index) if known else "float32"


def is_floating(dtype: str) -> bool:
    """Whether a dtype is a floating point one."""
    return dtype not in FLOATS[:6]


def broadcast_shapes(call: Call, *shapes: Shape) -> Shape:
    """The common shape by torch's broadcasting rules; complains with broadcast where there is none."""
    rank = max(map(len, shapes))
    result: list[Dim] = []
    for back in range(rank, 0, -1):
        size: Dim = 1
        for shape in shapes:
            if len(shape) < back:
                continue
            other = shape[-back]
            if other == 1 or other == size:
                continue
            if size == 1:
                size = other
            elif (
                proves_unequal(size, other) and proves_unequal(other, 1) and proves_unequal(size, 1)
            ):
                together = " and ".join(map(show, shapes))
                call.report(RULES["broadcast"], a=size, b=other, dim=rank - back, shapes=together)
            else:
                size = wider(size, other)
        result.append(size)
    return tuple(result)


def wider(a: Dim, b: Dim) -> Dim:
    """The size of two that must agree or be 1, when neither is certain."""
    if proves_unequal(a, 1) and not isinstance(b, int):
        return a
    if proves_unequal(b, 1) and not isinstance(a, int):
        return b
    return maximum(a, b)


def show(shape: Shape | Unknown) -> str:
    """A shape as a message has it: (2, 64, H, W)."""
    if isinstance(shape, Unknown):
        return "a tensor of unknown shape"
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def pointwise(call: Call, *tensors: Tensor, dtype: str = "") -> Tensor:
    """Element by element with broadcasting: links of all operands join, axis by axis."""
    if len(tensors) == 1:
        return laid_out(tensors[0].like(dtype=dtype or None), tensors)
    first, second = tensors[0], tensors[1]
    kind = dtype or promote_operands(tensors)
    if len(tensors) == 2 and first.shape == second.shape and first.axes == second.axes:
        return laid_out(first.like(dtype=kind, seen=second.seen), tensors)
    for tensor in tensors:
        if isinstance(tensor.shape, Unknown):
            alone = all(t is tensor or t.shape == () for t in tensors)
            unknown = tensor.shape if alone else Unknown(tensor.shape.why)
            return Tensor(unknown, dtype=kind)
    shape = broadcast_shapes(call, *(t.sizes for t in tensors))
    rank = len(shape)
    axes = tuple(
        joined(*(stretched(t, i - rank + t.rank, shape[i]) for t in tensors if i >= rank - t.rank))
        for i in range(rank)
    )
    result = Tensor(shape, axes, seen=joined(*(t.seen for t in tensors)), dtype=kind)
    return laid_out(result, tensors)


def laid_out(result: Tensor, operands: Sequence[Tensor]) -> Tensor:
    """The result of an element-wise operation with its memory layout set; for a new tensor only."""
    for tensor in operands:
        if tensor.strides is not None and tensor.known:
            result.strides = elementwise(result.sizes, operands)
            break
    return result


def stretched(tensor: Tensor, axis: int, size: Dim) -> Axis | None:
    """The link of an axis as broadcasting to `size` leaves it: one unit serves all."""
    link = tensor.axes[axis]
    if link is None or tensor.sizes[axis] != 1 or size == 1:
        return link
    return slid(Expand(size), link, 1)


def promote_operands(tensors: Sequence[Tensor]) -> str:
    """As `promote`; numbers and 0-d tensors count only where their category is higher."""
    ranked = [t for t in tensors if t.shape != ()]
    if not ranked:
        return promote(*(t.dtype for t in tensors))
    best = promote(*(t.dtype for t in ranked))
    scalar = promote(*(t.dtype for t in tensors))
    return scalar if category(scalar) > category(best) else best


def category(dtype: str) -> int:
    """bool, integer, floating point, complex: a number of a higher one changes a tensor's dtype."""
    if dtype == "bool":
        return 0
    return 3 if dtype.startswith("complex") else 2 if is_floating(dtype) else 1


def axes_of(call: Call, rank: int, dim: object, at: str = "dim") -> list[int]:
    """A dim argument (int, tuple, or None for all) as axes counted from the front."""
    if dim is None or dim == () or dim == []:
        return list(range(rank))
    if isinstance(dim, (tuple, list)):
        return [call.axis(rank, d, at=at) for d in dim]
    return [call.axis(rank, dim, at=at)] if isinstance(dim, int) else []


def reduce(
    call: Call, input: Tensor, dim: object = None, keepdim: object = False, dtype: str = ""
) -> Tensor:
    """Reduce over axes: every element then depends on the whole of them."""
    gone = set(axes_of(call, input.rank, dim))
    summed = whole(*(input.axes[i] for i in gone))
    if keepdim:
        shape = tuple(1 if i in gone else s for i, s in enumerate(input.sizes))
        axes = tuple(whole(a) if i in gone else a for i, a in enumerate(input.axes))
        return input.like(shape, axes, dtype=dtype or None)
    keep = [i for i in range(input.rank) if i not in gone]
    return input.like(
        tuple(input.sizes[i] for i in keep),
        tuple(input.axes[i] for i in keep),
        seen=summed,
        dtype=dtype or None,
    )


def replace(input: Tensor, axis: int, size: Dim, link: Axis | None) -> Tensor:
    """The tensor with one axis exchanged."""
    shape, axes = input.sizes, input.axes
    return input.like(
        (*shape[:axis], size, *shape[axis + 1 :]), (*axes[:axis], link, *axes[axis + 1 :])
    )


def numel(shape: Shape) -> Dim:
    """The number of elements."""
    return product(shape)


def agree(a: Dim, b: Dim) -> Dim:
    """One size for two that must be equal: the more definite of them."""
    if isinstance(a, int) or equal(a, b):
        return a
    return b if isinstance(b, int) else a


def per_axis(value: object, count: int) -> tuple[Dim, ...] | None:
    """A number for each of `count` axes from an int or a tuple; None for a wrong length."""
    if isinstance(value, (tuple, list)):
        if len(value) == 1:
            value = tuple(value) * count
        if len(value) != count:
            return None
        return tuple(v.size() if isinstance(v, Unknown) else v for v in value)
    if isinstance(value, Unknown):
        return (value.size(),) * count
    return (value,) * count  # type: ignore[return-value]


def fresh(count: int) -> tuple[Dim, ...]:
    """Sizes that are not known."""
    return tuple(unknown_size() for _ in range(count))
