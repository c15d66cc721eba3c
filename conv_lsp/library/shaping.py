"""Another shape for the same elements, and the order of axes."""

from __future__ import annotations

from conv_lsp.axes import lost
from conv_lsp.dims import (
    Dim,
    divide_exactly,
    equal,
    has_anonymous,
    product,
    proves_unequal,
    unknown_size,
)
from conv_lsp.findings import ALWAYS_RAISES, CALL_ARGUMENTS, RESHAPE_COUNT, VIEW_STRIDE
from conv_lsp.library.algebra import fresh, numel, show
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.constants import flat
from conv_lsp.library.dtypes import ITEM_SIZES, DType
from conv_lsp.library.layout import (
    REFUSED,
    drop,
    insert,
    layout,
    permute,
    rebuilt,
    reshape,
    strides_of,
    viewed,
)
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import (
    AnyRank,
    Call,
    attribute,
    checked_attribute,
    method,
    models,
    op,
)
from conv_lsp.library.sizes import integers, listed, several, sizes
from conv_lsp.values import MISSING, SCATTERED, Shape, Tensor, Unknown, Value

# -- view and reshape -------------------------------------------------------------------------


def solved(call: Call, count: Dim, shape: Shape, at: str) -> Shape:
    """The shape with its -1 found; complains where no sizes make it hold `count` elements."""
    places = [i for i, s in enumerate(shape) if s == -1]
    if len(places) > 1 or any(isinstance(s, int) and s < -1 for s in shape):
        call.fail(RESHAPE_COUNT, at=at, count=count, shape=show(shape))
    rest = product(s for s in shape if s != -1)
    if not places:
        if call.differ(RESHAPE_COUNT, count, rest):
            call.report(RESHAPE_COUNT, at=at, count=count, shape=show(shape))
        return shape
    size = quotient(count, rest)
    if size is None:
        call.report(RESHAPE_COUNT, at=at, count=count, shape=show(shape))
        size = unknown_size()
    elif not isinstance(count, int) and divide_exactly(count, rest) is None:
        call.differ(RESHAPE_COUNT, size * rest, count)
    axis = places[0]
    return (*shape[:axis], size, *shape[axis + 1 :])


def quotient(count: Dim, rest: Dim) -> Dim | None:
    """The number for the -1; None where there is certainly none."""
    if rest == 0 or (isinstance(rest, int) and equal(count % rest, 0) is False):
        return None
    exact = divide_exactly(count, rest)
    if exact is not None:
        return exact
    # Where the line runs at all, the division is exact.
    return unknown_size() if has_anonymous(count) or has_anonymous(rest) else count // rest


def reshaped(call: Call, input: Tensor, given: tuple[Value, ...], at: str = "shape") -> Tensor:
    """The rule of `reshape`: a view where there is one, a contiguous copy otherwise."""
    shape = sizes(call, given)
    if isinstance(shape, Unknown):
        return Tensor(shape, dtype=input.dtype)
    if not input.known:
        return Tensor(tuple(unknown_size() if s == -1 else s for s in shape), dtype=input.dtype)
    return with_shape(input, solved(call, numel(input.sizes), shape, at))


def with_shape(input: Tensor, shape: Shape) -> Tensor:
    """Another shape for as many elements, copied where it must be."""
    if shape == input.shape:
        return input
    strides = viewed(input, shape)
    result = reshape(input, shape, None if isinstance(strides, str) else strides)
    if input.data is not None and len(shape) == 1:
        result.data = flat(input.data)
    return result


@op("torch.reshape")
def torch_reshape(call: Call, input: AnyRank, shape: object) -> Tensor:
    """The sizes given, of as many elements; one of -1 is computed."""
    return reshaped(call, input, (shape,))


@method("reshape")
def tensor_reshape(call: Call, self: AnyRank, *shape: object, **names: object) -> Tensor:
    """The sizes given, of as many elements; one of -1 is computed."""
    return reshaped(call, self, listed(call, shape, names, "shape"))


@method("view")
def view(call: Call, self: AnyRank, *size: object, **names: object) -> Tensor:
    """As reshape, but complains with view-stride where only a copy could have the shape."""
    word = next(iter(names), "size")
    given = listed(call, size, names, word if word == "dtype" and not size else "size")
    if len(given) == 1 and isinstance(given[0], DType):
        return view_as_type(call, self, given[0])
    result = reshaped(call, self, given)
    if self.strides and self.known and result.known:
        fits = not proves_unequal(numel(self.sizes), numel(result.sizes))
        if fits and viewed(self, result.sizes) == REFUSED:
            call.report(VIEW_STRIDE, at="size", shape=show(result.sizes))
    return result


