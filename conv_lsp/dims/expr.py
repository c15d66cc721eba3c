"""Sums of products of atoms in a normal form, with what makes them: `+`, `-` and `*`.

Quotients need bounds and bounds need sums, so that `//`, `%` and the text of an expression are
worked out in files that import this one: only there are `Floor` and `Extreme` made.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from operator import attrgetter
from typing import Literal, NoReturn, TypeAlias

from conv_lsp.dims.intervals import Bounds

# Past these an expression is an anonymous unknown: nobody can read it and time must stay bounded.
MAX_TERMS = 48  # of one sum
MAX_FACTORS = 16  # of one product
MAX_NESTING = 12  # of floors, minima and maxima
MAX_KEY = 4_000  # characters that name an atom: bounds terms times nesting

Dim: TypeAlias = "int | Expr"
Monomial: TypeAlias = "tuple[Atom, ...]"
Terms: TypeAlias = "tuple[tuple[Monomial, int], ...]"

_serials = count()


class Atom:
    """A factor that sums and products are made of. Equal keys are equal atoms."""

    __slots__ = ("anonymous", "bounds", "key", "nesting")
    key: str  # begins with the name of a symbol, so that atoms are ordered as people order them
    bounds: Bounds
    nesting: int
    anonymous: bool

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Atom) and self.key == other.key)

    def __hash__(self) -> int:
        return hash(self.key)


class Symbol(Atom):
    """A named size, or an anonymous one (by serial)."""

    __slots__ = ("minimum", "name")

    def __init__(self, name: str, minimum: int | None, serial: int | None = None) -> None:
        self.name = name
        self.minimum = minimum
        self.key = f"{name}\0{minimum}" if serial is None else f"{name}\0{serial:012}!{minimum}"
        self.bounds = minimum, None
        self.nesting = 0
        self.anonymous = serial is not None


class Floor(Atom):
    """`numerator // denominator`, already in normal form."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Dim, denominator: Dim, bounds: Bounds) -> None:
        self.numerator = numerator
        self.denominator = denominator
        lead = numerator if isinstance(numerator, Expr) else denominator
        self.key = f"{lead_of(lead)}\0({key_of(numerator)}//{key_of(denominator)})"
        self.bounds = bounds
        self.nesting = 1 + max(_nesting(numerator), _nesting(denominator))
        self.anonymous = has_anonymous(numerator) or has_anonymous(denominator)


class Extreme(Atom):
    """The least or the greatest of two or more arguments, at most one of them an `int`."""

    __slots__ = ("arguments", "function")

    def __init__(
        self, function: Literal["min", "max"], arguments: tuple[Dim, ...], bounds: Bounds
    ) -> None:
        self.function = function
        self.arguments = arguments
        self.key = f"{lead_of(arguments[0])}\0{function}({','.join(map(key_of, arguments))})"
        self.bounds = bounds
        self.nesting = 1 + max(map(_nesting, arguments))
        self.anonymous = any(map(has_anonymous, arguments))


class Expr:
    """A size that depends on symbols. Immutable, and never a constant: constants are `int`.

    `==` compares normal forms and orders are not defined: ask `equal`, `less` and `less_equal`.
    """

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: Terms) -> None:
        """Terms sorted by `term_order`, none zero; use `symbol` and arithmetic instead."""
        self.terms = terms
        self._hash = hash(terms)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Expr) and self._hash == other._hash and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash

    def __bool__(self) -> NoReturn:
        raise TypeError(f"whether the size {self} is zero is not known")

    def __str__(self) -> str:
        from conv_lsp.dims.text import text_of

        return text_of(self)

    __repr__ = __str__

    def __neg__(self) -> Expr:
        return Expr(tuple((m, -c) for m, c in self.terms))

    def __add__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return shifted(self, other)
        if isinstance(other, Expr):
            return _sum(self, other, 1)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return shifted(self, -other)
        if isinstance(other, Expr):
            return _sum(self, other, -1)
        return NotImplemented

    def __rsub__(self, other: int) -> Dim:
        if isinstance(other, int):
            return -self + other
        return NotImplemented

    def __mul__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return Expr(tuple((m, c * other) for m, c in self.terms)) if other else 0
        if isinstance(other, Expr):
            return _product(self, other)
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other: Dim) -> Dim:
        if isinstance(other, (int, Expr)):
            from conv_lsp.dims.floors import floor

            return floor(self, other)
        return NotImplemented

    def __rfloordiv__(self, other: int) -> Dim:
        if isinstance(other, int):
            from conv_lsp.dims.floors import floor

            return floor(other, self)
        return NotImplemented

    def __mod__(self, other: Dim) -> Dim:
        if isinstance(other, (int, Expr)):
            from conv_lsp.dims.floors import remainder

            return remainder(self, other)
        return NotImplemented

    def __rmod__(self, other: int) -> Dim:
        if isinstance(other, int):
            from conv_lsp.dims.floors import remainder

            return remainder(other, self)
        return NotImplemented


