"""Broadcasting to a shape, repeating, flipping and rolling."""

from __future__ import annotations

from conv_lsp.axes import Axis, merged, slid
from conv_lsp.dims import Dim, equal, less, proves_less, proves_unequal, total, unknown_size
from conv_lsp.findings import ALWAYS_RAISES, EXPAND_SIZE
from conv_lsp.library.algebra import broadcast_shapes, fresh, laid_out, numel, replace, show
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.layout import expand, insert, joined_layout
from conv_lsp.library.raising import INDEX, require_dtype
from conv_lsp.library.registry import AnyRank, Call, method, op, size_of
from conv_lsp.library.shaping import with_shape
from conv_lsp.library.sizes import integers, listed, sequence, sizes
from conv_lsp.values import Shape, Size, Tensor, Unknown, Value
from conv_lsp.windows import Crop, Expand, Repeat

# -- expand -----------------------------------------------------------------------------------


def expanded(call: Call, input: Tensor, given: tuple[Value, ...], at: str = "size") -> Tensor:
    """The rule of `expand`: axes of size 1 grow, -1 leaves an axis as it is."""
    shape = sizes(call, given)
    if isinstance(shape, Unknown):
        return Tensor(shape, dtype=input.dtype)
    if not input.known:
        return Tensor(tuple(unknown_size() if s == -1 else s for s in shape), dtype=input.dtype)
    new = len(shape) - input.rank
    if new < 0 or any(isinstance(s, int) and s < 0 for s in shape[:new]):
        error = f"RuntimeError: {show(input.shape)} cannot be expanded to {show(shape)}"
        call.fail(ALWAYS_RAISES, at=at, error=error)
    wanted = list(shape[:new])
    for axis, (got, want) in enumerate(zip(input.sizes, shape[new:], strict=True), new):
        wanted.append(grown(call, got, want, axis, at))
    return expand(input, tuple(wanted))


def grown(call: Call, got: Dim, want: Dim, axis: int, at: str) -> Dim:
    """The size of one axis after `expand`."""
    if want == -1 or equal(got, want):
        return got
    if got == 1:
        return want
    if isinstance(want, int) and want < -1:
        call.report(EXPAND_SIZE, at=at, got=got, want=want, dim=axis)
        return got
    if proves_unequal(got, 1):
        if proves_unequal(want, -1) and call.differ(EXPAND_SIZE, got, want):
            call.report(EXPAND_SIZE, at=at, got=got, want=want, dim=axis)
        return got
    return want


@method("expand")
def tensor_expand(call: Call, self: AnyRank, *size: object, **names: object) -> Tensor:
    """The sizes given, -1 for the input's own; an axis of size 1 has any size."""
    return expanded(call, self, listed(call, size, names, "size"))


@op("torch.broadcast_to")
def broadcast_to(call: Call, input: AnyRank, size: object) -> Tensor:
    """The sizes given; an axis of size 1 has any size."""
    return expanded(call, input, (size,))


@method("broadcast_to")
def tensor_broadcast_to(call: Call, self: AnyRank, *size: object, **names: object) -> Tensor:
    """The sizes given; an axis of size 1 has any size."""
    return expanded(call, self, listed(call, size, names, "size"))


@method("expand_as")
def expand_as(call: Call, self: Tensor, other: Tensor) -> Tensor:
    """The shape of the other."""
    return expanded(call, self, (other.sizes,), at="other")


for _name in ("broadcast_tensors", "atleast_1d", "atleast_2d", "atleast_3d"):
    for _package in ("torch", "torch.functional"):
        OTHER_TYPES[f"{_package}.{_name}"] = (
            "tensors:T" if _name == "broadcast_tensors" else "tensors:TL"
        )


@op("torch.broadcast_tensors", "torch.functional.broadcast_tensors")
def broadcast_tensors(call: Call, *tensors: object) -> Value:
    """Each in the shape of all, broadcast."""
    known = [t for t in tensors if isinstance(t, Tensor) and t.known]
    if len(known) < len(tensors):
        return Unknown("the tensors to broadcast are not known")
    if not known:
        return ()
    shape = broadcast_shapes(call, *(t.sizes for t in known))
    return tuple(expanded(call, t, (shape,), at="tensors") for t in known)


@op("torch.broadcast_shapes", "torch.functional.broadcast_shapes")
def common_shape(call: Call, *shapes: object) -> Value:
    """The shape of all, broadcast."""
    parts = [() if s is None else sizes(call, (s,)) for s in shapes]
    known = [p for p in parts if not isinstance(p, Unknown)]
    if len(known) < len(parts):
        return Unknown("the shapes to broadcast are not known")
    if any(proves_less(size, 0) for shape in known for size in shape):
        error = f"RuntimeError: {' and '.join(map(show, known))} have a negative size"
        call.fail(ALWAYS_RAISES, at="shapes", error=error)
    return Size(broadcast_shapes(call, *known) if known else ())


# -- repeat -----------------------------------------------------------------------------------


