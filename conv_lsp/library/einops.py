"""einops: rearrange, reduce, repeat, einsum and parse_shape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from conv_lsp.axes import Axis, joined, lost, merged, slid, whole
from conv_lsp.dims import (
    Dim,
    divide_exactly,
    equal,
    less,
    product,
    symbol,
    unknown_size,
)
from conv_lsp.findings import CALL_ARGUMENTS, EINOPS_PATTERN
from conv_lsp.library.algebra import is_floating
from conv_lsp.library.arguments import OTHER_TYPES
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
from conv_lsp.library.iterators import once
from conv_lsp.library.layout import expand, insert, permute, reshape, viewed
from conv_lsp.library.numpy_basics import Array, array_of
from conv_lsp.library.registry import OPS, Call, Op, op, size_of
from conv_lsp.values import List, Shape, Tensor, Unknown, Value
from conv_lsp.windows import Repeat, Window

REDUCTIONS: Final = ("min", "max", "sum", "mean", "prod", "any", "all")
TORCH_NAMES: Final = {"min": "amin", "max": "amax"}
ONE_BY_ONE: Final = ("prod", "any", "all")
"""Reductions that are done dimension by dimension, from the last."""


PATTERN: Final = "pattern:s"
for _name in ("rearrange", "repeat", "reduce"):
    OTHER_TYPES[f"einops.{_name}"] = PATTERN
OTHER_TYPES["einops.parse_shape"] = "x:T pattern:s"
OTHER_TYPES["einops.pack"] = PATTERN
OTHER_TYPES["einops.unpack"] = "tensor:T pattern:s"


@contextmanager
def explained(call: Call, pattern: str, *, at: str = "pattern") -> Iterator[None]:
    """What is wrong with a pattern inside is a finding."""
    try:
        yield
    except PatternError as error:
        call.fail(EINOPS_PATTERN, at=at, pattern=pattern, problem=error)


def given_pattern(call: Call, value: Value, name: str, at: str = "pattern") -> str | Unknown:
    """A pattern; fails at what is no text."""
    if isinstance(value, (str, Unknown)):
        return value
    problem = f"the pattern has to be a text, not {value!r}"
    call.fail(CALL_ARGUMENTS, at=at, name=name, problem=problem)


# -- one tensor -------------------------------------------------------------------------------


def transform(
    call: Call,
    input: Value,
    operation: str,
    pattern: str,
    lengths: Mapping[str, Value],
    reduction: Value = None,
) -> Value:
    """What the pattern makes of the tensor. Several tensors are stacked first."""
    tensor = stacked(call, input)
    with explained(call, pattern):
        left, right = checked(operation, pattern, lengths)
        given = {**_numbers(left, right), **measured(lengths, left.names)}
        if isinstance(tensor, Unknown):
            if isinstance(input, (Tensor, Unknown)) and not left.has_ellipsis:
                call.host.refine(tensor, named_sizes(left, given))
            return Tensor(Unknown(tensor.why))
        hidden = _hidden(left, tensor.rank)
        olds, news = left.expanded(hidden), right.expanded(hidden)
        sizes = solve(call, tensor.sizes, olds, given)
    return moved(call, tensor, olds, news, sizes, reduction)


def checked(operation: str, pattern: str, lengths: Mapping[str, Value]) -> tuple[Side, Side]:
    """Both sides of a pattern, which has to suit the operation and the sizes that are given."""
    left, right = parse(pattern)
    agree(operation, left, right, set(lengths))
    for group in left.groups:
        missing = [name for name in group if name not in lengths and number_of(name) is None]
        if group != ELLIPSIS and len(missing) > 1:
            raise PatternError(f"the sizes of {_and(missing)} cannot both be found")
    return left, right


def _and(names: Sequence[str]) -> str:
    return " and ".join(f"'{n}'" for n in names)


def measured(lengths: Mapping[str, Value], old: Collection[str]) -> dict[str, Dim]:
    """The sizes that are given. A new axis of size -1 keeps its one element."""
    found: dict[str, Dim] = {}
    for name, value in lengths.items():
        size = size_of(value)
        if size == -1 and name not in old:
            size = 1
        if size is not None and less(size, 0):
            raise PatternError(f"the size of '{name}' is {size}")
        found[name] = unknown_size() if size is None else size
    return found


def stacked(call: Call, input: Value) -> Tensor | Unknown:
    """A tensor of known rank; a list of tensors as one with an axis in front."""
    if isinstance(input, Tensor):
        return input if input.known else input.shape  # type: ignore[return-value]
    if isinstance(input, Unknown):
        return input
    if isinstance(input, list):
        if vague(input):
            return Unknown("a list of tensors that is not known")
        unknown = next((v for v in input if isinstance(v, Unknown)), None)
        if input and unknown is None and all(isinstance(v, Tensor) for v in input):
            path = "numpy.stack" if isinstance(input[0], Array) else "torch.stack"
            found = call.invoke(OPS[path], input)
            return stacked(call, found) if isinstance(found, Tensor) else Unknown("a list")
        if unknown is not None:
            return unknown
    kind = "an empty list" if input == [] else f"a {type(input).__name__.lower()}"
    name = call.name.rpartition(".")[2] or "einops"
    problem = f"takes a tensor or a list of tensors, not {kind}"
    return call.fail(CALL_ARGUMENTS, at="tensor", name=name, problem=problem)


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
    call: Call, shape: Shape, groups: Sequence[tuple[str, ...]], known: Mapping[str, Dim]
) -> dict[str, Dim]:
    """The size of every axis; at most one of a group may be left to be found."""
    sizes = dict(known)
    for size, group in zip(shape, groups, strict=True):
        missing = [name for name in group if name not in known]
        rest = product(known[name] for name in group if name in known)
        if missing:
            sizes[missing[0]] = quotient(size, rest)
            call.differ(EINOPS_PATTERN, sizes[missing[0]] * rest, size)
        elif call.differ(EINOPS_PATTERN, size, rest):
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
    reduction: Value,
) -> Value:
    """Split, reorder, reduce, repeat and merge, as einops does it; links by the names."""
    flat = [name for group in olds for name in group]
    wanted = [name for group in news for name in group]
    kept = [name for name in wanted if name in flat]
    gone = [name for name in flat if name not in wanted]
    result = reshaped(input, tuple(sizes[name] for name in flat))
    result = permute(result, [flat.index(name) for name in (*kept, *gone)])
    if gone:
        found = reduced(call, result, reduction, range(len(kept), len(flat)))
        if not isinstance(found, Tensor) or not found.known:
            return Tensor(Unknown("the result of a reduction"))
        result = found
    if len(wanted) > len(kept):
        for position, name in enumerate(wanted):
            if name not in flat:
                result = insert(result, position)
        result = expand(result, tuple(sizes[name] for name in wanted))
    result = reshaped(result, tuple(product(sizes[n] for n in group) for group in news))
    links = split_links(input, olds, news, sizes)
    summed = whole(*(links.get(name) for name in gone))
    kind = Array if isinstance(input, Array) else Tensor
    return kind(
        result.sizes,
        tuple(merged_link(group, links, sizes) for group in news),
        seen=joined(input.seen, summed, *_dropped(input, olds)),
        dtype=result.dtype,
        strides=result.strides,
    )


def reduced(call: Call, input: Tensor, reduction: Value, dims: Sequence[int]) -> Value:
    """Without these dimensions; a function is called with the tensor and the dimensions."""
    if not isinstance(reduction, str):
        return call.invoke(reduction, input, tuple(dims))
    if reduction == "mean" and not is_floating(input.dtype):
        problem = f"there is no mean of {input.dtype}"
        call.fail(CALL_ARGUMENTS, at="reduction", name="reduce", problem=problem)
    rule = OPS[f"torch.{TORCH_NAMES.get(reduction, reduction)}"]
    if reduction not in ONE_BY_ONE:
        return call.invoke(rule, input, tuple(dims))
    result: Value = input
    for dim in reversed(dims):
        result = call.invoke(rule, result, dim)
    return result


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
def rearrange(call: Call, tensor: object, pattern: str, **axes_lengths: object) -> Value:
    """As the pattern says: axes split, reordered and merged."""
    return transform(call, tensor, "rearrange", pattern, axes_lengths)


@op("einops.repeat")
def repeat(call: Call, tensor: object, pattern: str, **axes_lengths: object) -> Value:
    """As the pattern says, with new axes along which the tensor is repeated."""
    return transform(call, tensor, "repeat", pattern, axes_lengths)


@op("einops.reduce")
def reduce(
    call: Call, tensor: object, pattern: str, reduction: object, **axes_lengths: object
) -> Value:
    """As the pattern says, without the axes that are on its left side only."""
    reducing(call, pattern, reduction)
    return transform(call, tensor, "reduce", pattern, axes_lengths, reduction)


def reducing(call: Call, pattern: str, reduction: Value) -> None:
    """Fail at what is no reduction."""
    plain = isinstance(reduction, (str, int, float, list, tuple, dict)) or reduction is None
    if plain and reduction not in REDUCTIONS:
        problem = f"there is no reduction {reduction!r}"
        call.fail(EINOPS_PATTERN, at="reduction", pattern=pattern, problem=problem)


@op("einops.asnumpy")
def as_numpy(call: Call, tensor: object) -> Value:
    """An array of the tensor's shape."""
    found = stacked(call, tensor)
    return Array(found) if isinstance(found, Unknown) else array_of(found)


