"""Which positions a unit reads through convolutions in a row: the exact set, as bits of a number.

The formula of hybrid dilated convolution (Wang et al., 2018, M₂ ≤ kernel) lets dilations 2, 2, 2
pass, of which every unit reads 7 positions of 13. So the set itself is worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDEST: Final = 1 << 16
"""Sets that reach farther than this are not known."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The positions that unit 0 of an axis reads; unit i reads those moved right by i.

    lo: the first of them. bits: bit b is set where lo + b is read; bit 0 and the highest are.
    rates: the dilations on the path of most dilated convolutions to here.
    """

    lo: int
    bits: int
    rates: tuple[int, ...] = ()

    @property
    def span(self) -> int:
        """Positions from the first to the last that is read."""
        return self.bits.bit_length()

    @property
    def read(self) -> int:
        """Positions that are read."""
        return self.bits.bit_count()

    @property
    def dilated(self) -> int:
        """Dilated convolutions in a row."""
        return sum(rate > 1 for rate in self.rates)

    def moved(self, by: int) -> Coverage:
        """Of units that stand `by` to the right."""
        return Coverage(self.lo + by, self.bits, self.rates)

    def through(self, kernel: int, dilation: int, before: int) -> Coverage | None:
        """Of a convolution's units, without stride; None where it is too wide."""
        if self.span + dilation * (kernel - 1) > WIDEST:
            return None
        bits, taps = self.bits, 1
        while taps < kernel:  # twice as many taps each time
            more = min(taps, kernel - taps)
            bits |= bits << dilation * more
            taps += more
        rates = (*self.rates, dilation) if kernel > 1 else self.rates
        return Coverage(self.lo - before, bits, rates)


ITSELF: Final = Coverage(0, 1)
"""Each unit reads its own position."""


def union(parts: Sequence[Coverage]) -> Coverage | None:
    """Of units that read what each of the parts reads; None where it is too wide."""
    lo = min(part.lo for part in parts)
    if max(part.lo - lo + part.span for part in parts) > WIDEST:
        return None
    bits = 0
    for part in parts:
        bits |= part.bits << part.lo - lo
    longest = max(parts, key=lambda part: (part.dilated, len(part.rates)))
    return Coverage(lo, bits, longest.rates)
