"""Joining tensors into one and cutting one into several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from conv_lsp.axes import Axis, joined, merged, slid
from conv_lsp.dims import (
    Dim,
    ceil_div,
    divide_exactly,
    proves_less,
    proves_unequal,
    total,
)
from conv_lsp.findings import (
    ALWAYS_RAISES,
    CALL_ARGUMENTS,
    CAT_SIZES,
    SPLIT_SIZES,
    STACK_SIZES,
)
from conv_lsp.library.algebra import agree, promote, show
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.layers import expect
from conv_lsp.library.layout import crop, drop, expand, insert, joined_layout
from conv_lsp.library.raising import LONG, require_dtype, require_same_dtype
from conv_lsp.library.registry import Call, Tensors, method, op, says, size_of
from conv_lsp.library.repeating import padded_rank
from conv_lsp.library.shaping import with_shape
from conv_lsp.library.sizes import listed, sizes
from conv_lsp.values import MISSING, Tensor, Unknown, Value
from conv_lsp.windows import Pad

MAX_PARTS = 4096
"""Longer results of unbind and split are not listed."""

TYPES: Final = {
    "block_diag": "tensors:T",
    "cartesian_prod": "tensors:T",
    "meshgrid": "tensors:TL",
    "split": "tensor:T split_size_or_sections:iI dim:i",
    "dsplit": "indices_or_sections:iI",
    "hsplit": "indices_or_sections:iI",
    "vsplit": "indices_or_sections:iI",
    "tensor_split": "indices_or_sections:iIT",
}
for _name, _types in TYPES.items():
    for _package in ("torch", "torch.functional", "torch.Tensor"):
        OTHER_TYPES[f"{_package}.{_name}"] = _types
OTHER_TYPES["torch.Tensor.split"] = "split_size:iI dim:i"

# -- joining ----------------------------------------------------------------------------------


@op("torch.cat", "torch.concat", "torch.concatenate")
def cat(call: Call, tensors: Tensors, dim: int = 0, *, out: object = None) -> Tensor:
    """The shape of each tensor, but that the sizes along `dim` are added."""
    if isinstance(tensors, Tensor):  # of an input nothing says that it is a list
        return Tensor(Unknown("whether a list is joined is not known"))
    return chained(call, list(tensors), dim)


def chained(call: Call, tensors: list[Tensor], dim: int) -> Tensor:
    """The rule of `cat`. An empty tensor of shape (0,) is left out, whatever the others' rank."""
    parts = [t for t in tensors if t.shape != (0,)] or tensors[:1]
    if not parts:
        call.fail(ALWAYS_RAISES, at="tensors", error="RuntimeError: there are no tensors to join")
    first = parts[0]
    for index, part in enumerate(tensors):
        if part.rank != first.rank and part.shape != (0,):
            error = f"RuntimeError: tensor {index} has {part.rank} dimensions, tensor 0 has {first.rank}"
            call.fail(ALWAYS_RAISES, at="tensors", error=error)
    if not first.rank:
        call.fail(
            ALWAYS_RAISES, at="tensors", error="RuntimeError: a tensor without dimensions is joined"
        )
    if first.shape == (0,):
        return first.like(dtype=promote(*(t.dtype for t in tensors)))
    axis = call.axis(first.rank, dim)
    shape = list(first.sizes)
    for index, part in enumerate(tensors):
        if part is first or part.shape == (0,):
            continue
        for i, (want, got) in enumerate(zip(shape, part.sizes, strict=True)):
            if i != axis:
                call.require_equal(CAT_SIZES, got, want, at="tensors", index=index, dim=i)
                shape[i] = agree(want, got)
    shape[axis] = total(t.sizes[axis] for t in parts)
    links = [joined(*(t.axes[i] for t in parts)) for i in range(first.rank)]
    links[axis] = chained_link([t.axes[axis] for t in parts], [t.sizes[axis] for t in parts])
    return Tensor(
        tuple(shape),
        tuple(links),
        seen=joined(*(t.seen for t in parts)),
        dtype=promote(*(t.dtype for t in tensors)),
        strides=joined_layout(parts),
    )


