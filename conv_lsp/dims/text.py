"""The text of an expression: what a person would write."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from conv_lsp.dims.division import content_of, divide, divide_exactly, without
from conv_lsp.dims.expr import (
    Atom,
    Dim,
    Expr,
    Extreme,
    Floor,
    Monomial,
    Symbol,
    by_key,
    collect,
    constant_of,
    has_anonymous,
    lead_of,
    shifted,
    single,
    varying_of,
)

MAX_FACTORED = 16  # terms of a sum whose text is factored
MAX_ROOT = 64  # absolute value of the roots tried in it


@lru_cache(maxsize=4096)
def text_of(e: Expr) -> str:
    """A Python expression of the same value: a product where that is shorter, else a sum."""
    number, shared = content_of(e.terms)
    if all(c < 0 for _, c in e.terms):
        number = -number
    core = divide_exactly(e, Expr(((shared, number),)) if shared else number)
    assert core is not None
    sums = _factors(core) if isinstance(core, Expr) else []
    if len(sums) + len(shared) == 1 and abs(number) == 1:
        return _sum_text(e)
    if len(sums) == 1 and not shared:
        return min(_product_text(number, shared, sums), _sum_text(e), key=len)
    return _product_text(number, shared, sums)


def _factors(e: Expr) -> list[Expr]:
    """Sums whose product is `e`, found by dividing by what multiplies an atom in it."""
    if len(e.terms[0][0]) < 2 or len(e.terms) > MAX_FACTORED:
        return [e]
    for divisor in _divisors(e):
        quotient, rest = divide(e, divisor)
        if rest == 0 and isinstance(quotient, Expr):
            return _factors(divisor) + _factors(quotient)
    return [e]


def _divisors(e: Expr) -> Iterator[Expr]:
    atoms = sorted({a for m, _ in e.terms for a in m}, key=by_key)
    for atom in atoms:
        degree = max(m.count(atom) for m, _ in e.terms)
        power = (atom,) * degree
        beside = collect(
            {without(m, power) or (): c for m, c in e.terms if m.count(atom) == degree}
        )
        if isinstance(beside, Expr):
            number, shared = content_of(beside.terms)
            divisor = divide_exactly(beside, Expr(((shared, number),)) if shared else number)
            if isinstance(divisor, Expr):
                yield divisor
    if len(atoms) == 1:
        constant = abs(constant_of(e))
        for root in range(1, min(constant, MAX_ROOT) + 1):
            if constant % root == 0:
                yield shifted(single(atoms[0]), root)
                yield shifted(single(atoms[0]), -root)


def _product_text(number: int, atoms: Monomial, sums: list[Expr]) -> str:
    named = [(not isinstance(a, Symbol), a.key, _factor_text(a)) for a in atoms]
    named += [(True, lead_of(s), f"({_sum_text(s)})") for s in sums]
    texts: dict[str, int] = {}
    for _, _, text in sorted(named):
        texts[text] = texts.get(text, 0) + 1
    anonymous = any(map(has_anonymous, sums)) or any(a.anonymous for a in atoms)
    parts = [
        "*".join([text] * n) if anonymous or n == 1 else f"{text}**{n}" for text, n in texts.items()
    ]
    if abs(number) != 1:
        parts.insert(0, str(abs(number)))
    return ("-" if number < 0 else "") + "*".join(parts)


def _factor_text(atom: Atom) -> str:
    if not isinstance(atom, Floor):
        return _atom_text(atom)
    shift = _shift(atom, 0, 1)
    return f"({_atom_text(atom, shift)}{' + 1' if shift else ''})"


def _shift(floor: Floor, constant: int, coefficient: int) -> int:
    """1 if `(n - d)//d + 1` reads better than `n//d` in a sum with this constant, else 0."""
    n, d = floor.numerator, floor.denominator
    if not isinstance(n, Expr) or not isinstance(d, int) or not constant_of(n):
        return 0
    inside = constant_of(n)
    plain = inside + 2 * abs(constant)
    return 1 if d - inside + 2 * abs(constant + coefficient) <= plain else 0


def _atom_text(atom: Atom, shift: int = 0) -> str:
    if isinstance(atom, Symbol):
        return atom.name
    if isinstance(atom, Extreme):
        return f"{atom.function}({', '.join(map(str, atom.arguments))})"
    assert isinstance(atom, Floor)
    number = atom.numerator - shift * atom.denominator
    return f"{_operand_text(number)}//{_operand_text(atom.denominator)}"


def _operand_text(d: Dim) -> str:
    text = str(d)
    if isinstance(d, int):
        return text if d >= 0 else f"({text})"
    (monomial, c), *others = d.terms
    bare = not others and c == 1 and len(monomial) == 1 and not isinstance(monomial[0], Floor)
    return text if bare else f"({text})"


def _sum_text(e: Expr) -> str:
    terms = dict(e.terms)
    constant = terms.pop((), 0)
    pieces: dict[Monomial, tuple[int, str, bool]] = {}  # coefficient, text, needs brackets
    for m in list(terms):
        if len(m) == 1 and isinstance(m[0], Floor) and m in terms:
            taken = _take_remainder(terms, m[0], constant)
            if taken is not None:
                pieces[m] = taken[0], taken[1], True
                constant = taken[2]
    for m, c in terms.items():
        atom = m[0]
        if len(m) == 1 and isinstance(atom, Floor):
            shift = _shift(atom, constant, c)
            constant += shift * c
            pieces[m] = c, _atom_text(atom, shift), True
        else:
            pieces[m] = c, _product_text(1, m, []), False
    ordered = [pieces[m] for m, _ in e.terms if m in pieces]
    if constant:
        ordered.append((constant, "", False))
    first = next((i for i, piece in enumerate(ordered) if piece[0] > 0), 0)
    ordered.insert(0, ordered.pop(first))
    return _joined(ordered)


def _joined(pieces: list[tuple[int, str, bool]]) -> str:
    text = ""
    for c, factor, brackets in pieces:
        if not factor:
            part = str(abs(c))
        elif abs(c) == 1:
            part = f"({factor})" if brackets and c < 0 and not text else factor
        else:
            part = f"{abs(c)}*({factor})" if brackets else f"{abs(c)}*{factor}"
        if text:
            text += (" - " if c < 0 else " + ") + part
        else:
            text = ("-" if c < 0 else "") + part
    return text


def _take_remainder(
    terms: dict[Monomial, int], floor: Floor, constant: int
) -> tuple[int, str, int] | None:
    """Takes `k*(n - d*(n//d))` out of a sum: `k`, `n%d` as a text, and the constant to go on with.

    Either as it is or as `k*(d - 1) - k*((-n - 1)%d)`, whichever leaves less of a constant.
    """
    n, d = floor.numerator, floor.denominator
    c = terms[(floor,)]
    if not isinstance(d, int) or not isinstance(n, Expr) or c % d:
        return None
    k = -c // d
    varying = varying_of(n)
    if any(terms.get(m) != k * factor for m, factor in varying):
        return None
    for m in (*(m for m, _ in varying), (floor,)):
        del terms[m]
    left = constant - k * constant_of(n)
    if abs(left + k * (d - 1)) < abs(left):
        n, k, left = shifted(-n, -1), -k, left + k * (d - 1)
    inside = constant_of(n)
    centred = (inside + (d - 1) // 2) % d - (d - 1) // 2
    return k, f"{_operand_text(shifted(n, centred - inside))}%{d}", left
