"""`tensor[index]` and `tensor[index] = value`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from conv_lsp.axes import Axis, joined, lost
from conv_lsp.dims import (
    Dim,
    Expr,
    ceil_div,
    equal,
    less,
    lower_bound,
    maximum,
    minimum,
    product,
    proves_unequal,
    unknown_size,
    upper_bound,
)
from conv_lsp.findings import ALWAYS_RAISES, AXIS_RANGE, BROADCAST, INDEX_RANGE
from conv_lsp.library.algebra import FLOATS, show, wider
from conv_lsp.library.constants import constant, flat, ragged
from conv_lsp.library.dtypes import DType
from conv_lsp.library.layout import crop, drop, insert
from conv_lsp.library.raising import (
    INDEX,
    INTEGERS,
    certainly_raises,
    require_same_dtype,
    writable,
)
from conv_lsp.library.registry import AnyRank, Call, op
from conv_lsp.values import SCATTERED, UNTYPED, List, Shape, Tensor, Unknown, Value

WHOLE: Final = slice(None)
NOT_KNOWN: Final = "the index is not known"


@op("operator.getitem")
def getitem(call: Call, self: AnyRank, index: object) -> Tensor:
    """The part of a tensor that an index tells."""
    given = as_tuple(index)
    for part in given:
        check_part(call, part)
    parts = [as_part(p) for p in given]
    unknown = next((p for p in parts if isinstance(p, Unknown)), None)
    if unknown is not None:
        return Tensor(unknown, dtype=self.dtype)
    if not self.known:
        return Tensor(Unknown(self.shape.why), dtype=self.dtype)  # type: ignore[union-attr]
    result = indexed(call, self, parts)
    if self.data is not None and result is not self:
        result.data = item_of(self.data, parts)
    return result


def as_tuple(index: Value) -> Sequence[Value]:
    """The parts of an index; a list that holds more than numbers stands for a tuple."""
    if isinstance(index, tuple):
        return index
    if (
        isinstance(index, list)
        and not getattr(index, "vague", "")
        and any(isinstance(p, _COMPOUND) or p is None for p in index)
    ):
        return index
    return [index]


_COMPOUND = (slice, Tensor, list, tuple, type(Ellipsis))


def check_part(call: Call, part: Value) -> None:
    """Complains about what is no index whatever the sizes are."""
    if isinstance(part, slice):
        for given in (part.start, part.stop, part.step):
            check_bound(call, given)
    elif isinstance(part, (list, tuple)):
        check_list(call, part)
    elif isinstance(part, _NO_INDEX):
        certainly_raises(call, "IndexError", f"{part!r} is no index", at="index")
    elif isinstance(part, Tensor) and part.known and part.dtype != UNTYPED:
        kinds = (*INTEGERS, *_MASKS) if not part.rank else (*INDEX, *_MASKS)
        if part.dtype not in kinds:
            why = f"a tensor of {part.dtype} is no index, int64 or bool is taken"
            certainly_raises(call, "IndexError", why, at="index")


def check_list(call: Call, part: Sequence[Value]) -> None:
    """Nested lists of numbers, of equal length in each depth."""
    wrong = next((p for p in flat(part) if isinstance(p, (complex, str, dict))), None)
    if wrong is not None:
        certainly_raises(call, "TypeError", f"{wrong!r} is no index", at="index")
    if ragged(part):
        certainly_raises(call, "ValueError", "lists of different lengths", at="index")


_NO_INDEX = (float, complex, str, dict, set, type, DType)


def check_bound(call: Call, given: Value) -> None:
    """A bound of a slice is one integer."""
    wrong = isinstance(given, (float, complex, str, list, tuple))
    if isinstance(given, Tensor) and given.known and given.dtype != UNTYPED:
        whole = given.dtype in (*INTEGERS, "bool")
        wrong = not whole or proves_unequal(product(given.sizes), 1)
    if wrong:
        why = f"a bound of a slice is an integer, not {given}"
        certainly_raises(call, "TypeError", why, at="index")


def as_part(part: Value) -> Value:
    """A part of an index as an int, a slice, None, Ellipsis, or a tensor; Unknown if none."""
    if isinstance(part, List) and part.vague:
        return Unknown(f"the index is not known: {part.vague}")
    if isinstance(part, (list, tuple, range)):
        flags = bool(part) and all(isinstance(p, bool) for p in part)
        return constant(list(part), "bool" if flags else "int64")
    if isinstance(part, Tensor):
        if not part.known:
            return part.shape
        if part.dtype == UNTYPED:
            return of_untold_type(part)
        if not part.rank and part.dtype not in _MASKS:
            return part.data if isinstance(part.data, int) else unknown_size()
        return part
    if isinstance(part, slice):
        bounds = (part.start, part.stop, part.step)
        return slice(*map(bound, bounds)) if any(isinstance(b, Tensor) for b in bounds) else part
    if part is None or part is Ellipsis or isinstance(part, (int, Expr)):
        return part
    if isinstance(part, Unknown):
        told = part.why.startswith(NOT_KNOWN)
        return Unknown(part.why if told else f"{NOT_KNOWN}: {part.why}")
    return Unknown(f"an index of type {type(part).__name__} is not followed")


def of_untold_type(part: Tensor) -> Value:
    """An index tensor that may hold numbers or be a mask: of one axis, it leaves some units."""
    if part.rank != 1:
        return Unknown(f"{NOT_KNOWN}: whether it is a mask")
    return Tensor((unknown_size(),), part.axes, seen=part.seen, dtype="int64")


def bound(value: Value) -> Value:
    """A bound of a slice; a tensor's number where it is known."""
    if not isinstance(value, Tensor):
        return value
    return value.data if isinstance(value.data, int) else Unknown("a tensor's value")


