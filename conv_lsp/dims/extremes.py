"""Minima and maxima, without arguments that others make needless."""

from __future__ import annotations

from typing import Literal

from conv_lsp.dims.bounds import at_most, bounds_of
from conv_lsp.dims.expr import Dim, Expr, Extreme, bounded_atom, fresh, key_of, single
from conv_lsp.dims.intervals import extreme_bounds

MAX_ARGUMENTS = 8  # of one minimum or maximum


def minimum(*dims: Dim) -> Dim:
    """The least of one or more sizes."""
    return extreme("min", dims)


def maximum(*dims: Dim) -> Dim:
    """The greatest of one or more sizes."""
    return extreme("max", dims)


def extreme(function: Literal["min", "max"], dims: tuple[Dim, ...]) -> Dim:
    """Minimum or maximum, in normal form."""
    choose = min if function == "min" else max
    numbers = [d for d in dims if isinstance(d, int)]
    if len(numbers) == len(dims):
        return choose(numbers)
    flat: list[Dim] = [choose(numbers)] if numbers else []
    for d in dims:
        if isinstance(d, Expr):
            atom = d.terms[0][0][0]
            same = isinstance(atom, Extreme) and atom.function == function and d == single(atom)
            flat.extend(atom.arguments if same and isinstance(atom, Extreme) else (d,))
    kept: list[Dim] = []
    for d in flat:
        if any(_covers(function, k, d) for k in kept):
            continue
        kept = [k for k in kept if not _covers(function, d, k)] + [d]
        if len(kept) > MAX_ARGUMENTS:
            return fresh(None)
    if len(kept) == 1:
        return kept[0]
    kept.sort(key=lambda d: (isinstance(d, int), key_of(d)))
    return bounded_atom(
        Extreme(function, tuple(kept), extreme_bounds(function, [bounds_of(d) for d in kept]))
    )


def _covers(function: Literal["min", "max"], a: Dim, b: Dim) -> bool:
    """Whether `b` need not be asked once `a` is."""
    return at_most(a, b) if function == "min" else at_most(b, a)