@op("einops.einsum")
def einsum(call: Call, *tensors_and_pattern: Value) -> Tensor:
    """As torch.einsum, with names of any length and an arrow that has to be there."""
    if len(tensors_and_pattern) < 2 or isinstance(tensors_and_pattern[-1], Tensor):
        problem = "takes tensors, and after them a pattern"
        call.fail(CALL_ARGUMENTS, at="tensors_and_pattern", name="einsum", problem=problem)
    *tensors, last = tensors_and_pattern
    pattern = given_pattern(call, last, "einsum", "tensors_and_pattern")
    parts = [stacked(call, tensor) for tensor in tensors]
    known = [part for part in parts if isinstance(part, Tensor)]
    for part in (*parts, pattern):
        if isinstance(part, Unknown):
            return Tensor(part)
    assert isinstance(pattern, str)
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
        side = parse_side(pattern, blank=True)
        if any(len(group) > 1 for group in side.groups if group != ELLIPSIS):
            raise PatternError("parse_shape takes names, no parentheses")
        groups = side.expanded(_hidden(side, x.rank))
        sizes = solve(call, x.sizes, groups, _numbers(side))
    names = [name for group in groups for name in group if number_of(name) is None]
    return {name: sizes[name] for name in names if name != "_" and name[0] != ELLIPSIS}


# -- of the package einops_exts ---------------------------------------------------------------


def _many(rule: Op) -> Callable[..., Value]:
    """A rule for what does the same to each of several tensors."""

    def several(
        call: Call, tensors: object, pattern: object, *args: object, **more: object
    ) -> Value:
        held = call.host.elements(tensors, call.site)
        if isinstance(held, Unknown):
            return Unknown(held.why)
        return once(call, [rule(call, (tensor, pattern, *args), more) for tensor in list(held)])

    return several


for _name in ("rearrange", "reduce", "repeat"):
    op(f"einops_exts.{_name}_many")(_many(OPS[f"einops.{_name}"]))


@op("einops_exts.check_shape")
def check_shape(call: Call, tensor: object, pattern: str, **sizes: object) -> Value:
    """The tensor as it is, where it has the sizes."""
    return transform(call, tensor, "rearrange", f"{pattern} -> {pattern}", sizes)
