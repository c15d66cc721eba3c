"""Receptive fields along one axis: what each unit sees of the axis of an input.

Pixel indices are zero-based and may be negative, which is outside the input, as padding is. After
up-sampling the field differs from one unit to the next with a period, so that a `Field` holds one
interval per phase instead of a single size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Final, Literal, TypeAlias

# Fields with more phases than this are unknown, so that a hostile stride costs nothing.
MAX_PHASES: Final = 8192
# So are fields for which more units than this would have to be looked at one by one.
MAX_LOOKS: Final = 1 << 18

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
    `phases[r]`, both ends included, moved right by `q * advance`; None of a unit that sees
    nothing. Kept with the smallest period, so that equal fields compare equal.

    inner: the first and the last unit that all this is true of, where it does not repeat for ever:
    other units are at the edge, and only what they see inside the input is among what is said.
    even: whether `jump` is that of all paths; otherwise it is the largest.
    """

    period: int
    advance: int
    phases: tuple[Interval | None, ...]
    inner: Interval | None = None
    even: bool = True

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
        """The different sizes of the units' fields, ascending; 0 of units that see nothing."""
        seen: Iterable[Interval | None] = self.phases
        if self.inner is not None and self.inner[0] <= self.inner[1]:
            first, last = self.inner
            seen = map(self.of, range(first, min(last, first + MAX_PHASES) + 1))
        return tuple(sorted({0 if one is None else one[1] - one[0] + 1 for one in seen}))

    @property
    def size(self) -> int:
        """The extent of the largest phase, holes included."""
        return self.sizes[-1]

    @property
    def start(self) -> int:
        """The first input that unit 0 sees, or the first unit after it that sees any; the
        effective padding, negated.
        """
        return next((one[0] for one in self.phases if one is not None), 0)

    @property
    def ordered(self) -> bool:
        """Whether all units see something, none further left than its left neighbour."""
        ends = [one for one in self.phases if one is not None]
        if len(ends) < self.period or self.advance < 0:
            return False
        ends.append((ends[0][0] + self.advance, ends[0][1] + self.advance))
        return all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(ends))

    def of(self, unit: int) -> Interval | None:
        """First and last input that one unit sees; None if it sees nothing."""
        turns, phase = divmod(unit, self.period)
        seen = self.phases[phase]
        if seen is None:
            return None
        return seen[0] + turns * self.advance, seen[1] + turns * self.advance

    def centre(self, first: int, count: int) -> Fraction | None:
        """The mean of the middles of `count` units from `first` on; None if one sees nothing."""
        seen = [one for unit in range(first, first + count) if (one := self.of(unit)) is not None]
        return Fraction(sum(map(sum, seen)), 2 * count) if len(seen) == count > 0 else None

    def join(self, other: Field, units: int | None = None) -> Field | None:
        """Two paths into the same unit.

        Where the jumps differ, no two units need see alike: each of the `units` of the axis is
        then a phase of its own. None if their number is not known.
        """
        if self == other:
            return self
        alike = self.advance * other.period == other.advance * self.period
        period = lcm(self.period, other.period)
        inner = _common(self.inner, other.inner)
        even = self.even and other.even
        if not alike or period > MAX_PHASES:
            if units is None or not few(units):
                return None
            period, even = units, even and alike
            inner = _common(inner, (0, units - 1))
        # Rounded up, so that units right of the last one do not see further left than it.
        advance = max(-(-field.advance * period // field.period) for field in (self, other))
        pairs = ((self.of(unit), other.of(unit)) for unit in range(period))
        return Field(period, advance, tuple(hull(pair) for pair in pairs), inner, even)

    def through(self, taps: Field, spacing: int = 1) -> Field | None:
        """The field of units that see `taps` of this axis's units, every `spacing`-th between the
        ends; None if too many phases.
        """
        turns = self.period // gcd(self.period, taps.advance)
        period = turns * taps.period
        if period > MAX_PHASES:
            return None
        seen = tuple(map(taps.of, range(period)))
        phases = self._ends(seen) if self.ordered else self._hulls(seen, spacing)
        if phases is None:
            return None
        advance = turns * taps.advance // self.period * self.advance
        return Field(period, advance, phases, self._inner(taps), self.even and taps.even)

    def _ends(self, seen: tuple[Interval | None, ...]) -> tuple[Interval | None, ...]:
        """In order, the first and the last tap decide."""
        phases: list[Interval | None] = []
        for taps in seen:
            left, right = (None, None) if taps is None else map(self.of, taps)
            phases.append(None if left is None or right is None else (left[0], right[1]))
        return tuple(phases)

    def _hulls(
        self, seen: tuple[Interval | None, ...], spacing: int
    ) -> tuple[Interval | None, ...] | None:
        """Without order, all taps are looked at; None if they are too many."""
        if sum((taps[1] - taps[0]) // spacing + 1 for taps in seen if taps) > MAX_LOOKS:
            return None
        return tuple(
            None if taps is None else hull(map(self.of, range(taps[0], taps[1] + 1, spacing)))
            for taps in seen
        )

    def _inner(self, taps: Field) -> Interval | None:
        """The units that see inner ones alone."""
        if self.inner is None or taps.advance <= 0:
            return taps.inner
        first, last = self.inner
        period, advance = taps.period, taps.advance
        low, high = [], []
        for phase, one in enumerate(taps.phases):
            if one is not None:
                low.append((-((one[0] - first) // advance) - 1) * period + phase + 1)
                high.append(((last - one[1]) // advance + 1) * period + phase - 1)
        return _common(taps.inner, (max(low), min(high))) if low else taps.inner


IDENTITY: Final = Field(1, 1, ((0, 0),))

# A field, GLOBAL, or None where it is not known.
Extent: TypeAlias = Field | Literal[Global.GLOBAL] | None


def few(phases: int) -> bool:
    """Whether there are some, and not too many to keep."""
    return 0 < phases <= MAX_PHASES


def hull(intervals: Iterable[Interval | None]) -> Interval | None:
    """The smallest interval around all of them."""
    seen = [one for one in intervals if one is not None]
    return (min(lo for lo, _ in seen), max(hi for _, hi in seen)) if seen else None


def _common(one: Interval | None, other: Interval | None) -> Interval | None:
    """The intersection, where None has no ends."""
    if one is None or other is None:
        return other if one is None else one
    return max(one[0], other[0]), min(one[1], other[1])


def _smallest_period(period: int, advance: int, phases: tuple[Interval | None, ...]) -> int:
    for candidate in range(1, period // 2 + 1):
        turns, rest = divmod(period, candidate)
        if rest or advance % turns:
            continue
        move = advance // turns
        if all(
            new == (None if old is None else (old[0] + move, old[1] + move))
            for old, new in zip(phases, phases[candidate:], strict=False)
        ):
            return candidate
    return period
