"""Which of two sizes is the greater, decided for all sizes of their symbols or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product as combinations
from math import gcd, prod
from typing import Literal, TypeAlias

from conv_lsp.dims.bounds import bounds_of
from conv_lsp.dims.expr import Dim, Expr, Symbol, constant_of, fresh, key_of, single, varying_of
from conv_lsp.dims.floors import ceil_div
from conv_lsp.dims.substitution import rebuild, symbol_periods

MAX_CASES = 8_000  # residue classes tried to decide a comparison, times characters of its key

Relation: TypeAlias = Literal["==", "!=", "<", "<=", "~"]  # ~: equal, or one of them is 1
Comparison: TypeAlias = "tuple[Relation, Dim, Dim]"


def equal(a: Dim, b: Dim) -> bool | None:
    """Whether `a == b` for all sizes (True) or for none (False); None where not decided."""
    if isinstance(a, int) and isinstance(b, int):
        return a == b
    gap = a - b
    return gap == 0 if isinstance(gap, int) else _is_zero(gap)


def less(a: Dim, b: Dim) -> bool | None:
    """Whether `a < b` for all sizes (True) or for none (False); None where not decided."""
    if isinstance(a, int) and isinstance(b, int):
        return a < b
    gap = b - a
    return gap > 0 if isinstance(gap, int) else _is_positive(gap)


def less_equal(a: Dim, b: Dim) -> bool | None:
    """Whether `a <= b` for all sizes (True) or for none (False); None where not decided."""
    if isinstance(a, int) and isinstance(b, int):
        return a <= b
    return less(a, b + 1)


def proves_unequal(a: Dim, b: Dim) -> bool:
    """True only where no sizes of the symbols make the two equal."""
    return equal(a, b) is False


def proves_less(a: Dim, b: Dim) -> bool:
    """True only where `a < b` for all sizes of the symbols."""
    return less(a, b) is True


def opposite(comparison: Comparison) -> Comparison:
    """What holds of two sizes where a comparison does not. Not for `~`."""
    relation, left, right = comparison
    if relation == "<":
        return "<=", right, left
    if relation == "<=":
        return "<", right, left
    return ("!=" if relation == "==" else "=="), left, right


@lru_cache(maxsize=4096)
def _is_zero(e: Expr) -> bool | None:
    return _decided(e, _bounded_zero)


@lru_cache(maxsize=4096)
def _is_positive(e: Expr) -> bool | None:
    return _decided(e, _bounded_positive)


def _bounded_zero(d: Dim) -> bool | None:
    if isinstance(d, int):
        return d == 0
    if constant_of(d) % gcd(*(c for _, c in varying_of(d))):
        return False
    low, high = bounds_of(d)
    if (low is not None and low > 0) or (high is not None and high < 0):
        return False
    return None


def _bounded_positive(d: Dim) -> bool | None:
    low, high = bounds_of(d)
    if low is not None and low > 0:
        return True
    return False if high is not None and high <= 0 else None


def _decided(e: Expr, test: Callable[[Dim], bool | None]) -> bool | None:
    """The answer of `test`, if need be for every residue class of the symbols under floors."""
    answer = test(e)
    if answer is not None:
        return answer
    periods = {s: p for s, p in symbol_periods(e).items() if p > 1}
    if not periods or prod(periods.values()) * len(key_of(e)) > MAX_CASES:
        return None
    for residues in combinations(*(range(p) for p in periods.values())):
        sizes = {s: _class(s, p, r) for (s, p), r in zip(periods.items(), residues, strict=True)}
        try:
            case = test(_replace(e, sizes))
        except ZeroDivisionError:  # not defined for these sizes, which says nothing of others
            continue
        if case is None or answer is (not case):
            return None
        answer = case
    return answer


def _replace(e: Expr, sizes: Mapping[Symbol, Dim]) -> Dim:
    return rebuild(e, lambda s: sizes[s] if s in sizes else single(s))


def _class(s: Symbol, period: int, residue: int) -> Dim:
    """The sizes of `s` with this residue."""
    low = None if s.minimum is None else ceil_div(s.minimum - residue, period)
    assert low is None or isinstance(low, int)
    return period * fresh(low) + residue
