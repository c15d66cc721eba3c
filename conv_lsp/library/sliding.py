"""Steps along the spatial axes: what convolution, pooling, padding and resizing share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NoReturn

from conv_lsp.axes import Axis, lost, slid, whole
from conv_lsp.dims import Dim, Expr, has_anonymous, less, symbol, unknown_size
from conv_lsp.findings import RULES, Rule
from conv_lsp.library.algebra import fresh
from conv_lsp.library.arguments import NO_INTEGERS, guessed, said
from conv_lsp.library.registry import Call, size_of
from conv_lsp.values import List, Tensor, Unknown
from conv_lsp.windows import Step, Window

CALL_ARGUMENTS = RULES["call-arguments"]
INPUT_RANK = RULES["input-rank"]
WINDOW_TOO_LARGE = RULES["window-too-large"]
NO_SIZES = NO_INTEGERS | {bool}
"""What compiled functions do not take for a size: Python would let True through."""

AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
"""What the spatial axes of an input are called, by their number."""


def wrong(call: Call, problem: str, *, at: str = "") -> NoReturn:
    """Complain of an argument that torch refuses whatever the input is."""
    call.fail(CALL_ARGUMENTS, at=at, name=call.name.rpartition(".")[2], problem=problem)


# -- numbers, one an axis ---------------------------------------------------------------------


def settled(value: object) -> object:
    """A list whose length is not known as what it is: not known; so is a tensor only by our guess."""
    if isinstance(value, Tensor) and isinstance(value.shape, Unknown):
        return Unknown(value.shape.why)
    return Unknown(value.vague) if isinstance(value, List) and value.vague else value


def spread(value: object, count: int) -> tuple[object, ...]:
    """As torch's modules keep a kernel size: a number repeated, a sequence as it is."""
    value = settled(value)
    if isinstance(value, (tuple, list, dict)):
        return tuple(value)
    if isinstance(value, Unknown) and not value.name:
        return tuple(Unknown(value.why) for _ in range(count))
    return (value,) * count


def numbers(
    call: Call,
    value: object,
    count: int,
    at: str,
    least: int = 0,
    refused: Collection[type] = NO_SIZES,
) -> tuple[Dim, ...]:
    """A number for each of `count` axes; fails at what torch does not take as that.

    What is not known is a symbol: with a name where the code has one.
    """
    if type(value) is int and value >= least:
        return (value,) * count
    values = spread(value, count)
    if len(values) == count and all(type(v) is int and v >= least for v in values):
        return values  # type: ignore[return-value]
    if len(values) == 1:
        values *= count
    if len(values) != count:
        wrong(call, f"{at} has {len(values)} numbers for {count} axes", at=at)
    sizes = several(call, values, at, refused)
    at_least(call, least, at, sizes)
    return sizes


def several(
    call: Call, values: Sequence[object], at: str, refused: Collection[type] = NO_SIZES
) -> tuple[Dim, ...]:
    """Values as sizes; of several integers compiled functions ask the first alone what it is."""
    inner = NO_INTEGERS
    return tuple(number(call, v, at, inner if i else refused) for i, v in enumerate(values))


def number(call: Call, value: object, at: str, refused: Collection[type] = NO_INTEGERS) -> Dim:
    """A value as a size; fails at a float, a string, None, or a list."""
    if value.__class__ in refused and not guessed(value):
        wrong(call, f"{at} has to be an integer, not {said(value)}", at=at)
    size = size_of(value)
    return unknown_size() if size is None else size


def at_least(call: Call, least: int, at: str, values: Iterable[Dim]) -> None:
    """Fail at the first number that is certainly too small."""
    for value in values:
        if value < least if type(value) is int else less(value, least):
            wrong(call, f"{at} has to be at least {least}, not {value}", at=at)


def times(values: Iterable[object]) -> str:
    """Numbers of the axes as people write them: 3×3."""
    return "×".join(map(text, values))


def text(value: object) -> str:
    """A number for a layer's description."""
    if isinstance(value, Unknown):
        return value.name or "?"
    shown = "?" if isinstance(value, Expr) and has_anonymous(value) else str(value)
    bare = not isinstance(value, Expr) or shown.isidentifier() or shown == "?"
    return shown if bare else f"({shown})"


def once(values: object) -> str:
    """Numbers of the axes, a single one where they are all the same: 2, or 2×1."""
    if not isinstance(values, (tuple, list)):
        return text(values)
    same = all(isinstance(v, (int, Expr)) and v == values[0] for v in values)
    return text(values[0]) if values and same else times(values)


# -- tensors ----------------------------------------------------------------------------------


def images(
    call: Call,
    input: Tensor,
    count: int,
    channels: Dim | None = None,
    rule: Rule = INPUT_RANK,
    *,
    unbatched: bool = True,
) -> Tensor:
    """The input as (N, C, *axes), or (C, *axes) where torch takes that, with `count` axes.

    An input of unknown rank is taken as a batch, with `channels`; so is one of a wrong rank,
    after the complaint.
    """
    shape = input.shape
    if isinstance(shape, Unknown):
        depth = symbol("C") if channels is None or has_anonymous(channels) else channels
        call.host.refine(shape, (symbol("N"), depth, *map(symbol, AXES[count])))
    elif len(shape) == count + 2 or (unbatched and len(shape) == count + 1):
        return input
    else:
        name = call.name.rpartition(".")[2]
        want = f"{count + 1} or {count + 2}" if unbatched else count + 2
        call.report(rule, at="input", got=len(shape), want=want, name=name)
    depth = unknown_size() if channels is None else channels
    return unlinked(input, (unknown_size(), depth, *fresh(count)))


def unlinked(input: Tensor, shape: tuple[Dim, ...]) -> Tensor:
    """A tensor of this shape that depends on the input in a way that is not followed."""
    link = lost(*input.axes, input.seen)
    return Tensor(shape, (link,) * len(shape), seen=link, dtype=input.dtype)


def slide(
    input: Tensor,
    steps: Sequence[Step],
    channels: Dim | None = None,
    link: Axis | None = None,
    *,
    least: int = 0,
) -> Tensor:
    """The last axes each through its step; `channels` replaces the size before them.

    A size below `least` is one that has been complained of, and not known from there on.
    """
    first = input.rank - len(steps)
    shape, axes = list(input.sizes), list(input.axes)
    for i, step in enumerate(steps, first):
        size = step.size(shape[i])
        axes[i] = slid(step, axes[i], shape[i])
        shape[i] = unknown_size() if less(size, least) else size
    if channels is not None:
        shape[first - 1] = channels
        axes[first - 1] = link
    return input.like(tuple(shape), tuple(axes))


def mixed(axis: Axis | None, *, groups: Dim, into: Dim, out_of: Dim) -> Axis | None:
    """The link of output channels that see the input channels of their group."""
    if axis is None or groups == 1:
        return whole(axis)
    return axis if groups == into == out_of else lost(axis)


def fits(call: Call, input: Tensor, windows: Sequence[Window]) -> None:
    """Complain if a window is larger than the padded input."""
    sizes = input.sizes[-len(windows) :]
    fit = [w.fits(n) for w, n in zip(windows, sizes, strict=True)]
    for window, n, certain in zip(windows, sizes, fit, strict=True) if None in fit else ():
        if certain is None:
            call.host.need(("<=", 1, window.size(n)), WINDOW_TOO_LARGE, call.site)
    if False in fit:
        call.report(
            WINDOW_TOO_LARGE,
            at="input",
            window=times(w.reach + 1 for w in windows),
            size=times(w.padded(n) for w, n in zip(windows, sizes, strict=True)),
        )
