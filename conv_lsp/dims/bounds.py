"""Numbers that an expression is never below or above, whatever its symbols are."""

from __future__ import annotations

from functools import lru_cache
from itertools import product as combinations

from conv_lsp.dims.division import without
from conv_lsp.dims.expr import (
    Atom,
    Dim,
    Expr,
    Extreme,
    Floor,
    Monomial,
    Symbol,
    collect,
    varying_of,
)
from conv_lsp.dims.intervals import Bounds, product_bounds

MAX_RELAXATIONS = 8  # floors, minima and maxima opened to bound one sum


def lower_bound(d: Dim) -> int | None:
    """A number that `d` is never below; None if none is found."""
    return d if isinstance(d, int) else _lower(d)


def upper_bound(d: Dim) -> int | None:
    """A number that `d` is never above; None if none is found."""
    if isinstance(d, int):
        return d
    low = _lower(-d)
    return None if low is None else -low


def bounds_of(d: Dim) -> Bounds:
    """What `d` lies between."""
    return lower_bound(d), upper_bound(d)


def at_most(a: Dim, b: Dim) -> bool:
    """Whether bounds alone prove `a <= b`."""
    low = lower_bound(b - a)
    return low is not None and low >= 0


@lru_cache(maxsize=4096)
def _lower(e: Expr) -> int | None:
    return _opened_lower(e, MAX_RELAXATIONS)


def _opened_lower(e: Dim, steps: int) -> int | None:
    """The better of the interval of `e` and that of `e` with a floor, min or max opened.

    `n//d` lies between `(n - d + 1)/d` and `n/d`, which cancels against other terms where an
    interval cannot: `H - H//2 >= H/2`.
    """
    if isinstance(e, int):
        return e
    best = _interval_lower(e)
    if steps < 1 or len(varying_of(e)) < 2:
        return best
    for monomial, c in sorted(varying_of(e), key=_opening_order):
        opened = _openings(e, monomial, c)
        for scaled, scale in opened:
            low = _opened_lower(scaled, (steps - 1) // len(opened))
            if low is not None:
                low = -(-low // scale)
                best = low if best is None else max(best, low)
        if opened:
            break
    return best


def _opening_order(term: tuple[Monomial, int]) -> tuple[bool, bool]:
    """Floors cancel best, and what is subtracted is what a sum has no lower bound for."""
    monomial, c = term
    return not any(isinstance(a, Floor) for a in monomial), c > 0


def _openings(e: Expr, monomial: Monomial, c: int) -> list[tuple[Dim, int]]:
    """Pairs of a Dim and a number whose quotients are at most `e`, by opening one atom."""
    for atom in sorted(monomial, key=lambda a: isinstance(a, Extreme)):
        beside = without(monomial, (atom,))
        if isinstance(atom, Symbol) or beside is None:
            continue
        low = _monomial_bounds(beside)[0]
        if low is None or low < 0:
            continue
        others = e - Expr(((monomial, c),))
        found = [
            (others * scale + limit * collect({left: c}), scale)
            for limit, scale, left in _limits(atom, beside, above=c < 0)
        ]
        if found:
            return found
    return []


def _limits(atom: Atom, beside: Monomial, *, above: bool) -> list[tuple[Dim, int, Monomial]]:
    """Each `(n, d, left)` bounds `atom * beside` by `n/d * left`, for `beside` not negative."""
    if isinstance(atom, Extreme):
        if (atom.function == "min") != above:
            return []
        return [(a, 1, beside) for a in atom.arguments]
    assert isinstance(atom, Floor)
    n, d = atom.numerator, atom.denominator
    limit = n if above else n - d + 1
    if isinstance(d, int):
        return [(limit, d, beside)]
    if not at_most(1, d):
        return []
    if d.terms[0][1] == 1 and len(d.terms) == 1:
        left = without(beside, d.terms[0][0])
        if left is not None:
            return [(limit, 1, left)]
    return [(n, 1, beside)] if above and at_most(0, n) else []


def _interval_lower(e: Expr) -> int | None:
    low = 0
    for m, c in e.terms:
        bound = _monomial_bounds(m)[0 if c > 0 else 1]
        if bound is None:
            return _offset_lower(e) if len(e.terms[0][0]) > 1 else None
        low += c * bound
    return low


def _offset_lower(e: Expr) -> int | None:
    """The lower bound after writing each atom as its own lower bound plus the rest of it.

    `H*W - H` is `(H - 1)*(W - 1) + (W - 1)` for sizes of at least 1, so it is never negative.
    """
    if len(e.terms[0][0]) > 4:
        return None
    terms: dict[Monomial, int] = {}
    for m, c in e.terms:
        lows = [a.bounds[0] for a in m]
        for chosen in combinations((True, False), repeat=len(m)):
            kept = tuple(a for a, keep in zip(m, chosen, strict=True) if keep)
            factor = c
            for low, keep in zip(lows, chosen, strict=True):
                if low is None:
                    return None
                if not keep:
                    factor *= low
            terms[kept] = terms.get(kept, 0) + factor
    result = terms.pop((), 0)
    for m, c in terms.items():
        if c < 0:
            for a in m:
                low, high = a.bounds
                if low is None or high is None:
                    return None
                c *= high - low
            result += c
    return result


def _monomial_bounds(monomial: Monomial) -> Bounds:
    bounds: Bounds = (1, 1)
    for atom in monomial:
        bounds = product_bounds(bounds, atom.bounds)
    return bounds