def consumed(part: Value) -> int:
    """How many axes a part of an index stands for."""
    if part is None or part is Ellipsis or isinstance(part, bool):
        return 0
    if isinstance(part, Tensor) and part.dtype in _MASKS:
        return part.rank
    return 1


_MASKS: Final = ("bool", "uint8")


def indexed(call: Call, input: Tensor, parts: Sequence[Value]) -> Tensor:
    """Slices, ints and None from the first axis on, then all index tensors together."""
    rank = input.rank
    open_axes = rank - sum(map(consumed, parts))
    if open_axes < 0:
        call.fail(AXIS_RANGE, at="index", dim=rank, rank=rank)
    chosen: list[tuple[int, Tensor]] = []
    axis = 0
    for part in parts:
        if part is Ellipsis:  # a second one moves on once more
            axis += open_axes
        elif axis >= input.rank and isinstance(part, slice) and from_start(part):
            axis += 1  # torch does not look at it
        elif axis + consumed(part) > input.rank:
            call.fail(AXIS_RANGE, at="index", dim=axis, rank=input.rank)
        elif isinstance(part, slice):
            input = input if part == WHOLE else sliced(call, input, axis, part)
            axis += 1
        elif isinstance(part, Tensor) and not part.rank:
            input = insert(input, axis)
            chosen.append((axis, hits(part)))
            axis += 1
        elif isinstance(part, Tensor):
            for picks in index_tensors(call, input, axis, part):
                chosen.append((axis, picks))
                axis += 1
        elif part is None or isinstance(part, bool):
            input = insert(input, axis)
            if part is not None:
                chosen.append((axis, Tensor((int(part),), dtype="int64")))
            axis += 1
        else:
            input = selected(call, input, axis, part)
    return gathered(call, input, chosen) if chosen else input


def from_start(part: slice) -> bool:
    """Whether a slice takes every unit from the first one on."""
    return part.start in (None, 0) and part.step in (None, 1)


def selected(call: Call, input: Tensor, axis: int, index: Dim) -> Tensor:
    """One unit of an axis."""
    size = input.sizes[axis]
    inside = less(index, size)
    if inside is None and isinstance(index, int):
        call.host.need(("<", index, size), INDEX_RANGE, call.site)
    if inside is False or less(index, -size) is True:
        call.fail(INDEX_RANGE, at="index", index=index, dim=axis, size=size)
    place: Dim
    if isinstance(index, int):
        place = index if index >= 0 else size + index
    else:
        lowest = lower_bound(index)
        place = index if lowest is not None and lowest >= 0 else unknown_size()
    return drop(crop(input, axis, place, 1), axis)