def view_as_type(call: Call, self: AnyRank, dtype: DType) -> Tensor:
    """The bytes as another type: the last axis holds more or fewer of them."""
    old, new = ITEM_SIZES.get(self.dtype), ITEM_SIZES[dtype.name]
    if not self.known or old is None or old == new:
        return self.like(dtype=dtype.name) if not self.strides else retyped(self, dtype, 1, 1)
    wide = max(new // old, 1)
    last = self.sizes[-1] if self.rank else 0
    steps = strides_of(self)
    if not self.rank or equal(last % wide, 0) is False or unfit(steps, wide):
        error = f"RuntimeError: {show(self.shape)} of {self.dtype} has no view as {dtype.name}"
        call.fail(ALWAYS_RAISES, at="size", error=error)
    return retyped(self, dtype, old, new)


def unfit(steps: tuple[int, ...] | None, wide: int) -> bool:
    """Whether elements that become one do not lie together in memory."""
    return steps is not None and (steps[-1] != 1 or any(step % wide for step in steps[:-1]))


def retyped(self: Tensor, dtype: DType, old: int, new: int) -> Tensor:
    """A view with elements of `new` bytes instead of `old`."""
    shape, steps = self.sizes, strides_of(self)
    if old != new:
        shape = (*shape[:-1], shape[-1] * old // new)
        steps = None if steps is None else (*(step * old // new for step in steps[:-1]), 1)
    result = self.like(shape, self.axes, dtype=dtype.name)
    result.strides = None if self.strides is None else layout(shape, steps)
    return result


@method("view_as")
def view_as(call: Call, self: Tensor, other: Tensor) -> Tensor:
    """The shape of the other."""
    return view(call, self, other.sizes)


@method("reshape_as")
def reshape_as(call: Call, self: Tensor, other: Tensor) -> Tensor:
    """The shape of the other."""
    return reshaped(call, self, (other.sizes,), at="other")


@op("torch.flatten")
@method("flatten")
def flatten(call: Call, input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The axes from start_dim to end_dim become one: their product; a number gives (1,)."""
    start = call.axis(input.rank, start_dim, at="start_dim")
    end = call.axis(input.rank, end_dim, at="end_dim")
    if not input.rank:
        return with_shape(input, (1,))
    if start > end:
        call.fail(ALWAYS_RAISES, at="end_dim", error="RuntimeError: start_dim is after end_dim")
    shape = input.sizes
    return with_shape(input, (*shape[:start], product(shape[start : end + 1]), *shape[end + 1 :]))


OTHER_TYPES["torch.Tensor.unflatten"] = "dim:i sizes:I"


@op("torch.unflatten")
@method("unflatten")
def unflatten(call: Call, input: Tensor, dim: int, sizes: object) -> Tensor:
    """One axis becomes several, whose product it is; a size of -1 is computed."""
    axis = call.axis(input.rank, dim)
    return split_axis(call, input, axis, sizes, at="sizes")


def split_axis(call: Call, input: Tensor, axis: int, given: object, at: str) -> Tensor:
    """One axis as several."""
    parts = sizes_of_axis(call, given)
    if isinstance(parts, Unknown):
        return Tensor(parts, dtype=input.dtype)
    if not parts:
        call.fail(ALWAYS_RAISES, at=at, error="RuntimeError: one axis is made of no axes")
    if not input.rank:
        call.fail(ALWAYS_RAISES, at="dim", error="IndexError: the tensor has no dimensions")
    parts = solved(call, input.sizes[axis], parts, at)
    return with_shape(input, (*input.sizes[:axis], *parts, *input.sizes[axis + 1 :]))


def sizes_of_axis(call: Call, given: object) -> Shape | Unknown:
    """The argument of `unflatten`: sizes alone, or (name, size) pairs."""
    if isinstance(given, (tuple, list)) and given and isinstance(given[0], (tuple, list)):
        for pair in given:
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                problem = f"takes sizes, or pairs of a name and a size, not {pair!r}"
                call.fail(CALL_ARGUMENTS, name="unflatten", problem=problem)
        given = tuple(pair[1] for pair in given)
    return sizes(call, (given,))


@models("torch.nn.Flatten")
class Flatten(Layer):
    """(N, *) gives (N, product of *): the axes from start_dim to end_dim become one."""

    def __init__(self, call: Call, start_dim: object = 1, end_dim: object = -1) -> None:
        super().__init__(call)
        for name, dim in {"start_dim": start_dim, "end_dim": end_dim}.items():
            if dim is None or isinstance(dim, (bool, float, str, list, tuple, dict, type)):
                problem = f"argument '{name}' takes an integer, not {dim!r}"
                call.fail(CALL_ARGUMENTS, at=name, name="Flatten", problem=problem)
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, call: Call, input: Tensor) -> Tensor:
        start, end = self.start_dim, self.end_dim
        if not isinstance(start, int) or not isinstance(end, int):
            return Tensor(Unknown("the axes to flatten are not known"), dtype=input.dtype)
        return flatten(call, input, start, end)

    def describe(self) -> str:
        return f"Flatten({self.start_dim} to {self.end_dim})"


@models("torch.nn.Unflatten")
class Unflatten(Layer):
    """One axis becomes several, whose product it is; a size of -1 is computed."""

    def __init__(self, call: Call, dim: object, unflattened_size: object) -> None:
        super().__init__(call)
        if unflattened_size is None or isinstance(unflattened_size, (int, float, str)):
            problem = f"argument 'unflattened_size' takes a tuple, not {unflattened_size!r}"
            call.fail(CALL_ARGUMENTS, at="unflattened_size", name="Unflatten", problem=problem)
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, call: Call, input: Tensor) -> Tensor:
        if self.dim is None or isinstance(self.dim, (float, str, list, tuple, dict, type)):
            problem = f"argument 'dim' takes an integer, not {self.dim!r}"
            call.fail(CALL_ARGUMENTS, name="Unflatten", problem=problem)
        if not isinstance(self.dim, int):
            return Tensor(Unknown("the axis to unflatten is not known"), dtype=input.dtype)
        axis = call.axis(input.rank, self.dim)
        return split_axis(call, input, axis, self.unflattened_size, at="input")

    def describe(self) -> str:
        return f"Unflatten({self.dim})"


# -- axes of size 1 ---------------------------------------------------------------------------


@op("torch.unsqueeze")
@method("unsqueeze", "unsqueeze_")
def unsqueeze(call: Call, input: Tensor, dim: int) -> Tensor:
    """With a new axis of size 1."""
    return insert(input, call.axis(input.rank + 1, dim))


@op("torch.squeeze")
@method("squeeze", "squeeze_")
def squeeze(call: Call, input: Tensor, dim: object = MISSING) -> Tensor:
    """Without axes of size 1, or without those named that have it."""
    wanted = list(range(input.rank)) if dim is MISSING else integers(dim)
    if isinstance(wanted, Unknown):
        return Tensor(wanted, dtype=input.dtype)
    axes = [call.axis(input.rank, d) for d in wanted]
    if len(set(axes)) < len(axes):
        call.fail(ALWAYS_RAISES, at="dim", error="RuntimeError: a dimension is named twice")
    for axis in sorted(axes, reverse=True) if input.rank else ():
        single = equal(input.sizes[axis], 1)
        if single is None:
            why = f"squeeze drops axis {axis} only if its size {input.sizes[axis]} is 1"
            return Tensor(Unknown(why), dtype=input.dtype)
        if single:
            input = drop(input, axis)
    return input


# -- the order of axes ------------------------------------------------------------------------


def ordered(call: Call, input: Tensor, order: list[int] | Unknown) -> Tensor:
    """The rule of `permute`."""
    if isinstance(order, Unknown):
        return any_order(input) if input.known else Tensor(order, dtype=input.dtype)
    if not input.known:
        return Tensor(fresh(len(order)), dtype=input.dtype)
    if len(order) != input.rank:
        error = f"RuntimeError: {len(order)} dimensions are ordered, the tensor has {input.rank}"
        call.fail(ALWAYS_RAISES, at="dims", error=error)
    axes = [call.axis(input.rank, d, at="dims") for d in order]
    if len(set(axes)) < len(axes):
        call.fail(ALWAYS_RAISES, at="dims", error="RuntimeError: a dimension is ordered twice")
    return permute(input, axes)


def any_order(input: Tensor) -> Tensor:
    """The axes in an order that is not known."""
    links = (lost(*input.axes),) * input.rank
    return rebuilt(input, fresh(input.rank), links, SCATTERED)


@op("torch.permute")
def torch_permute(call: Call, input: AnyRank, dims: object) -> Tensor:
    """The axes in the order given."""
    return ordered(call, input, integers(dims))


@method("permute")
def tensor_permute(call: Call, self: AnyRank, *dims: object, **names: object) -> Tensor:
    """The axes in the order given."""
    return ordered(call, self, several(listed(call, dims, names, "dims")))


def swapped(call: Call, input: Tensor, a: int, b: int, names: tuple[str, str]) -> Tensor:
    """Two axes exchanged."""
    first = call.axis(input.rank, a, at=names[0])
    second = call.axis(input.rank, b, at=names[1])
    if not input.rank:
        return input
    order = list(range(input.rank))
    order[first], order[second] = second, first
    return permute(input, order)


@op("torch.transpose", "torch.swapdims")
@method("transpose", "transpose_", "swapdims", "swapdims_")
def transpose(call: Call, input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes change places."""
    return swapped(call, input, dim0, dim1, ("dim0", "dim1"))


@op("torch.swapaxes")
@method("swapaxes", "swapaxes_")
def swapaxes(call: Call, input: Tensor, axis0: int, axis1: int) -> Tensor:
    """Two axes change places."""
    return swapped(call, input, axis0, axis1, ("axis0", "axis1"))


@op("torch.movedim", "torch.moveaxis")
@method("movedim", "moveaxis")
def movedim(call: Call, input: Tensor, source: object, destination: object) -> Tensor:
    """The axes named stand elsewhere, the others in their order."""
    origins, targets = integers(source), integers(destination)
    if isinstance(origins, Unknown) or isinstance(targets, Unknown):
        return any_order(input)
    origins = [call.axis(input.rank, d, at="source") for d in origins]
    targets = [call.axis(input.rank, d, at="destination") for d in targets]
    if isinstance(source, int) != isinstance(destination, int):
        problem = "source and destination are both integers, or both tuples of integers"
        call.fail(CALL_ARGUMENTS, at="source", name="movedim", problem=problem)
    if len(origins) != len(targets) or any(len(set(x)) < len(x) for x in (origins, targets)):
        call.fail(ALWAYS_RAISES, at="source", error="RuntimeError: the dimensions do not pair")
    if not input.rank:
        return input
    placed = dict(zip(targets, origins, strict=True))
    rest = iter(i for i in range(input.rank) if i not in origins)
    return permute(input, [placed[i] if i in placed else next(rest) for i in range(input.rank)])


@op("torch.t")
@method("t", "t_")
def t(call: Call, input: Tensor) -> Tensor:
    """(a, b) gives (b, a); (n,) and a number stay."""
    if input.rank > 2:
        error = f"RuntimeError: t() takes at most 2 dimensions, the tensor has {input.rank}"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    return permute(input, list(reversed(range(input.rank))))


@attribute("T")
def reversed_axes(self: Tensor) -> Value:
    """The axes in reverse order."""
    if isinstance(self.shape, Unknown):
        return Tensor(Unknown(self.shape.why), dtype=self.dtype)
    return permute(self, list(reversed(range(self.rank))))


@checked_attribute("H")
def conjugate_transposed(call: Call, self: Tensor) -> Tensor:
    """The two axes of a matrix swapped."""
    if self.rank not in {0, 2}:
        error = f"RuntimeError: H is of matrices, the tensor has {self.rank} dimensions"
        call.fail(ALWAYS_RAISES, error=error)
    return permute(self, list(reversed(range(self.rank))))


@checked_attribute("mT", "mH")
def matrix_transposed(call: Call, self: Tensor) -> Tensor:
    """The last two axes swapped."""
    rank = self.rank
    if not rank:
        return self
    if rank < 2:
        error = f"RuntimeError: mT and mH are of matrices, the tensor has {rank} dimensions"
        call.fail(ALWAYS_RAISES, error=error)
    return permute(self, [*range(rank - 2), rank - 1, rank - 2])


@op("torch.adjoint")
@method("adjoint")
def adjoint(call: Call, input: Tensor) -> Tensor:
    """(*, a, b) gives (*, b, a)."""
    if input.rank == 1:
        call.fail(ALWAYS_RAISES, at="input", error="RuntimeError: adjoint() takes matrices")
    return swapped(call, input, -2, -1, ("input", "input")) if input.rank else input


@op("torch.rot90")
@method("rot90")
def rot90(call: Call, input: Tensor, k: int = 1, dims: object = (0, 1)) -> Tensor:
    """For odd k the sizes of the two axes change places."""
    plane = integers(dims)
    if isinstance(plane, Unknown):
        return any_order(input)
    if len(plane) != 2 or input.rank < 2:
        call.fail(ALWAYS_RAISES, at="dims", error="RuntimeError: rot90 takes two dimensions")
    first, second = (call.axis(input.rank, d, at="dims") for d in plane)
    if first == second:
        call.fail(
            ALWAYS_RAISES, at="dims", error="RuntimeError: rot90 takes two different dimensions"
        )
    turned = swapped(call, input, first, second, ("dims", "dims")) if k % 2 else input
    return turned.like(turned.sizes)
