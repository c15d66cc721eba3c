"""Steps along one axis: the output size and the receptive field from one description.

Pixel indices are zero-based and may be negative, which is inside the padding.
Output sizes are those of torch on the CPU; for receptive fields see Araujo, Norris and Sim,
"Computing Receptive Fields of Convolutional Neural Networks" (Distill, 2019). After
up-sampling the field differs from one output unit to the next with a period, so that a
`Field` holds one interval per phase instead of a single size.
"""

# ruff: noqa: ARG002  # every step is asked alike, and some need not know the input's size
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Final, Literal, TypeAlias

from conv_lsp.dims import Dim, divide_exactly, equal, less, minimum

# Fields with more phases than this are unknown, so that a hostile stride costs nothing.
MAX_PHASES: Final = 8192

Interval: TypeAlias = tuple[int, int]


class Global(Enum):
    """The type of `GLOBAL`: every unit sees its whole axis."""

    GLOBAL = "global"

    def __repr__(self) -> str:
        return self.name


GLOBAL: Final = Global.GLOBAL


@dataclass(frozen=True, slots=True)
class Field:
    """What the units of an axis see on an axis of the input.

    `period` units advance `advance` inputs; unit `q * period + r` sees the inputs
    `phases[r]`, both ends included, moved right by `q * advance`. Kept with the smallest
    period, so that equal fields compare equal.
    """

    period: int
    advance: int
    phases: tuple[Interval, ...]

    def __post_init__(self) -> None:
        if self.period != 1:
            period = _smallest_period(self.period, self.advance, self.phases)
            object.__setattr__(self, "advance", self.advance * period // self.period)
            object.__setattr__(self, "phases", self.phases[:period])
            object.__setattr__(self, "period", period)

    @property
    def jump(self) -> Fraction:
        """Inputs per unit: the total stride, ½ after one up-sampling by two."""
        return Fraction(self.advance, self.period)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The different sizes of the phases, ascending."""
        return tuple(sorted({hi - lo + 1 for lo, hi in self.phases}))

    @property
    def size(self) -> int:
        """The extent of the largest phase, holes included."""
        return max(hi - lo + 1 for lo, hi in self.phases)

    @property
    def start(self) -> int:
        """The first input that unit 0 sees; the effective padding, negated."""
        return self.phases[0][0]

    def of(self, unit: int) -> Interval:
        """First and last input that one unit sees."""
        turns, phase = divmod(unit, self.period)
        lo, hi = self.phases[phase]
        return lo + turns * self.advance, hi + turns * self.advance

    def join(self, other: Field) -> Field | None:
        """Two paths into the same unit; None if their jumps differ (the size then varies)."""
        if self == other:
            return self
        if self.advance * other.period != other.advance * self.period:
            return None
        period = lcm(self.period, other.period)
        if period > MAX_PHASES:
            return None
        pairs = [(self.of(unit), other.of(unit)) for unit in range(period)]
        advance = self.advance * (period // self.period)
        return Field(period, advance, tuple((min(a, c), max(b, d)) for (a, b), (c, d) in pairs))

    def through(self, taps: Field) -> Field | None:
        """The field of units that see `taps` of this axis's units; None if too many phases.

        Both ends of an interval never move left from one unit to the next (every step keeps
        the order and `join` does too), so that the first and the last tap decide.
        """
        turns = self.period // gcd(self.period, taps.advance)
        period = turns * taps.period
        if period > MAX_PHASES:
            return None
        seen = (taps.of(unit) for unit in range(period))
        phases = tuple((self.of(first)[0], self.of(last)[1]) for first, last in seen)
        return Field(period, turns * taps.advance // self.period * self.advance, phases)


IDENTITY: Final = Field(1, 1, ((0, 0),))

# A field, GLOBAL, or None where it is not known.
Extent: TypeAlias = Field | Literal[Global.GLOBAL] | None


def _smallest_period(period: int, advance: int, phases: tuple[Interval, ...]) -> int:
    for candidate in range(1, period // 2 + 1):
        turns, rest = divmod(period, candidate)
        if rest or advance % turns:
            continue
        move = advance // turns
        if all(
            phases[i] == (lo + move, hi + move)
            for i, (lo, hi) in enumerate(phases[:-candidate], candidate)
        ):
            return candidate
    return period


class Step:
    """What an operation does to one axis of `n` units.

    Arguments that torch refuses (a stride of 0) are for the caller to find; they have no field,
    and their size is whatever the formula gives, or `ZeroDivisionError`.
    """

    __slots__ = ()

    def size(self, n: Dim) -> Dim:
        """Units of the output; not positive where the step does not fit."""
        raise NotImplementedError

    def taps(self, n: Dim | None) -> Extent:
        """The input units that each output unit sees, as a field on the step's own input."""
        raise NotImplementedError

    def formula(self, n: Dim) -> str:
        """The arithmetic of `size`, worked in numbers."""
        raise NotImplementedError

    def field(self, f: Field, n: Dim | None = None) -> Extent:
        """The field of the output's units where the input's units have the field `f`.

        Steps to a given size (`Nearest`, `Linear`, `Adaptive`) need the input size `n`.
        """
        taps = self.taps(n)
        return f.through(taps) if isinstance(taps, Field) else taps


@dataclass(frozen=True, slots=True)
class _Sized(Step):
    """A step to `out` units, whatever the size of the input."""

    out: Dim

    def size(self, n: Dim) -> Dim:
        return self.out

    def formula(self, n: Dim) -> str:
        return f"{n} → {self.out}"


@dataclass(frozen=True, slots=True)
class Window(Step):
    """Convolution or pooling: a window of `kernel` taps, `dilation` apart.

    `ceil` rounds the number of windows up, but no window starts right of the input.
    """

    kernel: Dim
    stride: Dim = 1
    before: Dim = 0
    after: Dim = 0
    dilation: Dim = 1
    ceil: bool = False

    @classmethod
    def same(cls, kernel: Dim, dilation: Dim = 1) -> Window:
        """padding='same': an odd rest of the padding goes to the right."""
        total = dilation * (kernel - 1)
        return cls(kernel, 1, total // 2, total - total // 2, dilation)

    @property
    def reach(self) -> Dim:
        """Distance from the first to the last tap."""
        return self.dilation * (self.kernel - 1)

    def padded(self, n: Dim) -> Dim:
        """Size of the input with its padding."""
        return n + self.before + self.after

    def fits(self, n: Dim) -> bool | None:
        """Whether there is at least one window; None if that depends on the symbols."""
        short = less(self._room(n), 0)
        return None if short is None else not short

    def size(self, n: Dim) -> Dim:
        """⌊(n + before + after − reach − 1)/stride⌋ + 1."""
        return self._room(n) // self.stride + 1

    def _room(self, n: Dim) -> Dim:
        """Positions at which a window may start, minus one.

        With ceil, min(⌈room/stride⌉, ⌊(n + before − 1)/stride⌋) under one floor: the last
        window starts in the input or in the left padding.
        """
        room = self.padded(n) - self.reach - 1
        return room + minimum(self.stride - 1, self._last_start) if self.ceil else room

    @property
    def _last_start(self) -> Dim:
        """How far the window at the input's last unit sticks out of the padded input."""
        return self.reach - self.after

    def taps(self, n: Dim | None) -> Extent:
        match (self.stride, self.before, self.reach):
            case (int(stride), int(before), int(reach)) if stride > 0 and reach >= 0:
                return Field(1, stride, ((-before, reach - before),))
        return None

    def formula(self, n: Dim) -> str:
        """⌊(56 + 2·1 − 3)/2⌋ + 1 = 28."""
        size, stride = self.size(n), self.stride
        room = f"{_text(n)}{_padding(self.before, self.after)} − {self._kernel_text()}"
        if stride == 1:
            return f"{room} + 1 = {size}"
        if not self.ceil:
            return f"⌊({room})/{_factor(stride)}⌋ + 1 = {size}"
        if less(self._last_start, stride - 1) is False:
            return f"⌈({room})/{_factor(stride)}⌉ + 1 = {size}"
        rounded = -(-(self.padded(n) - self.reach - 1) // stride) + 1
        dropped = rounded - size
        if dropped == 0:
            return f"⌈({room})/{_factor(stride)}⌉ + 1 = {size}"
        if isinstance(dropped, int):
            return f"⌈({room})/{_factor(stride)}⌉ + 1 − {dropped} past the input = {size}"
        return f"⌈({room})/{_factor(stride)}⌉ + 1, less a window past the input = {size}"

    def _kernel_text(self) -> str:
        if self.dilation == 1:
            return _factor(self.kernel)
        return f"{_factor(self.dilation)}·({_text(self.kernel)} − 1) − 1"


@dataclass(frozen=True, slots=True)
class Transposed(Step):
    """Transposed convolution; `padding` is cut off at both ends."""

    kernel: Dim
    stride: Dim = 1
    padding: Dim = 0
    dilation: Dim = 1
    output_padding: Dim = 0

    @property
    def reach(self) -> Dim:
        """Distance from the first to the last tap."""
        return self.dilation * (self.kernel - 1)

    def fits(self, n: Dim) -> bool | None:
        """Whether there is at least one output; None if that depends on the symbols."""
        empty = less(self.size(n), 1)
        return None if empty is None else not empty

    def size(self, n: Dim) -> Dim:
        """(n − 1)·stride − 2·padding + reach + 1 + output_padding."""
        return (n - 1) * self.stride - 2 * self.padding + self.reach + 1 + self.output_padding

    def taps(self, n: Dim | None) -> Extent:
        """Unit `j` sees the inputs `i` with `i·stride + dilation·tap = j + padding`.

        Unknown where some units see no input (a kernel shorter than the stride), or where one
        sees further left than its left neighbour (some dilations): `Field.through` needs order.
        """
        match (self.kernel, self.stride, self.padding, self.dilation):
            case (int(kernel), int(stride), int(padding), int(dilation)):
                pass
            case _:
                return None
        if kernel < 1 or dilation < 1 or not _few(stride):
            return None
        every = stride // gcd(stride, dilation)  # taps of one unit are this far apart
        first = {dilation * tap % stride: tap for tap in range(min(kernel, every))}
        phases = []
        for at in range(padding, padding + stride):
            tap = first.get(at % stride)
            if tap is None:
                return None
            last = tap + (kernel - 1 - tap) // every * every
            phases.append(((at - dilation * last) // stride, (at - dilation * tap) // stride))
        lo, hi = phases[0]
        for before, after in pairwise([*phases, (lo + 1, hi + 1)]):
            if before[0] > after[0] or before[1] > after[1]:
                return None
        return Field(stride, 1, tuple(phases))

    def formula(self, n: Dim) -> str:
        """(16 − 1)·2 − 2·1 + 4 = 32."""
        stretched = f"{_text(n)} − 1"
        if self.stride != 1:
            stretched = f"({stretched})·{_factor(self.stride)}"
        cut = "" if self.padding == 0 else f" − 2·{_factor(self.padding)}"
        kernel = _text(self.kernel)
        if self.dilation != 1:
            kernel = f"{_factor(self.dilation)}·({kernel} − 1) + 1"
        extra = "" if self.output_padding == 0 else f" + {_text(self.output_padding)}"
        return f"{stretched}{cut} + {kernel}{extra} = {self.size(n)}"


@dataclass(frozen=True, slots=True)
class Repeat(Step):
    """Each unit `factor` times: nearest up-sampling, or one axis of a pixel shuffle."""

    factor: int

    def size(self, n: Dim) -> Dim:
        """n·factor."""
        return n * self.factor

    def taps(self, n: Dim | None) -> Extent:
        return Field(self.factor, 1, ((0, 0),) * self.factor) if _few(self.factor) else None

    def formula(self, n: Dim) -> str:
        """28·2 = 56."""
        return f"{_factor(n)}·{self.factor} = {self.size(n)}"


@dataclass(frozen=True, slots=True)
class Nearest(_Sized):
    """Nearest-neighbour interpolation to `out` units.

    `scale` is the scale factor where torch samples by it instead of by `out / n`. The field is
    known for whole factors only: otherwise torch rounds in floating point.
    """

    scale: float | None = None

    def taps(self, n: Dim | None) -> Extent:
        factor = _up_factor(n, self.out, self.scale)
        return None if factor is None else Repeat(factor).taps(n)

    def formula(self, n: Dim) -> str:
        """28 → 56."""
        return _resized(n, self.out, self.scale)


@dataclass(frozen=True, slots=True)
class Linear(_Sized):
    """Linear interpolation to `out` units; `scale` as in `Nearest`. Not anti-aliased."""

    align_corners: bool = False
    scale: float | None = None

    def taps(self, n: Dim | None) -> Extent:
        """The inputs on both sides of a unit's position; one where they meet."""
        factor = _up_factor(n, self.out, None if self.align_corners else self.scale)
        if factor is None:
            return None
        if factor == 1:
            return IDENTITY
        if n == 1:
            return Repeat(factor).taps(n)
        if not self.align_corners:  # unit j is at (j + 1/2)/factor - 1/2
            if not _few(factor):
                return None
            places = [_around(2 * unit + 1 - factor, 2 * factor) for unit in range(factor)]
            return Field(factor, 1, tuple(places))
        # Unit j is at j·(n - 1)/(out - 1): no two units are alike, so each is its own phase.
        if not (isinstance(n, int) and isinstance(self.out, int) and _few(self.out)):
            return None
        spread = [_around(unit * (n - 1), self.out - 1) for unit in range(self.out)]
        return Field(self.out, n, tuple(spread))

    def formula(self, n: Dim) -> str:
        """28 → 56."""
        return _resized(n, self.out, self.scale)


@dataclass(frozen=True, slots=True)
class Crop(Step):
    """Slicing: `length` units from `offset`, every `step`-th; also negative padding."""

    offset: Dim
    length: Dim
    step: Dim = 1

    def size(self, n: Dim) -> Dim:
        return self.length

    def taps(self, n: Dim | None) -> Extent:
        match (self.offset, self.step):
            case (int(offset), int(step)) if step > 0:
                return Field(1, step, ((offset, offset),))
        return None

    def formula(self, n: Dim) -> str:
        """28 of 56, from 14."""
        start = "" if self.offset == 0 else f", from {self.offset}"
        return f"{self.length} of {n}{start}" + ("" if self.step == 1 else f", step {self.step}")


@dataclass(frozen=True, slots=True)
class Pad(Step):
    """Padding of any mode; what is filled in counts as outside the input."""

    before: Dim = 0
    after: Dim = 0

    def size(self, n: Dim) -> Dim:
        return n + self.before + self.after

    def taps(self, n: Dim | None) -> Extent:
        if isinstance(self.before, int):
            return Field(1, 1, ((-self.before, -self.before),))
        return None

    def formula(self, n: Dim) -> str:
        """56 + 2·1 = 58."""
        return f"{_text(n)}{_padding(self.before, self.after)} = {self.size(n)}"


@dataclass(frozen=True, slots=True)
class Expand(_Sized):
    """Broadcasting: one unit serves `out` of them."""

    def taps(self, n: Dim | None) -> Extent:
        """Every unit sees unit 0: a jump of 0."""
        return Field(1, 0, ((0, 0),))


@dataclass(frozen=True, slots=True)
class Adaptive(_Sized):
    """Adaptive pooling: bin `i` of `out` covers ⌊i·n/out⌋ up to ⌈(i + 1)·n/out⌉, exclusive."""

    def taps(self, n: Dim | None) -> Extent:
        """The bins; those of a single output are the whole axis."""
        out = self.out
        if out == 1:
            return GLOBAL
        if n is None:
            return None
        if isinstance(n, int) and isinstance(out, int):
            return self._bins(n, out)
        if equal(n, out):
            return IDENTITY
        kernel = divide_exactly(n, out)
        return None if kernel is None else Window(kernel, kernel).taps(n)

    @staticmethod
    def _bins(n: int, out: int) -> Field | None:
        if n < 1 or out < 1:
            return None
        turns = gcd(n, out)
        period = out // turns
        if not _few(period):
            return None
        bins = ((i * n // out, -(-(i + 1) * n // out) - 1) for i in range(period))
        return Field(period, n // turns, tuple(bins))

    def formula(self, n: Dim) -> str:
        """56 → 7, bins of 8."""
        taps = self.taps(n)
        bins = " or ".join(map(str, taps.sizes)) if isinstance(taps, Field) else ""
        return f"{n} → {self.out}" + (f", bins of {bins}" if bins else "")


@dataclass(frozen=True, slots=True)
class Whole(Step):
    """Every unit sees the whole axis; `out` units, by default as many as the input has."""

    out: Dim | None = None

    def size(self, n: Dim) -> Dim:
        return n if self.out is None else self.out

    def taps(self, n: Dim | None) -> Extent:
        return GLOBAL

    def formula(self, n: Dim) -> str:
        """56 → 1, each sees all."""
        return f"{n} → {self.size(n)}, each sees all"


def _few(phases: int) -> bool:
    return 0 < phases <= MAX_PHASES


def _around(numerator: int, denominator: int) -> Interval:
    """Floor and ceiling of a fraction."""
    return numerator // denominator, -(-numerator // denominator)


def _up_factor(n: Dim | None, out: Dim, scale: float | None) -> int | None:
    """The whole number by which interpolation enlarges the axis, if it does."""
    if n is None or n == 0:
        return None
    factor = 1 if n == out else divide_exactly(out, n)
    if not isinstance(factor, int) or factor < 1:
        return None
    return factor if scale is None or scale == factor else None


def _resized(n: Dim, out: Dim, scale: float | None) -> str:
    return f"{n} → {out}" if scale is None else f"⌊{_factor(n)}·{scale:g}⌋ = {out}"


def _text(d: Dim) -> str:
    """As the first term of a sum."""
    return str(d)


def _factor(d: Dim) -> str:
    """As a factor, or after a minus sign."""
    text = str(d)
    return text if text.isalnum() or text.isidentifier() or text == "?" else f"({text})"


def _padding(before: Dim, after: Dim) -> str:
    if before == after:
        return "" if before == 0 else f" + 2·{_factor(before)}"
    return "".join(f" + {_factor(side)}" for side in (before, after) if side != 0)
