"""Steps along one axis: the output size and the receptive field from one description.

Output sizes are those of torch on the CPU; for receptive fields see Araujo, Norris and Sim,
"Computing Receptive Fields of Convolutional Neural Networks" (Distill, 2019). What is filled in by
padding, of whatever mode, counts as outside the input: with circular padding input -1 is the last.
"""

# ruff: noqa: ARG002  # every step is asked alike, and some need not know the input's size
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from struct import pack, unpack

from conv_lsp.dims import Dim, divide_exactly, equal, less, minimum
from conv_lsp.fields import GLOBAL, IDENTITY, MAX_PHASES, Extent, Field, Interval, few

__all__ = [
    "GLOBAL",
    "IDENTITY",
    "MAX_PHASES",
    "Adaptive",
    "Crop",
    "Expand",
    "Extent",
    "Field",
    "Interval",
    "Linear",
    "Nearest",
    "Pad",
    "Repeat",
    "Step",
    "Transposed",
    "Whole",
    "Window",
]


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

    @property
    def spacing(self) -> int:
        """Distance of the input units that an output unit sees between the ends of its taps."""
        return 1

    def formula(self, n: Dim) -> str:
        """The arithmetic of `size`, worked in numbers."""
        raise NotImplementedError

    def field(self, f: Field, n: Dim | None = None) -> Extent:
        """The field of the output's units where the input's units have the field `f`.

        Steps to a given size (`Nearest`, `Linear`, `Adaptive`) need the input size `n`.
        """
        taps = self.taps(n)
        return f.through(taps, self.spacing) if isinstance(taps, Field) else taps


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

    @property
    def spacing(self) -> int:
        return self.dilation if isinstance(self.dilation, int) and self.dilation > 0 else 1

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

        A kernel shorter than the stride leaves units that see none.
        """
        match (self.kernel, self.stride, self.padding, self.dilation):
            case (int(kernel), int(stride), int(padding), int(dilation)):
                pass
            case _:
                return None
        if kernel < 1 or dilation < 1 or not few(stride):
            return None
        every = stride // gcd(stride, dilation)  # taps of one unit are this far apart
        first = {dilation * tap % stride: tap for tap in range(min(kernel, every))}
        phases: list[Interval | None] = []
        for at in range(padding, padding + stride):
            tap = first.get(at % stride)
            if tap is None:
                phases.append(None)
                continue
            last = tap + (kernel - 1 - tap) // every * every
            phases.append(((at - dilation * last) // stride, (at - dilation * tap) // stride))
        return Field(stride, 1, tuple(phases))

    @property
    def spacing(self) -> int:
        match (self.stride, self.dilation):
            case (int(stride), int(dilation)) if stride > 0 and dilation > 0:
                return dilation // gcd(stride, dilation)
        return 1

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
        return Field(self.factor, 1, ((0, 0),) * self.factor) if few(self.factor) else None

    def formula(self, n: Dim) -> str:
        """28·2 = 56."""
        return f"{_factor(n)}·{self.factor} = {self.size(n)}"


@dataclass(frozen=True, slots=True)
class Nearest(_Sized):
    """Nearest-neighbour interpolation to `out` units.

    `scale` is the scale factor where torch samples by it instead of by `out / n`. `centred`: unit
    `j` is where its middle is ("nearest-exact"), instead of its left end.
    """

    scale: float | None = None
    centred: bool = False

    def taps(self, n: Dim | None) -> Extent:
        """The one input under each unit; unknown where torch's rounding moves one."""
        factor = _up_factor(n, self.out, self.scale)
        if factor is not None:
            return Repeat(factor).taps(n)
        ratio = _ratio(n, self.out, self.scale)
        if ratio is None or not isinstance(self.out, int) or not few(ratio.denominator):
            return None
        if not self.centred and isinstance(n, int) and self.out in {n, 2 * n}:
            return None  # torch then copies or doubles in some layouts, whatever the scale is
        places = [self._place(unit, ratio) for unit in range(max(self.out, ratio.denominator))]
        rounded = _single(float(ratio))
        for unit in range(self.out):
            at = unit + 0.5 if self.centred else float(unit)
            if not places[unit] == int(_single(at * rounded)) == int(at * float(ratio)):
                return None
        seen = tuple((place, place) for place in places[: ratio.denominator])
        return Field(ratio.denominator, ratio.numerator, seen)

    def _place(self, unit: int, ratio: Fraction) -> int:
        numerator, denominator = ratio.numerator, ratio.denominator
        if self.centred:
            return (2 * unit + 1) * numerator // (2 * denominator)
        return unit * numerator // denominator

    def formula(self, n: Dim) -> str:
        """28 → 56."""
        return _resized(n, self.out, self.scale)


@dataclass(frozen=True, slots=True)
class Linear(_Sized):
    """Linear interpolation to `out` units, or cubic; `scale` as in `Nearest`. Not anti-aliased."""

    align_corners: bool = False
    scale: float | None = None
    cubic: bool = False

    def taps(self, n: Dim | None) -> Extent:
        """The inputs on both sides of a unit's position; one where they meet."""
        scale = None if self.align_corners else self.scale
        factor = _up_factor(n, self.out, scale)
        if factor == 1:
            return IDENTITY
        if n == 1:
            return Expand(self.out).taps(n) if factor is None else Repeat(factor).taps(n)
        if self.align_corners:
            return self._corners(n)
        # Unit j is at (j + 1/2)·ratio - 1/2.
        ratio = _ratio(n, self.out, scale) if factor is None else Fraction(1, factor)
        if ratio is None or not few(ratio.denominator):
            return None
        move, period = ratio.numerator, ratio.denominator
        places = [self._around((2 * j + 1) * move - period, 2 * period) for j in range(period)]
        return Field(period, move, tuple(places))

    def _corners(self, n: Dim | None) -> Field | None:
        """Unit j is at j·(n - 1)/(out - 1): no two units are alike, so each is its own phase."""
        if not (isinstance(n, int) and isinstance(self.out, int) and few(self.out)):
            return None
        steps = max(self.out - 1, 1)
        spread = [self._around(unit * (n - 1), steps) for unit in range(self.out)]
        return Field(self.out, n, tuple(spread), (0, self.out - 1))

    def _around(self, numerator: int, denominator: int) -> Interval:
        """Floor and ceiling of a fraction; with a cubic one more on each side of a gap."""
        low, high = numerator // denominator, -(-numerator // denominator)
        more = int(self.cubic and low != high)
        return low - more, high + more

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
        if not few(period):
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


def _up_factor(n: Dim | None, out: Dim, scale: float | None) -> int | None:
    """The whole number by which interpolation enlarges the axis, if it does."""
    if n is None or n == 0:
        return None
    factor = 1 if n == out else divide_exactly(out, n)
    if not isinstance(factor, int) or factor < 1:
        return None
    return factor if scale is None or scale == factor else None


def _ratio(n: Dim | None, out: Dim, scale: float | None) -> Fraction | None:
    """Inputs per unit of an interpolation between known sizes."""
    if not (isinstance(n, int) and isinstance(out, int)) or n < 1 or out < 1:
        return None
    if scale is None:
        return Fraction(n, out)
    # The fraction that was meant; torch's reciprocal of its floating form is nearer to 1 / it.
    meant = Fraction(scale).limit_denominator(MAX_PHASES)
    return 1 / meant if meant > 0 and float(meant) == scale else None


def _single(number: float) -> float:
    """Rounded to single precision."""
    rounded: float = unpack("f", pack("f", number))[0]
    return rounded


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