def sliced(call: Call, input: Tensor, axis: int, part: slice) -> Tensor:
    """A slice of an axis; bounds may be symbolic."""
    step = 1 if part.step is None else part.step
    if isinstance(step, int) and step < 1:
        error = f"ValueError: the step of a slice is {step}, which is not positive"
        call.fail(ALWAYS_RAISES, at="index", error=error)
    size = input.sizes[axis]
    start = place_of(part.start, size, 0)
    stop = place_of(part.stop, size, size)
    if start is None or stop is None or not isinstance(step, (int, Expr)):
        return crop(input, axis, unknown_size(), unknown_size(), unknown_size())
    length = maximum(stop - start, 0)
    return crop(input, axis, start, length if step == 1 else ceil_div(length, step), step)


def place_of(given: Value, size: Dim, default: Dim) -> Dim | None:
    """A bound of a slice between 0 and the size; None where it is not known."""
    if given is None:
        return default
    if not isinstance(given, (int, Expr)):
        return None
    place: Dim = given
    lowest, highest = lower_bound(place), upper_bound(place)
    if lowest is not None and lowest >= 0:
        return minimum(place, size)
    if highest is not None and highest < 0:
        return maximum(size + place, 0)
    return None


def index_tensors(call: Call, input: Tensor, axis: int, part: Tensor) -> list[Tensor]:
    """Index tensors for the axes that a part stands for; a mask stands for as many as it has."""
    if part.dtype not in _MASKS:
        return [part]
    for i, got in enumerate(part.sizes):
        want = input.sizes[axis + i]
        if call.differ(ALWAYS_RAISES, got, want):
            error = f"IndexError: the mask has size {got} at dimension {i}, the tensor has {want}"
            call.fail(ALWAYS_RAISES, at="index", error=error)
    return [hits(part)] * part.rank


def hits(mask: Tensor) -> Tensor:
    """The places where a mask is true, on one of its axes."""
    flags = flat(mask.data)
    known = all(isinstance(flag, (bool, int)) for flag in flags)
    count = sum(map(bool, flags)) if known else unknown_size()
    return Tensor((count,), seen=joined(mask.seen, *mask.axes), dtype="int64")


def gathered(call: Call, input: Tensor, chosen: Sequence[tuple[int, Tensor]]) -> Tensor:
    """Axes replaced by the common shape of their index tensors, at the front if they lie apart."""
    shape = picked_shape(call, [picks for _, picks in chosen])
    axes = [axis for axis, _ in chosen]
    check_range(call, input, shape, chosen)
    together = axes == list(range(axes[0], axes[0] + len(axes)))
    kept = [i for i in range(input.rank) if i not in axes]
    at = axes[0] if together else 0
    before, after = kept[:at], kept[at:]
    # What is picked, and by which index, may be anywhere.
    link = lost(*(input.axes[i] for i in axes), *(a for _, p in chosen for a in p.axes))
    links: list[Axis | None] = [link if size != 1 else None for size in shape]
    return Tensor(
        (*(input.sizes[i] for i in before), *shape, *(input.sizes[i] for i in after)),
        (*(input.axes[i] for i in before), *links, *(input.axes[i] for i in after)),
        seen=joined(input.seen, *(p.seen for _, p in chosen), None if any(links) else link),
        dtype=input.dtype,
        strides=None if input.strides is None else SCATTERED,
    )


def check_range(
    call: Call, input: Tensor, shape: Shape, chosen: Sequence[tuple[int, Tensor]]
) -> None:
    """Numbers in index tensors must be units of their axes; where nothing is picked, any will do."""
    axes = [axis for axis, _ in chosen]
    rest = [size for i, size in enumerate(input.sizes) if i not in axes]
    if 0 in shape or (0 in rest and all(input.sizes[axis] != 0 for axis in axes)):
        return
    for axis, picks in chosen:
        size = input.sizes[axis]
        for value in flat(picks.data):
            if isinstance(value, int) and isinstance(size, int) and not -size <= value < size:
                call.fail(INDEX_RANGE, at="index", index=value, dim=axis, size=size)


def picked_shape(call: Call, tensors: Sequence[Tensor]) -> tuple[Dim, ...]:
    """The common shape of index tensors."""
    rank = max(t.rank for t in tensors)
    shape: list[Dim] = [1] * rank
    for tensor in tensors:
        for i, size in enumerate(tensor.sizes, rank - tensor.rank):
            if size == 1 or equal(size, shape[i]):
                continue
            if shape[i] == 1:
                shape[i] = size
            elif all(map(proves_unequal, (size, size, shape[i]), (shape[i], 1, 1))):
                given = " and ".join(show(t.shape) for t in tensors)
                error = f"IndexError: the index tensors {given} do not broadcast"
                call.fail(ALWAYS_RAISES, at="index", error=error)
            else:
                shape[i] = wider(shape[i], size)
    return tuple(shape)


