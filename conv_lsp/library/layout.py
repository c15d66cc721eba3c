"""Memory layout: torch's strides, and the verbs that rearrange axes with their links and strides.

A view never moves data, so what `view` accepts depends on the strides. None stands for a
contiguous tensor; a layout that cannot be told in plain integers is SCATTERED, and nothing is
concluded from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from conv_lsp.axes import Axis, cut, joined, lost, merged, slid
from conv_lsp.dims import Dim, divide_exactly, equal, less, product
from conv_lsp.values import SCATTERED, Shape, Strides, Tensor
from conv_lsp.windows import Crop, Expand, Repeat

REFUSED: Final = "refused"
"""What `viewed` gives where torch raises."""

Group: TypeAlias = tuple[list[int], list[int]]
"""Old axes and the new axes with as many elements."""


# -- strides ----------------------------------------------------------------------------------


def strides_of(input: Tensor) -> tuple[int, ...] | None:
    """The strides in elements; None where they are not known or not plain integers."""
    if input.strides is not None:
        return input.strides if input.strides or not input.rank else None
    return contiguous_strides(input.sizes)


def contiguous_strides(shape: Shape) -> tuple[int, ...] | None:
    """Of a tensor in row-major order; None where a symbol is among the inner sizes."""
    strides: list[int] = []
    step = 1
    for position, size in enumerate(reversed(shape), 1):
        strides.append(step)
        if isinstance(size, int):
            step *= max(size, 1)
        elif position < len(shape):
            return None
    return tuple(reversed(strides))


def layout(shape: Shape, strides: tuple[int, ...] | None) -> Strides:
    """As a tensor keeps it: None if contiguous, axes of size 1 apart."""
    if strides is None:
        return SCATTERED
    if 0 in shape:
        return None
    expected: Dim = 1
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if size != 1:
            if stride != expected:
                return strides
            expected = expected * size
    return None


def viewed(input: Tensor, shape: Shape) -> Strides | Literal["refused"]:
    """The layout of a view of another shape with as many elements, or REFUSED.

    torch's rule: axes that lie together in memory form a chunk, and the new axes must not reach
    across chunks. What depends on the size of a symbol gives SCATTERED.
    """
    old = input.sizes
    if input.strides is None or 0 in old or not old:
        return None
    strides = strides_of(input)
    if strides is None:
        return SCATTERED
    new: list[int] = []
    base = strides[-1]
    chunk: Dim = 1
    for axis in range(len(old) - 1, -1, -1):
        chunk = chunk * old[axis]
        if axis and (old[axis - 1] == 1 or strides[axis - 1] == chunk * base):
            continue
        # An axis of unknown size above may have one unit, and then it ends no chunk.
        certain = not axis or isinstance(old[axis - 1], int)
        filled = _fill(new, shape, base, chunk)
        same = None if filled is None else equal(filled, chunk)
        if not same:
            return REFUSED if same is False and certain else SCATTERED
        base, chunk = strides[axis - 1], 1
    if len(new) < len(shape):
        return SCATTERED
    return layout(shape, tuple(reversed(new)))


def _fill(new: list[int], shape: Shape, base: int, chunk: Dim) -> Dim | None:
    """Append strides of new axes, last first, until they hold a chunk; the elements they hold."""
    filled: Dim = 1
    while len(new) < len(shape):
        size = shape[-1 - len(new)]
        room = less(filled, chunk)
        if room is None or not isinstance(filled, int):
            return filled if filled == chunk else None
        if not room and size != 1:
            break
        new.append(filled * base)
        filled = filled * size
    return filled


def elementwise(shape: Shape, operands: Sequence[Tensor]) -> Strides:
    """The layout of a result that is computed element by element from broadcast operands.

    As torch's TensorIterator: the axes are sorted by the operands' strides, the result is dense.
    """
    if all(t.strides is None for t in operands):
        return None
    rows: list[tuple[int, ...]] = []
    for t in operands:
        strides = strides_of(t)
        if strides is None:
            return SCATTERED
        missing = len(shape) - t.rank
        sizes = (*(1,) * missing, *t.sizes)
        if not all(isinstance(s, int) for s in sizes[1:]):
            return SCATTERED
        if t.rank:
            full = (*(0,) * missing, *strides)
            broadcast = zip(sizes, full, shape, strict=True)
            rows.append(tuple(0 if s == 1 and whole != 1 else step for s, step, whole in broadcast))
    if not all(isinstance(s, int) for s in shape[1:]):
        return SCATTERED
    order = iteration_order(shape, rows)
    strides_out = [0] * len(shape)
    step: Dim = 1
    for axis in order:
        if not isinstance(step, int):
            return SCATTERED
        strides_out[axis] = step
        step = step * shape[axis]
    return layout(shape, tuple(strides_out))


def iteration_order(shape: Shape, rows: Sequence[tuple[int, ...]]) -> list[int]:
    """The axes, fastest first: insertion sort by the first operand that tells two apart."""
    order = list(range(len(shape) - 1, -1, -1))

    def after(a: int, b: int) -> int:
        for row in rows:
            left, right = row[a], row[b]
            if left == 0 or right == 0:
                continue
            if left != right:
                return -1 if left < right else 1
            if less(shape[b], shape[a]):
                return 1
        return 0

    for i in range(1, len(order)):
        at = i
        for before in range(i - 1, -1, -1):
            comparison = after(order[before], order[at])
            if comparison > 0:
                order[before], order[at] = order[at], order[before]
                at = before
            elif comparison < 0:
                break
    return order


def joined_layout(parts: Sequence[Tensor]) -> Strides:
    """The layout of what `cat` makes: row-major, unless all parts have their channels last."""
    if any(t.strides is None for t in parts):
        return None
    return SCATTERED if parts[0].rank in {4, 5} else None


# -- verbs ------------------------------------------------------------------------------------


def permute(input: Tensor, order: Sequence[int]) -> Tensor:
    """The axes in another order."""
    shape, axes = input.sizes, input.axes
    sizes = tuple(shape[i] for i in order)
    strides = input.strides
    kept = [i for i in order if shape[i] != 1]
    if strides is not None or kept != sorted(kept):
        old = strides_of(input)
        strides = layout(sizes, None if old is None else tuple(old[i] for i in order))
    return rebuilt(input, sizes, tuple(axes[i] for i in order), strides)


def reshape(input: Tensor, shape: Shape, strides: Strides = None) -> Tensor:
    """The elements in row-major order under another shape; the links follow where they can.

    An axis that stays keeps its link, axes that are flattened together are merged.
    """
    axes: list[Axis | None] = []
    seen = input.seen
    for olds, news in groups(input.sizes, shape):
        links = [input.axes[i] for i in olds]
        wide = [i for i in news if shape[i] != 1]
        if len(olds) == len(news) == 1:
            axes.append(links[0])
            continue
        gone = [a for i, a in zip(olds, links, strict=True) if input.sizes[i] == 1]
        if any(gone):
            seen = joined(seen, *gone)
        rest = [i for i in olds if input.sizes[i] != 1]
        made = iter(regrouped(input, rest, tuple(shape[i] for i in wide)))
        axes.extend(next(made) if i in wide else None for i in news)
    return rebuilt(input, shape, tuple(axes), strides, seen=seen)


def regrouped(input: Tensor, olds: list[int], sizes: Shape) -> tuple[Axis | None, ...]:
    """The links of new axes of such sizes that hold the elements of some old ones."""
    links = [input.axes[i] for i in olds]
    if len(olds) == 1:
        return cut(links[0], input.sizes[olds[0]], sizes)
    if len(sizes) != 1 or not any(links):
        return (lost(*links),) * len(sizes)
    run = product(input.sizes[i] for i in olds[1:])
    if not any(links[1:]) and isinstance(run, int):
        return (slid(Repeat(run), links[0], input.sizes[olds[0]]),)
    return (merged(*links, sizes=tuple(input.sizes[i] for i in olds)),)


def rebuilt(
    input: Tensor,
    shape: Shape,
    axes: tuple[Axis | None, ...],
    strides: Strides,
    *,
    seen: Axis | None = None,
) -> Tensor:
    """A tensor of the same elements: dtype and what all of them depend on stay."""
    result = Tensor(shape, axes, seen=seen or input.seen, dtype=input.dtype, strides=strides)
    if input.data is not None or input.family is not None:
        if input.family is None:
            input.family = [input]
        input.family.append(result)
        result.family = input.family
    return result


def groups(old: Shape, new: Shape) -> list[Group]:
    """Runs of old and new axes that hold the same elements, as short as can be told."""
    found: list[Group] = []
    i = j = 0
    while i < len(old) and j < len(new) and old[i] == new[j]:
        found.append(([i], [j]))
        i, j = i + 1, j + 1
    ending: list[Group] = []
    m, n = len(old), len(new)
    while m > i and n > j and old[m - 1] == new[n - 1]:
        m, n = m - 1, n - 1
        ending.append(([m], [n]))
    found.extend(_middle(old, new, list(range(i, m)), list(range(j, n))))
    return [*found, *reversed(ending)]


def _middle(old: Shape, new: Shape, olds: list[int], news: list[int]) -> list[Group]:
    """As `groups`, where neither end is the same."""
    found: list[Group] = []
    while olds or news:
        if olds and news and old[olds[0]] == new[news[0]]:
            found.append(([olds.pop(0)], [news.pop(0)]))
        elif olds and old[olds[0]] == 1:
            found.append(([olds.pop(0)], []))
        elif news and new[news[0]] == 1:
            found.append(([], [news.pop(0)]))
        else:
            count = _run(old, new, olds, news)
            found.append((olds[: count[0]], news[: count[1]]))
            del olds[: count[0]], news[: count[1]]
    return found


def _run(old: Shape, new: Shape, olds: list[int], news: list[int]) -> tuple[int, int]:
    """How many of each make the shortest run with as many elements; all of them if none is told."""
    if not olds or not news:
        return len(olds), len(news)
    i = j = 1
    left, right = old[olds[0]], new[news[0]]
    while left != right:
        if i < len(olds) and _divides(left, right):
            left = left * old[olds[i]]
            i += 1
        elif j < len(news) and _divides(right, left):
            right = right * new[news[j]]
            j += 1
        elif isinstance(left, int) and isinstance(right, int) and left < right and i < len(olds):
            left = left * old[olds[i]]
            i += 1
        elif isinstance(left, int) and isinstance(right, int) and right < left and j < len(news):
            right = right * new[news[j]]
            j += 1
        else:
            return len(olds), len(news)
    return i, j


def _divides(part: Dim, whole: Dim) -> bool:
    return part not in {0, whole} and divide_exactly(whole, part) is not None


def expand(input: Tensor, shape: Shape) -> Tensor:
    """Axes of size 1 repeated to the sizes of `shape`, new ones in front; moves no data."""
    new = len(shape) - input.rank
    old = strides_of(input)
    axes: list[Axis | None] = [None] * new
    strides = [0] * new
    for i, size in enumerate(input.sizes):
        grown = size == 1 and shape[new + i] != 1
        link = input.axes[i]
        axes.append(slid(Expand(shape[new + i]), link, 1) if grown else link)
        strides.append(0 if grown or old is None else old[i])
    links = tuple(axes)
    if shape[new:] == input.sizes and all(size == 1 for size in shape[:new]):
        return rebuilt(input, shape, links, input.strides if not new else _kept(input, new))
    # An axis whose size is a symbol is grown where that is 1, and left as it is otherwise.
    certain = all(size in {1, shape[new + i]} for i, size in enumerate(input.sizes))
    known = tuple(strides) if certain and old is not None else None
    return rebuilt(input, shape, links, layout(shape, known))


def crop(input: Tensor, axis: int, start: Dim, length: Dim, step: Dim = 1) -> Tensor:
    """`length` units of an axis from `start`, every `step`-th, as a slice gives them."""
    size = input.sizes[axis]
    if start == 0 and step == 1 and length == size:
        return input
    shape = (*input.sizes[:axis], length, *input.sizes[axis + 1 :])
    link = slid(Crop(start, length, step), input.axes[axis], size)
    axes = (*input.axes[:axis], link, *input.axes[axis + 1 :])
    old = strides_of(input)
    strides: Strides = SCATTERED
    if old is not None and isinstance(step, int):
        strides = layout(shape, (*old[:axis], old[axis] * step, *old[axis + 1 :]))
    return rebuilt(input, shape, axes, strides)


def drop(input: Tensor, axis: int) -> Tensor:
    """Without an axis of size 1: all elements depend on what its one unit depends on."""
    shape = (*input.sizes[:axis], *input.sizes[axis + 1 :])
    axes = (*input.axes[:axis], *input.axes[axis + 1 :])
    strides = input.strides
    if strides:
        strides = layout(shape, (*strides[:axis], *strides[axis + 1 :]))
    return rebuilt(input, shape, axes, strides, seen=joined(input.seen, input.axes[axis]))


def insert(input: Tensor, axis: int) -> Tensor:
    """With a new axis of size 1."""
    shape = (*input.sizes[:axis], 1, *input.sizes[axis:])
    axes = (*input.axes[:axis], None, *input.axes[axis:])
    strides = input.strides
    if strides:
        step = strides[axis] * _int(input.sizes[axis]) if axis < input.rank else 1
        strides = (*strides[:axis], step, *strides[axis:])
    return rebuilt(input, shape, axes, strides)


def _int(size: Dim) -> int:
    # The stride of an axis of size 1 is never asked for; any number will do.
    return size if isinstance(size, int) else 1


def _kept(input: Tensor, new: int) -> Strides:
    strides = input.strides
    return (*(0,) * new, *strides) if strides else strides
