"""Exact symbolic integers for the sizes of tensors.

A size is a `Dim`: a plain `int` wherever it is known, else an `Expr`, a sum of integer multiples of
products of atoms. Atoms are symbols, floors `n//d`, minima and maxima. Arithmetic keeps a normal
form, so equal polynomials are `==`:

    exact multiples leave a floor          (4*H + 5)//2  ->  2*H + 2
    constants in a floor are residues      (H - 1)//32 + 1  ->  (H + 31)//32
    floors nest into one                   (H//2 + 1)//2  ->  (H + 2)//4
    a remainder is its definition          H % 4  ->  H - 4*(H//4)

The text of an expression is another matter: it is what a person would write, and a Python
expression of the same value. Identities that the normal form lacks, such as
`H//2 + (H + 1)//2 == H`, are decided by `equal`.

Every statement about an expression is meant for all sizes of its symbols, each at least its
minimum, for which the expression is defined (no divisor is zero).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import count
from itertools import product as combinations
from math import gcd, lcm, prod
from operator import attrgetter
from typing import Literal, NoReturn, TypeAlias

# Past these an expression is an anonymous unknown: nobody can read it and time must stay bounded.
MAX_TERMS = 48  # of one sum
MAX_FACTORS = 16  # of one product
MAX_ARGUMENTS = 8  # of one minimum or maximum
MAX_NESTING = 12  # of floors, minima and maxima
MAX_KEY = 4_000  # characters that name an atom: bounds terms times nesting

MAX_CASES = 8_000  # residue classes tried to decide a comparison, times characters of its key
MAX_RELAXATIONS = 8  # floors, minima and maxima opened to bound one sum
MAX_FACTORED = 16  # terms of a sum whose text is factored
MAX_ROOT = 64  # absolute value of the roots tried in it

Dim: TypeAlias = "int | Expr"
Monomial: TypeAlias = "tuple[Atom, ...]"
Terms: TypeAlias = "tuple[tuple[Monomial, int], ...]"
Bounds: TypeAlias = "tuple[int | None, int | None]"  # None is no bound
Relation: TypeAlias = Literal["==", "!=", "<", "<=", "~"]  # ~: equal, or one of them is 1
Comparison: TypeAlias = "tuple[Relation, Dim, Dim]"

_by_key = attrgetter("key")
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

    def __init__(self, numerator: Dim, denominator: Dim) -> None:
        self.numerator = numerator
        self.denominator = denominator
        lead = numerator if isinstance(numerator, Expr) else denominator
        self.key = f"{_lead(lead)}\0({_key(numerator)}//{_key(denominator)})"
        self.bounds = _quotient_bounds(_bounds(numerator), _bounds(denominator))
        self.nesting = 1 + max(_nesting(numerator), _nesting(denominator))
        self.anonymous = has_anonymous(numerator) or has_anonymous(denominator)


class Extreme(Atom):
    """The least or the greatest of two or more arguments, at most one of them an `int`."""

    __slots__ = ("arguments", "function")

    def __init__(self, function: Literal["min", "max"], arguments: tuple[Dim, ...]) -> None:
        self.function = function
        self.arguments = arguments
        self.key = f"{_lead(arguments[0])}\0{function}({','.join(map(_key, arguments))})"
        self.bounds = _extreme_bounds(function, [_bounds(a) for a in arguments])
        self.nesting = 1 + max(map(_nesting, arguments))
        self.anonymous = any(map(has_anonymous, arguments))


class Expr:
    """A size that depends on symbols. Immutable, and never a constant: constants are `int`.

    `==` compares normal forms and orders are not defined: ask `equal`, `less` and `less_equal`.
    """

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: Terms) -> None:
        """Terms sorted by `_order`, none zero; use `symbol` and arithmetic instead."""
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
        return _text(self)

    __repr__ = __str__

    def __neg__(self) -> Expr:
        return Expr(tuple((m, -c) for m, c in self.terms))

    def __add__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return _shifted(self, other)
        if isinstance(other, Expr):
            return _sum(self, other, 1)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return _shifted(self, -other)
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
            return _floor(self, other)
        return NotImplemented

    def __rfloordiv__(self, other: int) -> Dim:
        if isinstance(other, int):
            return _floor(other, self)
        return NotImplemented

    def __mod__(self, other: Dim) -> Dim:
        if isinstance(other, (int, Expr)):
            return _remainder(self, other)
        return NotImplemented

    def __rmod__(self, other: int) -> Dim:
        if isinstance(other, int):
            return _remainder(other, self)
        return NotImplemented


# --- Making and asking -------------------------------------------------------------------------


def symbol(name: str, minimum: int = 1) -> Expr:
    """The size called `name`, at least `minimum`; symbols of equal name and minimum are equal."""
    return _single(Symbol(name, minimum))


def unknown_size() -> Expr:
    """A fresh anonymous size, zero or more: unlike every other, it prints as `?`."""
    return _fresh(0)


def has_anonymous(d: Dim) -> bool:
    """Whether `d` depends on an anonymous size, so that its text says little."""
    return isinstance(d, Expr) and any(a.anonymous for m, _ in d.terms for a in m)


def minimum(*dims: Dim) -> Dim:
    """The least of one or more sizes."""
    return _extreme("min", dims)


def maximum(*dims: Dim) -> Dim:
    """The greatest of one or more sizes."""
    return _extreme("max", dims)


def ceil_div(a: Dim, b: Dim) -> Dim:
    """`a / b` rounded up. ZeroDivisionError if `b` is 0."""
    return -(-a // b)


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
    quotient, rest = _divide(a, b)
    return None if rest != 0 else quotient


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


def lower_bound(d: Dim) -> int | None:
    """A number that `d` is never below; None if none is found."""
    return d if isinstance(d, int) else _lower(d)


def upper_bound(d: Dim) -> int | None:
    """A number that `d` is never above; None if none is found."""
    if isinstance(d, int):
        return d
    low = _lower(-d)
    return None if low is None else -low


def substitute(d: Dim, sizes: Mapping[str, Dim]) -> Dim:
    """`d` with the named symbols replaced at once. ZeroDivisionError if a divisor becomes 0."""
    if isinstance(d, int):
        return d

    def value(s: Symbol) -> Dim:
        return sizes.get(s.name, _single(s)) if not s.anonymous else _single(s)

    return _rebuild(d, value)


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

    result = _rebuild(d, value)
    assert isinstance(result, int)
    return result


def symbols(d: Dim) -> frozenset[str]:
    """The names of the symbols in `d`, without anonymous ones."""
    return frozenset(s.name for s in _symbols(d) if not s.anonymous)


def periods(d: Dim) -> dict[str, int]:
    """For each symbol a step under which the floors of `d` advance by whole numbers."""
    found: dict[str, int] = {}
    for s, p in _periods(d).items():
        if not s.anonymous:
            found[s.name] = lcm(found.get(s.name, 1), p)
    return found


# --- Sums and products -------------------------------------------------------------------------


def _single(atom: Atom) -> Expr:
    return Expr((((atom,), 1),))


def _fresh(minimum: int | None) -> Expr:
    return _single(Symbol("?", minimum, next(_serials)))


def _order(monomial: Monomial) -> tuple[int, list[str]]:
    """By degree, then by names: the order of the terms, and one that division can follow."""
    return -len(monomial), [a.key for a in monomial]


def _collect(terms: dict[Monomial, int]) -> Dim:
    kept = [m for m, c in terms.items() if c]
    if not kept:
        return 0
    if kept == [()]:
        return terms[()]
    if len(kept) > 1:
        kept.sort(key=_order)
    if len(kept) > MAX_TERMS or len(kept[0]) > MAX_FACTORS:
        return _fresh(None)  # the sum may be negative, so this has no minimum
    return Expr(tuple((m, terms[m]) for m in kept))


def _constant(e: Expr) -> int:
    monomial, coefficient = e.terms[-1]
    return coefficient if monomial == () else 0


def _varying(e: Expr) -> Terms:
    return e.terms[:-1] if e.terms[-1][0] == () else e.terms


def _shifted(e: Expr, by: int) -> Expr:
    constant = _constant(e) + by
    return Expr((*_varying(e), ((), constant))) if constant else Expr(_varying(e))


def _sum(a: Expr, b: Expr, sign: int) -> Dim:
    terms = dict(a.terms)
    for m, c in b.terms:
        terms[m] = terms.get(m, 0) + sign * c
    return _collect(terms)


def _product(a: Expr, b: Expr) -> Dim:
    terms: dict[Monomial, int] = {}
    for m, c in a.terms:
        for n, k in b.terms:
            both = _multiply(m, n)
            terms[both] = terms.get(both, 0) + c * k
    return _collect(terms)


def _multiply(m: Monomial, n: Monomial) -> Monomial:
    if not m or not n:
        return m or n
    return tuple(sorted(m + n, key=_by_key))


def _without(m: Monomial, part: Monomial) -> Monomial | None:
    """`m / part`, or None where `part` does not divide it."""
    rest = list(m)
    for atom in part:
        if atom not in rest:
            return None
        rest.remove(atom)
    return tuple(rest)


def _divide(a: Dim, b: Expr) -> tuple[Dim, Dim]:
    """Long division of polynomials with integer quotients: `a == q*b + r`."""
    work: dict[Monomial, int] = {(): a} if isinstance(a, int) else dict(a.terms)
    (lead, scale), *others = b.terms
    quotient: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for _ in range(4 * MAX_TERMS):
        if not work:
            return _collect(quotient), _collect(rest)
        monomial = min(work, key=_order)
        c = work.pop(monomial)
        m = _without(monomial, lead)
        if m is None or c % scale:
            rest[monomial] = c
            continue
        quotient[m] = factor = c // scale
        for other, k in others:
            key = _multiply(m, other)
            work[key] = work.get(key, 0) - factor * k
    return 0, a


# --- Floors, minima, maxima --------------------------------------------------------------------


def _atom(atom: Floor | Extreme) -> Expr:
    if atom.nesting > MAX_NESTING or len(atom.key) > MAX_KEY:
        return _fresh(None)
    return _single(atom)


def _remainder(a: Dim, b: Dim) -> Dim:
    return a - b * _floor(a, b)


def _floor(a: Dim, b: Dim) -> Dim:
    if isinstance(b, int):
        if isinstance(a, int):
            return a // b
        if b == 0:
            raise ZeroDivisionError(f"{a} divided by zero")
        return _floor_by_int(a, b) if b > 0 else _floor_by_int(-a, -b)
    low, high = _bounds(b)
    if high is not None and high < 0:
        return _floor(-a, -b)
    if low is None or low <= 0:
        return _atom(Floor(a, b))
    whole, rest = _divide(a, b)
    return whole + _floor_of_rest(rest, b)


def _floor_by_int(a: Expr, b: int) -> Dim:
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for m, c in a.terms:
        if m == () or c % b == 0:
            whole[m], rest[m] = divmod(c, b)
        else:
            rest[m] = c
    number = _collect(rest)
    if isinstance(number, int):
        return _collect(whole)
    common = gcd(b, *(c for _, c in _varying(number)))
    if common > 1:
        number = Expr(tuple((m, c // common) for m, c in number.terms if m or c >= common))
    return _collect(whole) + _floor_of_rest(number, b // common)


def _floor_of_rest(a: Dim, b: Dim) -> Dim:
    """`a // b` for a positive `b` no multiple of which can leave `a` as it is written."""
    if isinstance(a, int):
        if a == 0:
            return 0
        negative = a < 0
    else:
        negative = all(c < 0 for _, c in _varying(a))
        inner = _only_floor(a)
        if inner is not None:  # (n//d + c)//b == (n + c*d)//(d*b)
            return _floor(inner.numerator + _constant(a) * inner.denominator, inner.denominator * b)
    if negative:  # -x//b == -((x - 1)//b) - 1
        return -_floor(-a - 1, b) - 1
    if isinstance(b, Expr):
        smaller = _cancelled(a, b)
        if smaller is not None:
            return _floor(*smaller)
    known = _known_quotient(a, b)
    return _atom(Floor(a, b)) if known is None else known


def _only_floor(a: Expr) -> Floor | None:
    varying = _varying(a)
    if len(varying) == 1:
        monomial, c = varying[0]
        if c == 1 and len(monomial) == 1 and isinstance(monomial[0], Floor):
            return monomial[0]
    return None


def _known_quotient(a: Dim, b: Dim) -> int | None:
    low, high = _bounds(a)
    if isinstance(b, int):
        if low is None or high is None or low // b != high // b:
            return None
        return low // b
    if low is not None and low >= 0 and _at_most(a + 1, b):
        return 0
    return None


def _cancelled(a: Dim, b: Expr) -> tuple[Dim, Dim] | None:
    """Both without their common factor, if there is one and the divisor stays positive."""
    number, shared = _content(((((), a),) if isinstance(a, int) else a.terms) + b.terms)
    if number == 1 and not shared:
        return None
    factor = Expr(((shared, number),)) if shared else number
    left, right = divide_exactly(a, factor), divide_exactly(b, factor)
    assert left is not None
    assert right is not None
    return (left, right) if _at_most(1, right) else None


def _content(terms: Iterable[tuple[Monomial, int]]) -> tuple[int, Monomial]:
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


def _at_most(a: Dim, b: Dim) -> bool:
    """Whether bounds alone prove `a <= b`."""
    low = lower_bound(b - a)
    return low is not None and low >= 0


def _extreme(function: Literal["min", "max"], dims: tuple[Dim, ...]) -> Dim:
    choose = min if function == "min" else max
    numbers = [d for d in dims if isinstance(d, int)]
    if len(numbers) == len(dims):
        return choose(numbers)
    flat: list[Dim] = [choose(numbers)] if numbers else []
    for d in dims:
        if isinstance(d, Expr):
            atom = d.terms[0][0][0]
            same = isinstance(atom, Extreme) and atom.function == function and d == _single(atom)
            flat.extend(atom.arguments if same and isinstance(atom, Extreme) else (d,))
    kept: list[Dim] = []
    for d in flat:
        if any(_covers(function, k, d) for k in kept):
            continue
        kept = [k for k in kept if not _covers(function, d, k)] + [d]
        if len(kept) > MAX_ARGUMENTS:
            return _fresh(None)
    if len(kept) == 1:
        return kept[0]
    kept.sort(key=lambda d: (isinstance(d, int), _key(d)))
    return _atom(Extreme(function, tuple(kept)))


def _covers(function: Literal["min", "max"], a: Dim, b: Dim) -> bool:
    """Whether `b` need not be asked once `a` is."""
    return _at_most(a, b) if function == "min" else _at_most(b, a)


def _rebuild(d: Dim, value: Callable[[Symbol], Dim]) -> Dim:
    """`d` computed again from other values of its symbols."""
    if isinstance(d, int):
        return d
    return total(c * product(_rebuild_atom(a, value) for a in m) for m, c in d.terms)


def _rebuild_atom(atom: Atom, value: Callable[[Symbol], Dim]) -> Dim:
    if isinstance(atom, Floor):
        return _floor(_rebuild(atom.numerator, value), _rebuild(atom.denominator, value))
    if isinstance(atom, Extreme):
        return _extreme(atom.function, tuple(_rebuild(a, value) for a in atom.arguments))
    assert isinstance(atom, Symbol)
    return value(atom)


def _parts(atom: Atom) -> tuple[Dim, ...]:
    if isinstance(atom, Floor):
        return atom.numerator, atom.denominator
    return atom.arguments if isinstance(atom, Extreme) else ()


def _symbols(d: Dim) -> Iterator[Symbol]:
    if isinstance(d, Expr):
        for monomial, _ in d.terms:
            for atom in monomial:
                if isinstance(atom, Symbol):
                    yield atom
                for part in _parts(atom):
                    yield from _symbols(part)


def _key(d: Dim) -> str:
    if isinstance(d, int):
        return str(d)
    return "+".join("*".join([*(a.key for a in m), str(c)]) for m, c in d.terms)


def _lead(d: Dim) -> str:
    assert isinstance(d, Expr)
    return d.terms[0][0][0].key.partition("\0")[0]


def _nesting(d: Dim) -> int:
    return 0 if isinstance(d, int) else max((a.nesting for m, _ in d.terms for a in m), default=0)


# --- Bounds ------------------------------------------------------------------------------------


def _bounds(d: Dim) -> Bounds:
    return lower_bound(d), upper_bound(d)


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
    if steps < 1 or len(_varying(e)) < 2:
        return best
    for monomial, c in sorted(_varying(e), key=_opening_order):
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
        beside = _without(monomial, (atom,))
        if isinstance(atom, Symbol) or beside is None:
            continue
        low = _monomial_bounds(beside)[0]
        if low is None or low < 0:
            continue
        others = _sum(e, Expr(((monomial, c),)), -1)
        found = [
            (others * scale + limit * _collect({left: c}), scale)
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
    if not _at_most(1, d):
        return []
    if d.terms[0][1] == 1 and len(d.terms) == 1:
        left = _without(beside, d.terms[0][0])
        if left is not None:
            return [(limit, 1, left)]
    return [(n, 1, beside)] if above and _at_most(0, n) else []


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
        bounds = _times(bounds, atom.bounds)
    return bounds


def _times(a: Bounds, b: Bounds) -> Bounds:
    if a == (0, 0) or b == (0, 0):
        return 0, 0
    if a[1] is not None and a[1] <= 0:
        return _negated(_times(_negated(a), b))
    if b[1] is not None and b[1] <= 0:
        return _negated(_times(a, _negated(b)))
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


def _negated(bounds: Bounds) -> Bounds:
    low, high = bounds
    return (None if high is None else -high), (None if low is None else -low)


def _quotient_bounds(a: Bounds, b: Bounds) -> Bounds:
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


def _extreme_bounds(function: Literal["min", "max"], bounds: list[Bounds]) -> Bounds:
    if function == "max":
        return _negated(_extreme_bounds("min", [_negated(b) for b in bounds]))
    lows = [low for low, _ in bounds if low is not None]
    highs = [high for _, high in bounds if high is not None]
    return (min(lows) if len(lows) == len(bounds) else None), (min(highs) if highs else None)


# --- Decisions ---------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _is_zero(e: Expr) -> bool | None:
    return _decided(e, _bounded_zero)


@lru_cache(maxsize=4096)
def _is_positive(e: Expr) -> bool | None:
    return _decided(e, _bounded_positive)


def _bounded_zero(d: Dim) -> bool | None:
    if isinstance(d, int):
        return d == 0
    if _constant(d) % gcd(*(c for _, c in _varying(d))):
        return False
    low, high = _bounds(d)
    if (low is not None and low > 0) or (high is not None and high < 0):
        return False
    return None


def _bounded_positive(d: Dim) -> bool | None:
    low, high = _bounds(d)
    if low is not None and low > 0:
        return True
    return False if high is not None and high <= 0 else None


def _decided(e: Expr, test: Callable[[Dim], bool | None]) -> bool | None:
    """The answer of `test`, if need be for every residue class of the symbols under floors."""
    answer = test(e)
    if answer is not None:
        return answer
    periods = {s: p for s, p in _periods(e).items() if p > 1}
    if not periods or prod(periods.values()) * len(_key(e)) > MAX_CASES:
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
    return _rebuild(e, lambda s: sizes[s] if s in sizes else _single(s))


def _class(s: Symbol, period: int, residue: int) -> Dim:
    """The sizes of `s` with this residue."""
    low = None if s.minimum is None else ceil_div(s.minimum - residue, period)
    assert low is None or isinstance(low, int)
    return period * _fresh(low) + residue


def _periods(d: Dim) -> dict[Symbol, int]:
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
            for part in _parts(atom):
                for s, p in _periods(part).items():
                    periods[s] = lcm(periods.get(s, 1), p * scale)
    return periods


# --- Text --------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _text(e: Expr) -> str:
    number, shared = _content(e.terms)
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
        quotient, rest = _divide(e, divisor)
        if rest == 0 and isinstance(quotient, Expr):
            return _factors(divisor) + _factors(quotient)
    return [e]


def _divisors(e: Expr) -> Iterator[Expr]:
    atoms = sorted({a for m, _ in e.terms for a in m}, key=_by_key)
    for atom in atoms:
        degree = max(m.count(atom) for m, _ in e.terms)
        power = (atom,) * degree
        beside = _collect(
            {_without(m, power) or (): c for m, c in e.terms if m.count(atom) == degree}
        )
        if isinstance(beside, Expr):
            number, shared = _content(beside.terms)
            divisor = divide_exactly(beside, Expr(((shared, number),)) if shared else number)
            if isinstance(divisor, Expr):
                yield divisor
    if len(atoms) == 1:
        constant = abs(_constant(e))
        for root in range(1, min(constant, MAX_ROOT) + 1):
            if constant % root == 0:
                yield _shifted(_single(atoms[0]), root)
                yield _shifted(_single(atoms[0]), -root)


def _product_text(number: int, atoms: Monomial, sums: list[Expr]) -> str:
    named = [(not isinstance(a, Symbol), a.key, _factor_text(a)) for a in atoms]
    named += [(True, _lead(s), f"({_sum_text(s)})") for s in sums]
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
    if not isinstance(n, Expr) or not isinstance(d, int) or not _constant(n):
        return 0
    inside = _constant(n)
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
    varying = _varying(n)
    if any(terms.get(m) != k * factor for m, factor in varying):
        return None
    for m in (*(m for m, _ in varying), (floor,)):
        del terms[m]
    left = constant - k * _constant(n)
    if abs(left + k * (d - 1)) < abs(left):
        n, k, left = _shifted(-n, -1), -k, left + k * (d - 1)
    inside = _constant(n)
    centred = (inside + (d - 1) // 2) % d - (d - 1) // 2
    return k, f"{_operand_text(_shifted(n, centred - inside))}%{d}", left
