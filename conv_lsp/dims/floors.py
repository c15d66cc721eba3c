"""Quotients rounded down, in their normal form."""

from __future__ import annotations

from math import gcd

from conv_lsp.dims.bounds import at_most, bounds_of
from conv_lsp.dims.division import content_of, divide, divide_exactly
from conv_lsp.dims.expr import (
    Dim,
    Expr,
    Floor,
    Monomial,
    bounded_atom,
    collect,
    constant_of,
    varying_of,
)
from conv_lsp.dims.intervals import quotient_bounds


def ceil_div(a: Dim, b: Dim) -> Dim:
    """`a / b` rounded up. ZeroDivisionError if `b` is 0."""
    return -floor(-a, b)


def remainder(a: Dim, b: Dim) -> Dim:
    """`a % b`, by its definition."""
    return a - b * floor(a, b)


def floor(a: Dim, b: Dim) -> Dim:
    """`a // b`. ZeroDivisionError if `b` is 0."""
    if isinstance(b, int):
        if isinstance(a, int):
            return a // b
        if b == 0:
            raise ZeroDivisionError(f"{a} divided by zero")
        return _floor_by_int(a, b) if b > 0 else _floor_by_int(-a, -b)
    low, high = bounds_of(b)
    if high is not None and high < 0:
        return floor(-a, -b)
    if low is None or low <= 0:
        return _atom(a, b)
    whole, rest = divide(a, b)
    return whole + _floor_of_rest(rest, b)


def _floor_by_int(a: Expr, b: int) -> Dim:
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for m, c in a.terms:
        if m == () or c % b == 0:
            whole[m], rest[m] = divmod(c, b)
        else:
            rest[m] = c
    number = collect(rest)
    if isinstance(number, int):
        return collect(whole)
    common = gcd(b, *(c for _, c in varying_of(number)))
    if common > 1:
        number = Expr(tuple((m, c // common) for m, c in number.terms if m or c >= common))
    return collect(whole) + _floor_of_rest(number, b // common)


def _floor_of_rest(a: Dim, b: Dim) -> Dim:
    """`a // b` for a positive `b` no multiple of which can leave `a` as it is written."""
    if isinstance(a, int):
        if a == 0:
            return 0
        negative = a < 0
    else:
        negative = all(c < 0 for _, c in varying_of(a))
        inner = _only_floor(a)
        if inner is not None:  # (n//d + c)//b == (n + c*d)//(d*b)
            return floor(
                inner.numerator + constant_of(a) * inner.denominator, inner.denominator * b
            )
    if negative:  # -x//b == -((x - 1)//b) - 1
        return -floor(-a - 1, b) - 1
    if isinstance(b, Expr):
        smaller = _cancelled(a, b)
        if smaller is not None:
            return floor(*smaller)
    known = _known_quotient(a, b)
    return _atom(a, b) if known is None else known


def _atom(a: Dim, b: Dim) -> Expr:
    return bounded_atom(Floor(a, b, quotient_bounds(bounds_of(a), bounds_of(b))))


def _only_floor(a: Expr) -> Floor | None:
    varying = varying_of(a)
    if len(varying) == 1:
        monomial, c = varying[0]
        if c == 1 and len(monomial) == 1 and isinstance(monomial[0], Floor):
            return monomial[0]
    return None


def _known_quotient(a: Dim, b: Dim) -> int | None:
    low, high = bounds_of(a)
    if isinstance(b, int):
        if low is None or high is None or low // b != high // b:
            return None
        return low // b
    if low is not None and low >= 0 and at_most(a + 1, b):
        return 0
    return None


def _cancelled(a: Dim, b: Expr) -> tuple[Dim, Dim] | None:
    """Both without their common factor, if there is one and the divisor stays positive."""
    number, shared = content_of(((((), a),) if isinstance(a, int) else a.terms) + b.terms)
    if number == 1 and not shared:
        return None
    factor = Expr(((shared, number),)) if shared else number
    left, right = divide_exactly(a, factor), divide_exactly(b, factor)
    assert left is not None
    assert right is not None
    return (left, right) if at_most(1, right) else None