def symbol(name: str, minimum: int = 1) -> Expr:
    """The size called `name`, at least `minimum`; symbols of equal name and minimum are equal."""
    return single(Symbol(name, minimum))


def unknown_size() -> Expr:
    """A fresh anonymous size, zero or more: unlike every other, it prints as `?`."""
    return fresh(0)


def has_anonymous(d: Dim) -> bool:
    """Whether `d` depends on an anonymous size, so that its text says little."""
    return isinstance(d, Expr) and any(a.anonymous for m, _ in d.terms for a in m)


def product(dims: Iterable[Dim]) -> Dim:
    """The product of sizes; 1 for none."""
    result: Dim = 1
    for d in dims:
        result = result * d
    return result


def total(dims: Iterable[Dim]) -> Dim:
    """The sum of sizes; 0 for none."""
    result: Dim = 0
    for d in dims:
        result = result + d
    return result


def single(atom: Atom) -> Expr:
    """An atom as an expression."""
    return Expr((((atom,), 1),))


def fresh(minimum: int | None) -> Expr:
    """An anonymous symbol of its own."""
    return single(Symbol("?", minimum, next(_serials)))


def bounded_atom(atom: Floor | Extreme) -> Expr:
    """The atom as an expression; a fresh one if it is past the bounds."""
    if atom.nesting > MAX_NESTING or len(atom.key) > MAX_KEY:
        return fresh(None)
    return single(atom)


def parts_of(atom: Atom) -> tuple[Dim, ...]:
    """What an atom is made of; nothing for a symbol."""
    if isinstance(atom, Floor):
        return atom.numerator, atom.denominator
    return atom.arguments if isinstance(atom, Extreme) else ()


def term_order(monomial: Monomial) -> tuple[int, list[str]]:
    """By degree, then by names: the order of the terms, and one that division can follow."""
    return -len(monomial), [a.key for a in monomial]


by_key = attrgetter("key")


def collect(terms: dict[Monomial, int]) -> Dim:
    """The normal form of a sum: without zeros, in order, an `int` where nothing varies."""
    kept = [m for m, c in terms.items() if c]
    if not kept:
        return 0
    if kept == [()]:
        return terms[()]
    if len(kept) > 1:
        kept.sort(key=term_order)
    if len(kept) > MAX_TERMS or len(kept[0]) > MAX_FACTORS:
        return fresh(None)  # the sum may be negative, so this has no minimum
    return Expr(tuple((m, terms[m]) for m in kept))


def constant_of(e: Expr) -> int:
    """The term without a symbol, which is the last; 0 if there is none."""
    monomial, coefficient = e.terms[-1]
    return coefficient if monomial == () else 0


def varying_of(e: Expr) -> Terms:
    """All terms but the constant."""
    return e.terms[:-1] if e.terms[-1][0] == () else e.terms


def shifted(e: Expr, by: int) -> Expr:
    """`e + by`."""
    constant = constant_of(e) + by
    return Expr((*varying_of(e), ((), constant))) if constant else Expr(varying_of(e))


def _sum(a: Expr, b: Expr, sign: int) -> Dim:
    terms = dict(a.terms)
    for m, c in b.terms:
        terms[m] = terms.get(m, 0) + sign * c
    return collect(terms)


def _product(a: Expr, b: Expr) -> Dim:
    terms: dict[Monomial, int] = {}
    for m, c in a.terms:
        for n, k in b.terms:
            both = multiply(m, n)
            terms[both] = terms.get(both, 0) + c * k
    return collect(terms)


def multiply(m: Monomial, n: Monomial) -> Monomial:
    """The product of two monomials."""
    if not m or not n:
        return m or n
    return tuple(sorted(m + n, key=by_key))


def key_of(d: Dim) -> str:
    """A text that equal expressions share and no others."""
    if isinstance(d, int):
        return str(d)
    return "+".join("*".join([*(a.key for a in m), str(c)]) for m, c in d.terms)


def lead_of(d: Dim) -> str:
    """The name of the first symbol."""
    assert isinstance(d, Expr)
    return d.terms[0][0][0].key.partition("\0")[0]


def _nesting(d: Dim) -> int:
    return 0 if isinstance(d, int) else max((a.nesting for m, _ in d.terms for a in m), default=0)