def repeated(call: Call, input: Tensor, counts: Shape, at: str) -> Tensor:
    """Each axis so many times over, new axes in front."""
    for _ in range(len(counts) - input.rank):
        input = insert(input, 0)
    shape: list[Dim] = []
    axes: list[Axis | None] = []
    for size, link, count in zip(input.sizes, input.axes, counts, strict=True):
        if proves_less(size * count, 0):
            error = f"RuntimeError: a dimension of size {size} cannot be repeated {count} times"
            call.fail(ALWAYS_RAISES, at=at, error=error)
        shape.append(size * count)
        axes.append(link if count == 1 else again(link, size, size * count))
    return Tensor(tuple(shape), tuple(axes), seen=input.seen, dtype=input.dtype)


def again(link: Axis | None, size: Dim, new: Dim) -> Axis | None:
    """The link of an axis whose units come round again."""
    return slid(Expand(new), link, 1) if size == 1 else merged(None, link)


@method("repeat")
def repeat(call: Call, self: AnyRank, *repeats: object, **names: object) -> Tensor:
    """Each size times its number of repetitions; those in front are new axes."""
    counts = sizes(call, listed(call, repeats, names, "repeats"))
    if isinstance(counts, Unknown) or not self.known:
        rank = None if isinstance(counts, Unknown) else fresh(len(counts))
        return Tensor(rank or Unknown("the repeats are not known"), dtype=self.dtype)
    if len(counts) < self.rank:
        error = (
            f"RuntimeError: {len(counts)} repeats are given, the tensor has {self.rank} dimensions"
        )
        call.fail(ALWAYS_RAISES, at="repeats", error=error)
    return repeated(call, self, counts, "repeats")


def tiled(call: Call, input: Tensor, given: tuple[Value, ...]) -> Tensor:
    """As `repeat`; axes that are not named stay."""
    counts = sizes(call, given)
    if isinstance(counts, Unknown):
        return Tensor(counts, dtype=input.dtype)
    full = (*(1,) * (input.rank - len(counts)), *counts)
    return repeated(call, input, full, "dims")


@op("torch.tile")
def torch_tile(call: Call, input: Tensor, dims: object) -> Tensor:
    """Each size times its number of repetitions, from the last axis on."""
    return tiled(call, input, (dims,))


@method("tile")
def tensor_tile(call: Call, self: Tensor, *dims: object, **names: object) -> Tensor:
    """Each size times its number of repetitions, from the last axis on."""
    return tiled(call, self, listed(call, dims, names, "dims"))


@method("repeat_interleave")
def repeat_each(
    call: Call,
    self: Tensor,
    repeats: object,
    dim: int | None = None,
    *,
    output_size: object = None,
) -> Tensor:
    """The size of the axis times `repeats`, or their sum; without axis, of all elements."""
    return repeat_interleave(call, self, repeats, dim, output_size=output_size)


@op("torch.repeat_interleave")
def repeat_interleave(
    call: Call,
    input: Tensor,
    repeats: object = None,
    dim: int | None = None,
    *,
    output_size: object = None,
) -> Tensor:
    """The size of the axis times `repeats`, or their sum; without axis, of all elements."""
    if repeats is None:  # the one-argument form counts out its input
        checked_counts(call, input, input.sizes[0] if input.rank else 1)
        size = size_of(output_size) if output_size is not None else counted(input)
        return Tensor((unknown_size() if size is None else size,), dtype="int64")
    if dim is None:
        input = with_shape(input, (numel(input.sizes),))
    if not input.rank:
        call.fail(ALWAYS_RAISES, at="dim", error="IndexError: the tensor has no dimensions")
    axis = call.axis(input.rank, 0 if dim is None else dim)
    old = input.sizes[axis]
    if isinstance(repeats, Tensor):
        checked_counts(call, repeats, old)
        summed = counted(repeats) if repeats.shape not in {(), (1,)} or old == 1 else None
        new = size_of(output_size) if output_size is not None else summed
        return replace(
            input, axis, unknown_size() if new is None else new, merged(None, input.axes[axis])
        )
    count = size_of(repeats)
    if count is None:
        count = unknown_size()
    if proves_less(count, 0):
        call.fail(ALWAYS_RAISES, at="repeats", error="RuntimeError: repeats must not be negative")
    link = slid(Repeat(count), input.axes[axis], old) if isinstance(count, int) and count else None
    if link is None:
        link = merged(None, input.axes[axis])
    return replace(input, axis, old * count, link)


def checked_counts(call: Call, repeats: Tensor, size: Dim) -> None:
    """A tensor of repeats has one for each unit, or a single one."""
    require_dtype(call, repeats, INDEX, at="repeats")
    if not repeats.known or repeats.rank == 0:
        return
    if repeats.rank > 1 or (
        proves_unequal(repeats.sizes[0], 1) and proves_unequal(repeats.sizes[0], size)
    ):
        error = (
            f"RuntimeError: repeats of shape {show(repeats.shape)} for a dimension of size {size}"
        )
        call.fail(ALWAYS_RAISES, at="repeats", error=error)


def counted(repeats: Tensor) -> Dim | None:
    """The sum of a tensor of counts that is known."""
    data = repeats.data
    if isinstance(data, list) and all(isinstance(n, int) for n in data):
        return total(data)
    return None


