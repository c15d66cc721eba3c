"""einops: rearrange, reduce, repeat, einsum, pack and unpack, and the layers made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from conv_lsp.axes import Axis, joined, lost, merged, slid, whole
from conv_lsp.dims import Dim, divide_exactly, equal, product, proves_unequal, symbol
from conv_lsp.findings import EINOPS_PATTERN
from conv_lsp.library.algebra import reduce as reduced
from conv_lsp.library.einops_pattern import (
    ELLIPSIS,
    PatternError,
    Side,
    agree,
    number_of,
    parse,
    parse_side,
)
from conv_lsp.library.einsum import combined
from conv_lsp.library.layout import expand, insert, permute, reshape, viewed
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, models, op, size_of
from conv_lsp.values import List, Shape, Tensor, Unknown, Value
from conv_lsp.windows import Repeat, Window

REDUCTIONS: Final = ("min", "max", "sum", "mean", "prod", "any", "all")


@contextmanager
def explained(call: Call, pattern: str, *, at: str = "pattern") -> Iterator[None]:
    """What is wrong with a pattern inside is a finding."""
    try:
        yield
    except PatternError as error:
        call.fail(EINOPS_PATTERN, at=at, pattern=pattern, problem=error)


# -- one tensor -------------------------------------------------------------------------------


def transform(
    call: Call, input: Value, operation: str, pattern: str, lengths: Mapping[str, Value]
) -> Tensor:
    """What the pattern makes of the tensor. Several tensors are stacked first."""
    tensor = stacked(input)
    given = {name: size for name, value in lengths.items() if (size := size_of(value)) is not None}
    with explained(call, pattern):
        left, right = parse(pattern)
        agree(operation, left, right, set(lengths))
        if isinstance(tensor, Unknown):
            if isinstance(input, (Tensor, Unknown)) and not left.has_ellipsis:
                call.host.refine(tensor, named_sizes(left, {**_numbers(left), **given}))
            return Tensor(Unknown(tensor.why))
        hidden = _hidden(left, tensor.rank)
        olds, news = left.expanded(hidden), right.expanded(hidden)
        sizes = solve(tensor.sizes, olds, {**_numbers(left, right), **given})
    return moved(call, tensor, olds, news, sizes)


def stacked(input: Value) -> Tensor | Unknown:
    """A tensor of known rank; a list of tensors as one with an axis in front."""
    if isinstance(input, Tensor):
        return input if input.known else input.shape  # type: ignore[return-value]
    if isinstance(input, Unknown):
        return input
    if isinstance(input, (list, tuple)) and input and not vague(input):
        parts = [stacked(value) for value in input]
        unknown = next((p for p in parts if isinstance(p, Unknown)), None)
        tensors = [p for p in parts if isinstance(p, Tensor)]
        if unknown is not None:
            return unknown
        first = tensors[0]
        if all(t.rank == first.rank for t in tensors):
            links = [joined(*(t.axes[i] for t in tensors)) for i in range(first.rank)]
            return first.like((len(tensors), *first.sizes), (None, *links))
    return Unknown("no tensor and no list of tensors")


def vague(value: object) -> bool:
    """Whether it is a list of which not everything is known."""
    return isinstance(value, List) and bool(value.vague)


def _hidden(left: Side, rank: int) -> int:
    """How many axes the ellipsis stands for."""
    named = len(left.groups) - (1 if left.has_ellipsis else 0)
    if rank < named or (rank > named and not left.has_ellipsis):
        least = "at least " if left.has_ellipsis else ""
        raise PatternError(f"it takes {least}{named} dimensions, the tensor has {rank}")
    return rank - named


def named_sizes(left: Side, known: Mapping[str, Dim]) -> Shape:
    """A shape that the pattern takes, with its names for the sizes."""
    return tuple([product(known.get(n, symbol(n)) for n in group) for group in left.expanded(0)])


def _numbers(*sides: Side) -> dict[str, Dim]:
    return {n: value for side in sides for n in side.names if (value := number_of(n)) is not None}


def solve(
    shape: Shape, groups: Sequence[tuple[str, ...]], known: Mapping[str, Dim]
) -> dict[str, Dim]:
    """The size of every axis; at most one of a group may be left to be found."""
    sizes = dict(known)
    for size, group in zip(shape, groups, strict=True):
        missing = [name for name in group if name not in known]
        if len(missing) > 1:
            names = " and ".join(f"'{n}'" for n in missing)
            raise PatternError(f"the sizes of {names} cannot both be found")
        rest = product(known[name] for name in group if name in known)
        if missing:
            sizes[missing[0]] = quotient(size, rest)
        elif proves_unequal(size, rest):
            raise PatternError(f"'{' '.join(group) or 1}' is {rest}, the tensor has {size}")
    return sizes


def quotient(size: Dim, rest: Dim) -> Dim:
    """The size of the axis that makes up a group with the others."""
    if rest == 1:
        return size
    exact = divide_exactly(size, rest)
    if exact is not None:
        return exact
    if rest == 0 or equal(size % rest, 0) is False:
        raise PatternError(f"{size} is not a multiple of {rest}")
    return size // rest


def moved(
    call: Call,
    input: Tensor,
    olds: Sequence[tuple[str, ...]],
    news: Sequence[tuple[str, ...]],
    sizes: Mapping[str, Dim],
) -> Tensor:
    """Split, reorder, reduce, repeat and merge, as einops does it; links by the names."""
    flat = [name for group in olds for name in group]
    wanted = [name for group in news for name in group]
    kept = [name for name in wanted if name in flat]
    gone = [name for name in flat if name not in wanted]
    result = reshaped(input, tuple(sizes[name] for name in flat))
    result = permute(result, [flat.index(name) for name in (*kept, *gone)])
    if gone:
        result = reduced(call, result, list(range(len(kept), len(flat))))
    if len(wanted) > len(kept):
        for position, name in enumerate(wanted):
            if name not in flat:
                result = insert(result, position)
        result = expand(result, tuple(sizes[name] for name in wanted))
    result = reshaped(result, tuple(product(sizes[n] for n in group) for group in news))
    links = split_links(input, olds, news, sizes)
    summed = whole(*(links.get(name) for name in gone))
    return Tensor(
        result.sizes,
        tuple(merged_link(group, links, sizes) for group in news),
        seen=joined(input.seen, summed, *_dropped(input, olds)),
        dtype=input.dtype,
        strides=result.strides,
    )


def reshaped(input: Tensor, shape: Shape) -> Tensor:
    """As torch.reshape: a view where there can be one, else a copy."""
    if shape == input.sizes:
        return input
    strides = viewed(input, shape)
    return reshape(input, shape, None if isinstance(strides, str) else strides)


def _dropped(input: Tensor, olds: Sequence[tuple[str, ...]]) -> list[Axis | None]:
    """Axes of size 1 that the pattern leaves out; all elements depend on their one unit."""
    return [input.axes[i] for i, group in enumerate(olds) if not group]


# -- links ------------------------------------------------------------------------------------


def split_links(
    input: Tensor,
    olds: Sequence[tuple[str, ...]],
    news: Sequence[tuple[str, ...]],
    sizes: Mapping[str, Dim],
) -> dict[str, Axis | None]:
    """The link of each axis of the left side.

    In "(h p)" a unit of h holds a window of p units, if p goes to the features: axes without a
    link, which are mixed as a whole. Where else p goes, what a unit sees is not known.
    """
    links: dict[str, Axis | None] = {}
    plain = {
        name for group, link in zip(olds, input.axes, strict=True) if link is None for name in group
    }
    for i, group in enumerate(olds):
        link, rest = input.axes[i], [name for name in group if sizes[name] != 1]
        if link is None or len(rest) < 2:
            links.update(
                (name, link if name in rest or len(group) == 1 else None) for name in group
            )
            continue
        outer, inner = rest[0], rest[1:]
        if all(_to_features(name, news, plain) for name in inner):
            window = product(sizes[name] for name in inner)
            links.update(dict.fromkeys(group))
            links[outer] = slid(Window(window, window), link, input.sizes[i])
        else:
            links.update(dict.fromkeys(group, lost(link)))
    return links


def _to_features(name: str, news: Sequence[tuple[str, ...]], plain: set[str]) -> bool:
    """Whether an axis ends in a group with one that has no link, or is reduced."""
    group = next((g for g in news if name in g), None)
    return group is None or any(other in plain for other in group)


def merged_link(
    group: tuple[str, ...], links: Mapping[str, Axis | None], sizes: Mapping[str, Dim]
) -> Axis | None:
    """The link of a group: an axis and the finer parts of its units, or a flattening."""
    rest = [name for name in group if sizes[name] != 1]
    linked = [name for name in rest if links.get(name) is not None]
    if not linked:
        return joined(*(links.get(name) for name in group))
    if linked == rest[:1]:
        inner = product(sizes[name] for name in rest[1:])
        link = links[linked[0]]
        if len(rest) == 1:
            return link
        return slid(Repeat(inner), link, sizes[linked[0]]) if isinstance(inner, int) else lost(link)
    return merged(*(links.get(name) for name in rest))


# -- functions --------------------------------------------------------------------------------


@op("einops.rearrange")
def rearrange(call: Call, tensor: object, pattern: str, **axes_lengths: object) -> Tensor:
    return transform(call, tensor, "rearrange", pattern, axes_lengths)


@op("einops.repeat")
def repeat(call: Call, tensor: object, pattern: str, **axes_lengths: object) -> Tensor:
    return transform(call, tensor, "repeat", pattern, axes_lengths)


@op("einops.reduce")
def reduce(
    call: Call, tensor: object, pattern: str, reduction: object, **axes_lengths: object
) -> Tensor:
    if isinstance(reduction, str) and reduction not in REDUCTIONS:
        problem = f"there is no reduction '{reduction}'"
        call.fail(EINOPS_PATTERN, at="reduction", pattern=pattern, problem=problem)
    return transform(call, tensor, "reduce", pattern, axes_lengths)


@op("einops.einsum")
def einsum(call: Call, *tensors_and_pattern: Value) -> Tensor:
    """As torch.einsum, with names of any length and an arrow that has to be there."""
    *tensors, pattern = tensors_and_pattern
    parts = [stacked(tensor) for tensor in tensors]
    known = [part for part in parts if isinstance(part, Tensor)]
    for part in (*parts, pattern):
        if isinstance(part, Unknown):
            return Tensor(part)
    if not isinstance(pattern, str):
        return Tensor(Unknown("the pattern is not known"))
    with explained(call, pattern, at="tensors_and_pattern"):
        left, arrow, right = pattern.partition("->")
        if not arrow:
            raise PatternError("there is no '->'")
        sides = [parse_side(text, repeats=True, blank=True) for text in left.split(",")]
        if len(sides) != len(known):
            raise PatternError(f"it takes {len(sides)} tensors, {len(known)} are given")
        operands = [_labels(side, tensor.rank) for side, tensor in zip(sides, known, strict=True)]
        deepest = max(_hidden_of(labels) for labels in operands)
        result = _labels(parse_side(right, blank=True), None, deepest)
        strange = [x for x in result if not any(x in labels for labels in operands)]
        if strange:
            raise PatternError(f"'{strange[0]}' is on the right side only")
    return combined(call, known, operands, result)


def _labels(side: Side, rank: int | None, hidden: int = 0) -> list[str | int]:
    """One name for each axis; the hidden ones are numbered from the right, as in torch.einsum."""
    labels: list[str | int] = []
    if rank is not None:
        hidden = _hidden(side, rank)
    for group in side.groups:
        if group == ELLIPSIS:
            labels.extend(range(hidden, 0, -1))
        elif len(group) != 1 or number_of(group[0]) is not None:
            raise PatternError("einsum takes names, no numbers and no parentheses")
        else:
            labels.append(group[0])
    return labels


def _hidden_of(labels: Sequence[str | int]) -> int:
    return max((label for label in labels if isinstance(label, int)), default=0)


@op("einops.parse_shape")
def parse_shape(call: Call, x: Tensor, pattern: str) -> Value:
    """The sizes by name; `_` is left out."""
    with explained(call, pattern):
        side = parse_side(pattern, repeats=True, blank=True)
        if any(len(group) != 1 for group in side.groups if group != ELLIPSIS):
            raise PatternError("parse_shape takes names, no parentheses")
        names = side.expanded(_hidden(side, x.rank))
    found = zip(names, x.sizes, strict=True)
    return {name: size for (name,), size in found if name != "_" and name[0] != ELLIPSIS}


# -- layers -----------------------------------------------------------------------------------


@models("einops.layers.torch.Rearrange")
class Rearrange(Layer):
    operation = "rearrange"

    def __init__(self, call: Call, pattern: object, **axes_lengths: object) -> None:
        super().__init__(call)
        self.pattern = pattern
        self.axes_lengths = axes_lengths
        if isinstance(pattern, str):
            with explained(call, pattern):
                agree(self.operation, *parse(pattern), set(axes_lengths))

    def describe(self) -> str:
        return f"{type(self).__name__}('{self.pattern}')"

    def forward(self, call: Call, input: object) -> Tensor:
        if isinstance(self.pattern, str):
            return transform(call, input, "rearrange", self.pattern, self.axes_lengths)
        return Tensor(Unknown("the pattern is not known"))


@models("einops.layers.torch.Reduce")
class Reduce(Rearrange):
    operation = "reduce"

    def __init__(
        self, call: Call, pattern: object, reduction: object, **axes_lengths: object
    ) -> None:
        super().__init__(call, pattern, **axes_lengths)
        self.reduction = reduction

    def forward(self, call: Call, input: object) -> Tensor:
        if isinstance(self.pattern, str):
            return reduce(call, input, self.pattern, self.reduction, **self.axes_lengths)
        return Tensor(Unknown("the pattern is not known"))
