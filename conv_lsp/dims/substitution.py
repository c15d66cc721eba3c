"""The symbols of an expression: which there are, and other values for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import lcm

from conv_lsp.dims.expr import (
    Atom,
    Dim,
    Expr,
    Extreme,
    Floor,
    Symbol,
    parts_of,
    product,
    single,
    total,
)
from conv_lsp.dims.extremes import extreme
from conv_lsp.dims.floors import floor


def substitute(d: Dim, sizes: Mapping[str, Dim]) -> Dim:
    """`d` with the named symbols replaced at once. ZeroDivisionError if a divisor becomes 0."""
    if isinstance(d, int):
        return d

    def value(s: Symbol) -> Dim:
        return sizes.get(s.name, single(s)) if not s.anonymous else single(s)

    return rebuild(d, value)


def evaluate(d: Dim, sizes: Mapping[str, int]) -> int:
    """The number `d` is for these sizes.

    KeyError if a symbol is missing or anonymous, ZeroDivisionError if a divisor becomes 0.
    """
    if isinstance(d, int):
        return d

    def value(s: Symbol) -> Dim:
        if s.anonymous:
            raise KeyError(s.name)
        return sizes[s.name]

    result = rebuild(d, value)
    assert isinstance(result, int)
    return result


def symbols(d: Dim) -> frozenset[str]:
    """The names of the symbols in `d`, without anonymous ones."""
    return frozenset(s.name for s in _symbols(d) if not s.anonymous)


def periods(d: Dim) -> dict[str, int]:
    """For each symbol a step under which the floors of `d` advance by whole numbers."""
    found: dict[str, int] = {}
    for s, p in symbol_periods(d).items():
        if not s.anonymous:
            found[s.name] = lcm(found.get(s.name, 1), p)
    return found


def rebuild(d: Dim, value: Callable[[Symbol], Dim]) -> Dim:
    """`d` computed again from other values of its symbols."""
    if isinstance(d, int):
        return d
    return total(c * product(_rebuild_atom(a, value) for a in m) for m, c in d.terms)


def _rebuild_atom(atom: Atom, value: Callable[[Symbol], Dim]) -> Dim:
    if isinstance(atom, Floor):
        return floor(rebuild(atom.numerator, value), rebuild(atom.denominator, value))
    if isinstance(atom, Extreme):
        return extreme(atom.function, tuple(rebuild(a, value) for a in atom.arguments))
    assert isinstance(atom, Symbol)
    return value(atom)


def _symbols(d: Dim) -> Iterator[Symbol]:
    if isinstance(d, Expr):
        for monomial, _ in d.terms:
            for atom in monomial:
                if isinstance(atom, Symbol):
                    yield atom
                for part in parts_of(atom):
                    yield from _symbols(part)


def symbol_periods(d: Dim) -> dict[Symbol, int]:
    """For each symbol a step under which the floors of `d` advance by whole numbers."""
    periods: dict[Symbol, int] = {}
    if isinstance(d, int):
        return periods
    for monomial, _ in d.terms:
        for atom in monomial:
            if isinstance(atom, Symbol):
                periods.setdefault(atom, 1)
            scale = 1
            if isinstance(atom, Floor) and isinstance(atom.denominator, int):
                scale = atom.denominator
            for part in parts_of(atom):
                for s, p in symbol_periods(part).items():
                    periods[s] = lcm(periods.get(s, 1), p * scale)
    return periods