def chained_link(along: list[Axis | None], sizes: list[Dim]) -> Axis | None:
    """The link of an axis made of several: of one with constants around it, as padding has it."""
    linked = [i for i, link in enumerate(along) if link is not None]
    if len(along) == 1 or len(linked) != 1:
        return along[0] if len(along) == 1 else merged(None, *along)
    at = linked[0]
    return slid(Pad(total(sizes[:at]), total(sizes[at + 1 :])), along[at], sizes[at])


@op("torch.stack")
def stack(call: Call, tensors: Tensors, dim: int = 0, *, out: object = None) -> Tensor:
    """Tensors of one shape, with a new axis as long as there are tensors."""
    parts = list(tensors)
    if not parts:
        call.fail(ALWAYS_RAISES, at="tensors", error="RuntimeError: there are no tensors to stack")
    want = parts[0]
    axis = call.axis(want.rank + 1, dim)
    for index, part in enumerate(parts):
        if part.rank != want.rank or any(map(proves_unequal, part.sizes, want.sizes)):
            call.fail(
                STACK_SIZES, at="tensors", index=index, got=show(part.shape), want=show(want.shape)
            )
    return chained(call, [insert(t, axis) for t in parts], axis)


def together(call: Call, tensors: Sequence[Tensor], rank: int, dim: int) -> Tensor:
    """`cat` after each has been given at least so many axes."""
    return chained(call, [padded_rank(t, rank) for t in tensors], dim)


@op("torch.hstack")
def hstack(call: Call, tensors: Tensors, *, out: object = None) -> Tensor:
    """As cat along axis 1; along axis 0 for tensors of one axis."""
    flat = bool(tensors) and tensors[0].rank <= 1
    return together(call, tensors, 1, 0 if flat else 1)


@op("torch.vstack", "torch.row_stack")
def vstack(call: Call, tensors: Tensors, *, out: object = None) -> Tensor:
    """As cat along axis 0, where (n,) counts as (1, n)."""
    return together(call, tensors, 2, 0)


@op("torch.dstack")
def dstack(call: Call, tensors: Tensors, *, out: object = None) -> Tensor:
    """As cat along axis 2, where (n,) counts as (1, n, 1) and (m, n) as (m, n, 1)."""
    return together(call, tensors, 3, 2)


@op("torch.column_stack")
def column_stack(call: Call, tensors: Tensors, *, out: object = None) -> Tensor:
    """As hstack, where (n,) counts as (n, 1)."""
    columns = [
        with_shape(t, (*t.sizes, *(1,) * (2 - t.rank))) if t.rank == 1 else padded_rank(t, 2)
        for t in tensors
    ]
    return chained(call, columns, 1)


@op("torch.block_diag", "torch.functional.block_diag")
def block_diag(call: Call, *tensors: object) -> Tensor:
    """Matrices (m, n) give (Σm, Σn); (n,) counts as (1, n), a number as (1, 1)."""
    parts = [padded_rank(t, 2) for t in tensors]
    if not all(isinstance(t, Tensor) and t.known for t in parts):
        return Tensor(Unknown("the blocks are not known"))
    if any(t.rank > 2 for t in parts):
        call.fail(
            ALWAYS_RAISES, at="tensors", error="RuntimeError: a block has more than 2 dimensions"
        )
    if not parts:
        return Tensor((1, 0))
    shape = total(t.sizes[0] for t in parts), total(t.sizes[1] for t in parts)
    return Tensor(shape, dtype=promote(*(t.dtype for t in parts)))


def given_tensors(given: tuple[Value, ...]) -> list[Tensor] | Unknown:
    """`f(a, b)` or `f([a, b])`; Unknown if the shape of one is not known."""
    parts = given[0] if len(given) == 1 and isinstance(given[0], (tuple, list)) else given
    if all(isinstance(t, Tensor) and t.known for t in parts):
        return list(parts)
    return next((t for t in parts if isinstance(t, Unknown)), Unknown("a tensor is not known"))