def item_of(data: object, parts: Sequence[Value]) -> object:
    """The numbers that ints and slices leave of nested lists."""
    if not parts:
        return data
    head, rest = parts[0], parts[1:]
    if not isinstance(data, list):
        return None
    try:
        if isinstance(head, bool):
            return None
        if isinstance(head, int):
            return item_of(data[head], rest)
        if isinstance(head, slice):
            found = [item_of(row, rest) for row in data[head]]
            return None if None in found else found
    except (TypeError, IndexError):
        return None
    return None


@op("operator.setitem")
def setitem(call: Call, self: AnyRank, index: object, value: object) -> None:
    """Checks that the value fits the place; the tensor's numbers are no longer known."""
    self.data = None
    target = getitem(call, self, index)
    check_value(call, self, value)
    if index is True:
        writable(call, self)  # read it picks a copy, written it is the same as None
    elif not any(isinstance(p, (Tensor, list, range)) for p in as_tuple(index)):
        writable(call, target)
    if not isinstance(value, Tensor):
        return
    if index is not True and index is not False and any(map(flag, as_tuple(index))):
        require_same_dtype(call, value, self, at="value")
    put(call, self, as_tuple(index), target, value)
    links = (value.seen, *value.axes)
    if any(links):
        self.seen = joined(self.seen, lost(*links))


def check_value(call: Call, self: Tensor, value: Value) -> None:
    """Numbers and tensors can be put into a tensor."""
    own = self.__class__ is Tensor  # arrays take more
    if own and (isinstance(value, (list, tuple, str, dict, type)) or value is None):
        kind = "None" if value is None else f"a {type(value).__name__.lower()}"
        certainly_raises(call, "TypeError", f"{kind} cannot be put into a tensor", at="value")
    # Of truth values it only matters whether the number is 0.
    if isinstance(value, complex) and value.imag and self.dtype in (*INTEGERS, *FLOATS):
        certainly_raises(call, "RuntimeError", f"{value} is no {self.dtype}", at="value")


def put(
    call: Call,
    self: Tensor,
    parts: Sequence[Value],
    target: Tensor,
    value: Tensor,
    at: str = "value",
) -> None:
    """A tensor must fit the place where it is put, and be of one type where that is picked."""
    if not target.known or not value.known:
        return
    picked = [p for p in parts if isinstance(p, (list, range)) or ranked(p)]
    if any(map(whole_numbers, picked)) or (picked and value.sizes != (1,) * value.rank):
        require_same_dtype(call, value, self, at=at)
    shape = value.sizes
    if at != "value" and len(shape) > target.rank:
        shapes = f"{show(target.shape)} and {show(shape)}"
        call.report(BROADCAST, at=at, a=target.rank, b=len(shape), dim=0, shapes=shapes)
        return
    while len(shape) > target.rank and shape[0] == 1:
        shape = shape[1:]
    fits(call, target.sizes, shape, at=at)


def ranked(part: Value) -> bool:
    """Whether a part of an index is a tensor with axes."""
    return isinstance(part, Tensor) and part.known and part.rank > 0


def flag(part: Value) -> bool:
    """Whether a part of an index is a single truth value."""
    mask = isinstance(part, Tensor) and part.shape == () and part.dtype in _MASKS
    return mask or isinstance(part, bool)


def whole_numbers(part: Value) -> bool:
    """Whether a part of an index picks units by their numbers."""
    made = as_part(part)
    return isinstance(made, Tensor) and made.known and made.dtype not in _MASKS


def fits(call: Call, place: Shape, source: Shape, at: str) -> None:
    """A source must broadcast to its place, which does not grow."""
    shapes = f"{show(place)} and {show(source)}"
    for back in range(1, len(source) + 1):
        got, want = source[-back], place[-back] if back <= len(place) else 1
        if back <= len(place) and not isinstance(got, int):
            call.host.need(("~", want, got), BROADCAST, call.site)
        if proves_unequal(got, want) and (back > len(place) or proves_unequal(got, 1)):
            dim = max(len(place) - back, 0)
            call.report(BROADCAST, at=at, a=want, b=got, dim=dim, shapes=shapes)
            return
