"""What is known of an integer: the least and the greatest that it can be."""

from __future__ import annotations

from typing import Literal, TypeAlias

Bounds: TypeAlias = "tuple[int | None, int | None]"  # None is no bound


def product_bounds(a: Bounds, b: Bounds) -> Bounds:
    if a == (0, 0) or b == (0, 0):
        return 0, 0
    if a[1] is not None and a[1] <= 0:
        return negated_bounds(product_bounds(negated_bounds(a), b))
    if b[1] is not None and b[1] <= 0:
        return negated_bounds(product_bounds(a, negated_bounds(b)))
    (al, ah), (bl, bh) = a, b
    high = None if ah is None or bh is None else ah * bh
    if al is not None and al >= 0 and bl is not None and bl >= 0:
        return al * bl, high
    if al is None or bl is None:
        if al is not None and al >= 0:  # b reaches down without end unless a is nothing
            return None, high
        if bl is not None and bl >= 0:
            return None, high
        return None, None
    if al >= 0:
        return (None if ah is None else ah * bl), high
    if bl >= 0:
        return (None if bh is None else bh * al), high
    if ah is None or bh is None:
        return None, None
    return min(al * bh, ah * bl), max(al * bl, ah * bh)


def negated_bounds(bounds: Bounds) -> Bounds:
    low, high = bounds
    return (None if high is None else -high), (None if low is None else -low)


def quotient_bounds(a: Bounds, b: Bounds) -> Bounds:
    (al, ah), (bl, bh) = a, b
    if bl is None or bl <= 0:
        return None, None
    low: int | None = None
    if al is not None:
        low = al // bl if al < 0 else (al // bh if bh is not None else 0)
    high: int | None = None
    if ah is not None:
        high = ah // bl if ah >= 0 else (ah // bh if bh is not None else -1)
    return low, high


def extreme_bounds(function: Literal["min", "max"], bounds: list[Bounds]) -> Bounds:
    if function == "max":
        return negated_bounds(extreme_bounds("min", [negated_bounds(b) for b in bounds]))
    lows = [low for low, _ in bounds if low is not None]
    highs = [high for _, high in bounds if high is not None]
    return (min(lows) if len(lows) == len(bounds) else None), (min(highs) if highs else None)