@op("torch.meshgrid", "torch.functional.meshgrid")
def meshgrid(call: Call, *tensors: object, indexing: object = None) -> Value:
    """Of (a,), (b,), … as many tensors (a, b, …); with "xy" the first two sizes change places."""
    parts = given_tensors(tensors)
    if isinstance(parts, Unknown) or isinstance(indexing, Unknown):
        return parts if isinstance(parts, Unknown) else indexing
    if not parts:
        call.fail(ALWAYS_RAISES, at="tensors", error="RuntimeError: there are no tensors to cross")
    if any(t.rank > 1 for t in parts):
        call.fail(
            ALWAYS_RAISES, at="tensors", error="RuntimeError: meshgrid takes 1 dimension each"
        )
    if indexing not in {"xy", "ij", None}:
        error = f"RuntimeError: indexing is 'xy' or 'ij', not {indexing!r}"
        call.fail(ALWAYS_RAISES, at="indexing", error=error)
    for part in parts:
        require_same_dtype(call, part, parts[0], at="a tensor")
    lines = [t if t.rank else insert(t, 0) for t in parts]
    crossed = indexing == "xy" and len(lines) > 1
    if crossed:
        lines[:2] = lines[1], lines[0]
    shape = tuple(t.sizes[0] for t in lines)
    grids = []
    for i, line in enumerate(lines):
        upright = with_shape(line, (*(1,) * i, line.sizes[0], *(1,) * (len(lines) - i - 1)))
        grids.append(expand(upright, shape))
    if crossed:
        grids[:2] = grids[1], grids[0]
    return tuple(grids)


@op("torch.cartesian_prod", "torch.functional.cartesian_prod")
def cartesian_prod(call: Call, *tensors: object) -> Tensor:
    """(a,), (b,), … of k tensors give (a·b·…, k); one stays as it is."""
    parts = given_tensors(tensors)
    if isinstance(parts, Unknown):
        return Tensor(parts)
    if not parts or any(t.rank != 1 for t in parts):
        call.fail(
            ALWAYS_RAISES, at="tensors", error="RuntimeError: cartesian_prod takes 1 dimension each"
        )
    for part in parts:
        require_same_dtype(call, part, parts[0], at="a tensor")
    if len(parts) == 1:
        return parts[0]
    count: Dim = 1
    for part in parts:
        count = count * part.sizes[0]
    return Tensor((count, len(parts)), dtype=promote(*(t.dtype for t in parts)))


# -- cutting ----------------------------------------------------------------------------------


def pieces(input: Tensor, axis: int, lengths: Sequence[Dim]) -> Value:
    """Neighbouring parts of an axis, as views."""
    if len(lengths) > MAX_PARTS:
        return Unknown(f"there are more than {MAX_PARTS} parts")
    found = []
    start: Dim = 0
    rows = input.data if axis == 0 and isinstance(input.data, list) else None
    for length in lengths:
        part = crop(input, axis, start, length)
        end = start + length
        if rows is not None and isinstance(start, int) and isinstance(end, int):
            part.data = rows[start:end]
        found.append(part)
        start = end
    return tuple(found)


@op("torch.split", "torch.functional.split")
def torch_split(call: Call, tensor: Tensor, split_size_or_sections: object, dim: int = 0) -> Value:
    """Parts of one size along an axis, the last one with what is left, or parts of each size."""
    return split_by(call, tensor, split_size_or_sections, dim, "split_size_or_sections")


@method("split")
def tensor_split_by(call: Call, self: Tensor, split_size: object, dim: int = 0) -> Value:
    """Parts of one size along an axis, the last one with what is left, or parts of each size."""
    return split_by(call, self, split_size, dim, "split_size")