# -- flip and roll ----------------------------------------------------------------------------


def reordered(input: Tensor, axes: set[int]) -> Tensor:
    """The units of some axes in another order: no field of their own, but all units are there."""
    links = tuple(merged(None, a) if i in axes else a for i, a in enumerate(input.axes))
    return laid_out(input.like(input.sizes, links), (input,))


def flipped(call: Call, input: Tensor, dims: list[int] | Unknown) -> Tensor:
    if isinstance(dims, Unknown):
        return reordered(input, set(range(input.rank)))
    axes = [call.axis(input.rank, d, at="dims") for d in dims]
    if len(set(axes)) < len(axes):
        call.fail(ALWAYS_RAISES, at="dims", error="RuntimeError: a dimension is flipped twice")
    return reordered(input, set(axes))


@op("torch.flip")
def torch_flip(call: Call, input: Tensor, dims: object) -> Tensor:
    """The shape of the input."""
    return flipped(call, input, integers(sequence(call, dims, "dims")))


@method("flip")
def tensor_flip(call: Call, self: Tensor, *dims: object, **names: object) -> Tensor:
    """The shape of the input."""
    given = listed(call, dims, names, "dims")
    return flipped(call, self, integers(given[0] if len(given) == 1 else given))


@op("torch.fliplr")
@method("fliplr")
def fliplr(call: Call, input: Tensor) -> Tensor:
    """The shape of the input."""
    if input.rank < 2:
        call.fail(
            ALWAYS_RAISES, at="input", error="RuntimeError: fliplr takes 2 dimensions or more"
        )
    return flipped(call, input, [1])


@op("torch.flipud")
@method("flipud")
def flipud(call: Call, input: Tensor) -> Tensor:
    """The shape of the input."""
    if input.rank < 1:
        call.fail(ALWAYS_RAISES, at="input", error="RuntimeError: flipud takes 1 dimension or more")
    return flipped(call, input, [0])


@op("torch.roll")
@method("roll")
def roll(call: Call, input: Tensor, shifts: object, dims: object = ()) -> Tensor:
    """The shape of the input."""
    places = [] if dims is None or dims == () else integers(dims)
    if isinstance(places, Unknown):
        return reordered(input, set(range(input.rank)))
    count = len(shifts) if isinstance(shifts, (tuple, list)) else 1
    if not isinstance(shifts, Unknown) and count != max(len(places), 1):
        error = f"RuntimeError: {count} shifts are given for {len(places)} dims"
        call.fail(ALWAYS_RAISES, at="shifts", error=error)
    if 0 in input.sizes:
        return input.like()
    if places and not input.rank:
        call.fail(ALWAYS_RAISES, at="dims", error="IndexError: the tensor has no dimensions")
    axes = {call.axis(input.rank, d, at="dims") for d in places}
    result = reordered(input, axes or set(range(input.rank)))
    if places:
        result.axes = rolled(
            input,
            list(shifts) if isinstance(shifts, (tuple, list)) else [shifts],
            [call.axis(input.rank, d) for d in places],
        )
    # Without dims it is rolled as one row, else cut and joined again; see `joined_layout`.
    result.strides = joined_layout([input]) if axes else None
    return result


def rolled(input: Tensor, shifts: list[Value], dims: list[int]) -> tuple[Axis | None, ...]:
    """The links after a roll: a shift, as far as the units are not those that come round."""
    links = list(input.axes)
    for shift, dim in zip(shifts, dims, strict=True):
        size = input.sizes[dim]
        short = isinstance(shift, int) and less(2 * abs(shift), size) is not False
        links[dim] = (
            slid(Crop(-shift, size), links[dim], size) if short else merged(None, links[dim])
        )
    return tuple(links)


# -- more axes --------------------------------------------------------------------------------


def at_least(call: Call, tensors: tuple[Value, ...], rank: int) -> Value:
    """Each with axes of size 1 added where torch adds them."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        return tuple(padded_rank(t, rank) for t in tensors[0])
    parts = tuple(padded_rank(t, rank) for t in tensors)
    return parts[0] if len(parts) == 1 else parts


def padded_rank(value: Value, rank: int) -> Value:
    if not isinstance(value, Tensor) or not value.known:
        return value if isinstance(value, Unknown) else Tensor(Unknown("rank not known"))
    while value.rank < rank:
        value = insert(value, 0 if value.rank < 2 else 2)
    return value


@op("torch.atleast_1d", "torch.functional.atleast_1d")
def atleast_1d(call: Call, *tensors: object) -> Value:
    """A number gives (1,); others stay."""
    return at_least(call, tensors, 1)


@op("torch.atleast_2d", "torch.functional.atleast_2d")
def atleast_2d(call: Call, *tensors: object) -> Value:
    """A number gives (1, 1), (n,) gives (1, n); others stay."""
    return at_least(call, tensors, 2)


@op("torch.atleast_3d", "torch.functional.atleast_3d")
def atleast_3d(call: Call, *tensors: object) -> Value:
    """A number gives (1, 1, 1), (n,) gives (1, n, 1), (m, n) gives (m, n, 1); others stay."""
    return at_least(call, tensors, 3)
