"""The verbs that the rules share. Only these make and follow the links of tensor axes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce as fold
from typing import Final

from conv_lsp.axes import Axis, joined, slid, whole
from conv_lsp.dims import Dim, equal, maximum, product, proves_unequal, unknown_size
from conv_lsp.findings import RULES
from conv_lsp.library.layout import elementwise
from conv_lsp.library.registry import Call
from conv_lsp.values import UNTYPED, Shape, Tensor, Unknown
from conv_lsp.windows import Expand

INTEGERS: Final = "uint8 int8 int16 int32 int64".split()
UNSIGNED: Final = "uint16 uint32 uint64".split()
"""Integers that promote with floating point dtypes only."""
FLOATS: Final = "float16 bfloat16 float32 float64".split()
COMPLEX: Final = {"float16": "complex32", "float32": "complex64", "float64": "complex128"}
"""The complex dtypes, by the dtypes of their parts."""
PARTS: Final = {kind: part for part, kind in COMPLEX.items()}


def promote(*dtypes: str) -> str:
    """The dtype of a result of several operands (0-d subtleties apart)."""
    return fold(promoted, dtypes) if dtypes else "float32"


def promoted(a: str, b: str) -> str:
    """As torch.promote_types; UNTYPED where that depends on what is not known."""
    if a == b:
        return a
    low, high = sorted((a, b), key=category)
    known = FLOATS if low in UNSIGNED else (*INTEGERS, *FLOATS, *PARTS)
    if category(low) < 2 and category(low) < category(high):
        return high if high in known else UNTYPED
    if high in PARTS and (low in FLOATS or low in PARTS):
        return COMPLEX[wide(PARTS.get(low, low), PARTS[high])]
    if low in FLOATS and high in FLOATS:
        return wide(low, high)
    if low in INTEGERS and high in INTEGERS:
        widest: str = max(low, high, key=INTEGERS.index)
        return "int16" if {low, high} == {"uint8", "int8"} else widest
    return UNTYPED


def wide(a: str, b: str) -> str:
    """The wider of two floating point dtypes; the two of 16 bits together give 32."""
    return "float32" if {a, b} == {"float16", "bfloat16"} else max(a, b, key=FLOATS.index)


def is_floating(dtype: str) -> bool:
    """Whether a dtype is, for all we know, a floating point or a complex one."""
    return dtype != "bool" and dtype not in INTEGERS and dtype not in UNSIGNED


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
                call.host.need(("~", size, other), RULES["broadcast"], call.site)
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
    ranked = [t.dtype for t in tensors if t.shape != ()]
    single = [t.dtype for t in tensors if t.shape == () and t.kind != "number"]
    numbers = [t.dtype for t in tensors if t.kind == "number"]
    kinds = [promote(*group) for group in (ranked, single, numbers) if group]
    return fold(prevailing, kinds)


def prevailing(kind: str, other: str) -> str:
    """A dtype changed by that of numbers, which count only where their category is higher."""
    if UNTYPED in (kind, other):
        return kind if category(kind) == 3 or other == "bool" else UNTYPED
    if category(other) <= category(kind):
        return kind
    return COMPLEX.get(kind, "complex64") if category(other) == 3 and category(kind) == 2 else other


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


def fresh(count: int) -> tuple[Dim, ...]:
    """Sizes that are not known."""
    return tuple(unknown_size() for _ in range(count))