def split_by(call: Call, input: Tensor, given: object, dim: int, at: str) -> Value:
    """The rule of `split`: parts of one size, or of given sizes."""
    if isinstance(given, (tuple, list)):
        return split_sizes(call, input, given, dim, at)
    axis = cut_axis(call, input, dim)
    each, size = size_of(given), input.sizes[axis]
    if each is None or isinstance(given, (Unknown, Tensor)):
        return Unknown("the size of the parts is not known")
    if proves_less(each, 0) or (each == 0 and proves_unequal(size, 0)):
        error = f"RuntimeError: a dimension cannot be split into parts of size {each}"
        call.fail(ALWAYS_RAISES, at=at, error=error)
    if each == 0 or size == 0:
        return (input,)
    if isinstance(size, int) and isinstance(each, int):
        if size > each * MAX_PARTS:
            return Unknown(f"there are more than {MAX_PARTS} parts")
        count = max(1, -(-size // each))
        return pieces(input, axis, [*[each] * (count - 1), size - each * (count - 1)])
    exact = divide_exactly(size, each)
    if isinstance(exact, int) and exact <= MAX_PARTS:
        return pieces(input, axis, [each] * exact)
    return Unknown(f"the number of parts of size {each} in {size} is not known")


def cut_axis(call: Call, input: Tensor, dim: int) -> int:
    """The axis to cut; a tensor without axes has none."""
    if not input.rank:
        call.fail(ALWAYS_RAISES, at="dim", error="RuntimeError: there is no dimension to split")
    return call.axis(input.rank, dim)


@op("torch.unsafe_split")
@method("unsafe_split")
def unsafe_split(call: Call, input: Tensor, split_size: Dim, dim: int = 0) -> Value:
    """Parts of one size; the last one has what is left."""
    return split_by(call, input, split_size, dim, "split_size")


@op("torch.split_with_sizes", "torch.unsafe_split_with_sizes")
@method("split_with_sizes", "unsafe_split_with_sizes")
def split_with_sizes(call: Call, input: Tensor, split_sizes: object, dim: int = 0) -> Value:
    """Parts of each size along an axis."""
    if not isinstance(split_sizes, (tuple, list)):
        return Unknown("the sizes of the parts are not known")
    return parts_of(call, input, split_sizes, dim, "split_sizes")


def split_sizes(call: Call, input: Tensor, given: Sequence[Value], dim: int, at: str) -> Value:
    """Parts of given sizes, which must add up to the whole."""
    return parts_of(call, input, given, dim, at)


def parts_of(call: Call, input: Tensor, given: Sequence[Value], dim: int, at: str) -> Value:
    axis = cut_axis(call, input, dim)
    lengths = sizes(call, (tuple(given),))
    if isinstance(lengths, Unknown):
        return lengths
    if call.differ(SPLIT_SIZES, total(lengths), input.sizes[axis]):
        call.report(SPLIT_SIZES, at=at, total=input.sizes[axis], sizes=list(lengths), dim=axis)
    if any(proves_less(n, 0) for n in lengths):
        call.report(ALWAYS_RAISES, at=at, error="RuntimeError: a part has a negative size")
    return pieces(input, axis, lengths)


@op("torch.chunk", "torch.unsafe_chunk")
@method("chunk", "unsafe_chunk")
def chunk(call: Call, input: Tensor, chunks: int, dim: int = 0) -> Value:
    """Parts of ⌈n/chunks⌉ along an axis of n; the last one has what is left."""
    axis = cut_axis(call, input, dim)
    if chunks < 1:
        error = f"RuntimeError: a dimension cannot be cut into {chunks} parts"
        call.fail(ALWAYS_RAISES, at="chunks", error=error)
    size = input.sizes[axis]
    each = ceil_div(size, chunks)
    if isinstance(size, int):
        if not each:
            return pieces(input, axis, [0] * chunks)
        return split_by(call, input, each, axis, "chunks")
    if chunks > MAX_PARTS:
        return Unknown(f"there are more than {MAX_PARTS} parts")
    return pieces(input, axis, [*[each] * (chunks - 1), size - each * (chunks - 1)])


@op("torch.tensor_split")
@method("tensor_split")
def tensor_split(
    call: Call,
    input: Tensor,
    indices_or_sections: object = None,
    dim: int = 0,
    *,
    indices: object = None,
    sections: object = None,
) -> Value:
    """As many parts as asked for, whose sizes differ by 1 at most; or cut at each index."""
    given = next((v for v in (indices_or_sections, indices, sections) if v is not None), None)
    if given is None:
        problem = "argument 'indices_or_sections' is missing"
        call.fail(CALL_ARGUMENTS, name="tensor_split", problem=problem)
    return evenly(call, input, given, cut_axis(call, input, dim))


def evenly(call: Call, input: Tensor, given: object, axis: int) -> Value:
    """Parts that differ by one at most, or between given places."""
    size = input.sizes[axis]
    if isinstance(given, Tensor):
        require_dtype(call, given, LONG, at="indices_or_sections")
        if given.known and given.rank > 1:
            error = f"RuntimeError: the places to cut at have {given.rank} dimensions, not 1"
            call.fail(ALWAYS_RAISES, at="indices_or_sections", error=error)
        given = given.data
    if isinstance(given, (tuple, list)):
        return between(input, axis, given)
    if not isinstance(given, int):
        return Unknown("the number of parts is not known")
    if given < 1:
        error = f"RuntimeError: a dimension cannot be cut into {given} parts"
        call.fail(ALWAYS_RAISES, at="indices_or_sections", error=error)
    if not isinstance(size, int):
        exact = divide_exactly(size, given)
        if exact is None or given > MAX_PARTS:
            return Unknown(f"the parts of {size} are not known")
        return pieces(input, axis, [exact] * given)
    if given > MAX_PARTS:
        return Unknown(f"there are more than {MAX_PARTS} parts")
    each, rest = divmod(size, given)
    return pieces(input, axis, [each + (i < rest) for i in range(given)])


def between(input: Tensor, axis: int, places: Sequence[Value]) -> Value:
    """As slices [0:a], [a:b], ... [z:] cut."""
    size = input.sizes[axis]
    if not isinstance(size, int) or not all(isinstance(p, int) for p in places):
        return Unknown("the places to cut at are not known")
    ends = [*places, size]
    found, start = [], 0
    for end in ends:
        first, last, _ = slice(start, end).indices(size)
        found.append(crop(input, axis, first, max(last - first, 0)))
        start = end
    return tuple(found)


def split_along(call: Call, input: Tensor, given: object, dim: int, least: int) -> Value:
    """hsplit and its kin: a number of sections must divide the axis."""
    if input.rank < least:
        error = f"RuntimeError: the tensor has {input.rank} dimensions, {least} are needed"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    size = input.sizes[dim]
    if isinstance(given, int) and (given == 0 or (isinstance(size, int) and size % given)):
        error = f"RuntimeError: size {size} is not divisible by {given}"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    return evenly(call, input, given, dim)


def declare_along(name: str, dim: int, least: int) -> None:
    """`hsplit` and its kin; `x.hsplit(1, 3)` is `x.hsplit((1, 3))`."""

    def parts(
        call: Call, input: Tensor, given: tuple[Value, ...], words: dict[str, Value]
    ) -> Value:
        word = "indices" if "indices" in words else "sections"
        several = listed(call, given, words, word)
        expect(call, "I" if word in words and word == "indices" else "iI", **words)
        axis = 0 if input.rank == 1 else dim
        return split_along(call, input, several[0] if len(several) == 1 else several, axis, least)

    said = f"Equal parts along axis {dim}, or cut at each index"
    said += "; of a vector along its only one" if name == "hsplit" else ""

    @op(f"torch.{name}")
    @says(said)
    def split_function(
        call: Call, input: Tensor, indices_or_sections: object = MISSING, **words: object
    ) -> Value:
        given = () if indices_or_sections is MISSING else (indices_or_sections,)
        return parts(call, input, given, words)

    @method(name)
    @says(said)
    def split_method(
        call: Call, input: Tensor, *indices_or_sections: object, **words: object
    ) -> Value:
        return parts(call, input, indices_or_sections, words)


declare_along("hsplit", 1, 1)
declare_along("vsplit", 0, 2)
declare_along("dsplit", 2, 3)


@op("torch.unbind")
@method("unbind")
def unbind(call: Call, input: Tensor, dim: int = 0) -> Value:
    """As many tensors as the axis is long, each without the axis."""
    axis = cut_axis(call, input, dim)
    return rows(input, axis)


def rows(input: Tensor, axis: int) -> Value:
    """Each unit of an axis by itself."""
    count = input.sizes[axis]
    if not isinstance(count, int):
        return Unknown(f"the number of parts, {count}, is not known")
    if count > MAX_PARTS:
        return Unknown(f"there are more than {MAX_PARTS} parts")
    data = input.data if axis == 0 and isinstance(input.data, list) else None
    found = []
    for i in range(count):
        row = drop(crop(input, axis, i, 1), axis)
        if data is not None:
            row = row.like() if row is input else row
            row.data = data[i]
        found.append(row)
    return tuple(found)
