"""Exact division of polynomials, and what their terms share."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd

from conv_lsp.dims.expr import MAX_TERMS, Dim, Expr, Monomial, collect, multiply, term_order


def divide_exactly(a: Dim, b: Dim) -> Dim | None:
    """The `q` with `a == q*b` for all sizes; None where none is proved (or `b` is 0)."""
    if isinstance(b, int):
        if b == 0:
            return None
        if isinstance(a, int):
            return None if a % b else a // b
        if any(c % b for _, c in a.terms):
            return None
        return Expr(tuple((m, c // b) for m, c in a.terms))
    quotient, rest = divide(a, b)
    return None if rest != 0 else quotient


def divide(a: Dim, b: Expr) -> tuple[Dim, Dim]:
    """Long division of polynomials with integer quotients: `a == q*b + r`."""
    work: dict[Monomial, int] = {(): a} if isinstance(a, int) else dict(a.terms)
    (lead, scale), *others = b.terms
    quotient: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for _ in range(4 * MAX_TERMS):
        if not work:
            return collect(quotient), collect(rest)
        monomial = min(work, key=term_order)
        c = work.pop(monomial)
        m = without(monomial, lead)
        if m is None or c % scale:
            rest[monomial] = c
            continue
        quotient[m] = factor = c // scale
        for other, k in others:
            key = multiply(m, other)
            work[key] = work.get(key, 0) - factor * k
    return 0, a


def without(m: Monomial, part: Monomial) -> Monomial | None:
    """`m / part`, or None where `part` does not divide it."""
    rest = list(m)
    for atom in part:
        if atom not in rest:
            return None
        rest.remove(atom)
    return tuple(rest)


def content_of(terms: Iterable[tuple[Monomial, int]]) -> tuple[int, Monomial]:
    """The greatest number and the atoms that divide every term."""
    number, shared = 0, None
    for m, c in terms:
        number = gcd(number, c)
        shared = m if shared is None else _shared(shared, m)
    return number, shared or ()


def _shared(m: Monomial, n: Monomial) -> Monomial:
    rest = list(n)
    kept = []
    for atom in m:
        if atom in rest:
            rest.remove(atom)
            kept.append(atom)
    return tuple(kept)
