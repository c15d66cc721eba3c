"""What sizes must be for a network to run: conditions on symbols, and their solutions.

A condition compares two sizes. Of one symbol it is solved exactly: within a residue class of the
period of its floors it is a comparison of polynomials, which `dims` decides from some size on; the
sizes below are tried one by one. A condition on several symbols is solved where it says something
of each on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product as combinations
from math import gcd, lcm, prod
from typing import Final

from conv_lsp.dims import (
    Dim,
    Relation,
    divide_exactly,
    equal,
    evaluate,
    less,
    less_equal,
    periods,
    substitute,
    symbol,
    symbols,
)

MAX_PERIOD: Final = 1024
"""Residue classes that are looked at for one symbol; of several symbols their product."""
STARTS: Final = (1, 64, 512, 4096)
"""Sizes from which on a condition is decided; those below are tried one by one."""
LISTED: Final = 4
"""Ranges, residues or sizes that a text lists."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`left relation right`; `~` is equal, or one of them 1, as broadcasting takes them."""

    relation: Relation
    left: Dim
    right: Dim

    @property
    def names(self) -> frozenset[str]:
        """The symbols in it."""
        return symbols(self.left) | symbols(self.right)

    def given(self, sizes: Mapping[str, Dim]) -> Condition:
        """With sizes in the place of symbols. ZeroDivisionError if a divisor becomes 0."""
        left, right = substitute(self.left, sizes), substitute(self.right, sizes)
        return Condition(self.relation, left, right)

    def truth(self) -> bool | None:
        """Whether it holds for all sizes of its symbols or for none; None where not decided."""
        a, b = self.left, self.right
        if self.relation == "<":
            return less(a, b)
        if self.relation == "<=":
            return less_equal(a, b)
        same = equal(a, b)
        if self.relation == "==":
            return same
        if self.relation == "!=":
            return None if same is None else not same
        parts = (same, equal(a, 1), equal(b, 1))
        return True if True in parts else None if None in parts else False

    def holds(self, sizes: Mapping[str, int]) -> bool:
        """Whether it holds for these sizes; it does not where a divisor is 0."""
        try:
            a, b = evaluate(self.left, sizes), evaluate(self.right, sizes)
        except ZeroDivisionError:
            return False
        return Condition(self.relation, a, b).truth() is True

    def reduced(self) -> Condition:
        """The same condition without what multiplies both sides: a number, symbols."""
        if self.relation == "~":
            return self
        left, right = self.left, self.right
        numbers = [c for side in (left, right) for c in coefficients(side)]
        factors: list[Dim] = [gcd(*numbers), *map(symbol, sorted(symbols(left)))]
        for factor in factors:
            while factor not in {0, 1} and left != 0:
                a, b = divide_exactly(left, factor), divide_exactly(right, factor)
                if a is None or b is None:
                    break
                left, right = a, b
        return Condition(self.relation, left, right)

    def __str__(self) -> str:
        if self.divisor is not None:
            return f"{self.right} divisible by {self.divisor}"
        return f"{self.left} {'==' if self.relation == '~' else self.relation} {self.right}"

    @property
    def divisor(self) -> int | None:
        """Of `d*(right//d) == right`, which is how divisibility is written: the number `d`."""
        left, right = self.left, self.right
        if self.relation != "==" or isinstance(left, int) or len(left.terms) != 1:
            return None
        divisor = left.terms[0][1]
        return divisor if divisor > 1 and left == divisor * (right // divisor) else None


def coefficients(d: Dim) -> list[int]:
    """The numbers that a size is a sum of multiples of."""
    return [d] if isinstance(d, int) else [c for _, c in d.terms]


# -- solutions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sizes:
    """The numbers that a symbol may be: those in `head`, and from `start` on those with a
    remainder in `tail` when divided by `period`.
    """

    period: int
    start: int
    tail: frozenset[int]
    head: frozenset[int] = frozenset()

    def __contains__(self, n: int) -> bool:
        return n in self.head if n < self.start else n % self.period in self.tail

    def __and__(self, other: Sizes) -> Sizes:
        period, start = lcm(self.period, other.period), max(self.start, other.start)
        return made(
            period,
            start,
            [
                r
                for r in range(period)
                if r % self.period in self.tail and r % other.period in other.tail
            ],
            [n for n in range(start) if n in self and n in other],
        )

    def __bool__(self) -> bool:
        return bool(self.tail or self.head)

    @property
    def smallest(self) -> int | None:
        """The least of them; None if there is none."""
        return self.above(0)

    @property
    def anything(self) -> bool:
        """Whether every size is among them."""
        return self.period == 1 and self.start <= 1 and bool(self.tail)

    @property
    def multiple(self) -> int:
        """What all of them are multiples of, if they are those from some size on; 1 otherwise."""
        return self.period if self.tail == {0} and not self.head else 1

    def above(self, n: int) -> int | None:
        """The least of them greater than `n`."""
        end = max(n + 1, self.start) + self.period
        return next((k for k in range(max(n + 1, 0), end) if k in self), None)

    def below(self, n: int) -> int | None:
        """The greatest of them less than `n`, and at least 1."""
        return next((k for k in range(n - 1, 0, -1) if k in self), None)

    def text(self, name: str) -> str:
        """In words, of the symbols `name`: H, W divisible by 16, at least 32. Empty for any size."""
        if self.anything:
            return ""
        few = listed(list(runs(sorted(self.head))))
        if not self.tail:
            return f"{name} = {few}" if few else f"no {name} works"
        form, least = self._tail_text()
        first = next(k for k in range(self.start, self.start + self.period) if k in self)
        bound = f"at least {first}" if first > least else ""
        words = ", ".join(filter(None, (form, bound)))
        return f"{name} {words}" + (f", or {few}" if few else "")

    def _tail_text(self) -> tuple[str, int]:
        """What the remainders are, and the least size that goes without saying."""
        if self.period == 1:
            return "", 1
        rests = sorted(self.tail)
        if rests == [0]:
            return f"divisible by {self.period}", self.period
        if self.period == 2:
            return "odd", 1
        if len(rests) == 1:
            return f"{rests[0]} more than a multiple of {self.period}", rests[0]
        others = [r for r in range(self.period) if r not in self.tail]
        least = next(k for k in range(1, self.period + 1) if k % self.period in self.tail)
        few, many = list(runs(rests)), list(runs(others))
        if len(many) < len(few):
            return f"with a remainder other than {listed(many)} by {self.period}", least
        return f"with a remainder of {listed(few)} by {self.period}", least


def runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of successive numbers, which ascend."""
    first = 0
    for i, n in enumerate(numbers):
        if i + 1 == len(numbers) or numbers[i + 1] != n + 1:
            yield numbers[first], n
            first = i + 1


def listed(ranges: Sequence[tuple[int, int]]) -> str:
    """28..31 or 40, the first few of them."""
    words = [str(a) if a == b else f"{a}..{b}" for a, b in ranges]
    return " or ".join([*words[:LISTED], "..."] if len(words) > LISTED else words)


ALL: Final = Sizes(1, 1, frozenset((0,)))
"""Every size."""
NONE: Final = Sizes(1, 1, frozenset())
"""No size at all."""


def made(period: int, start: int, tail: Iterable[int], head: Iterable[int]) -> Sizes:
    """The sizes with the smallest period, and from the smallest start on."""
    rests, few = frozenset(tail), set(head)
    for candidate in sorted(d for d in range(1, period + 1) if period % d == 0):
        folded = {r % candidate for r in rests}
        if len(folded) * (period // candidate) == len(rests):
            period, rests = candidate, frozenset(folded)
            break
    while start > 1 and ((start - 1) in few) == ((start - 1) % period in rests):
        start -= 1
        few.discard(start)
    few.discard(0)
    return Sizes(period, start, rests, frozenset(few))


@lru_cache(maxsize=1024)
def solved(condition: Condition) -> Sizes | None:
    """The sizes of the one symbol of a condition for which it holds; None where not all are known."""
    (name,) = condition.names
    period = lcm(*periods(condition.left).values(), *periods(condition.right).values())
    if period > MAX_PERIOD:
        return None
    for least in STARTS:
        start = -(-least // period) * period
        tail = [decided(condition, {name: (period, r, start)}) for r in range(period)]
        if None not in tail:
            head = [n for n in range(1, start) if condition.holds({name: n})]
            return made(period, start, [r for r, truth in enumerate(tail) if truth], head)
    return None


def decided(condition: Condition, classes: Mapping[str, tuple[int, int, int]]) -> bool | None:
    """Whether it holds for all sizes `period*k + residue` of at least `start`, or for none of them;
    None where not decided.
    """
    sizes: dict[str, Dim] = {
        name: period * symbol(name, max(0, -(-(start - residue) // period))) + residue
        for name, (period, residue, start) in classes.items()
    }
    try:
        return condition.given(sizes).truth()
    except ZeroDivisionError:
        return None


def separated(condition: Condition, least: Mapping[str, int]) -> dict[str, Sizes] | None:
    """The sizes of each symbol, where those of one do not depend on those of another; else None.

    least: what the symbols are at least, for other reasons.
    """
    both = (periods(condition.left), periods(condition.right))
    steps = {n: lcm(*(p.get(n, 1) for p in both)) for n in sorted(condition.names)}
    if prod(steps.values()) > MAX_PERIOD:
        return None
    allowed: list[tuple[int, ...]] = []
    for rests in combinations(*map(range, steps.values())):
        of = dict(zip(steps, rests, strict=True))
        truth = decided(condition, {n: (steps[n], r, least.get(n, 1)) for n, r in of.items()})
        if truth is None:
            return None
        if truth:
            allowed.append(rests)
    tails = [{rests[i] for rests in allowed} for i in range(len(steps))]
    if len(allowed) != prod(map(len, tails)):
        return None
    return {n: made(p, 1, tail, ()) for (n, p), tail in zip(steps.items(), tails, strict=True)}


def common(conditions: Iterable[Condition]) -> tuple[dict[str, Sizes], tuple[Condition, ...]]:
    """The sizes that each symbol may be for all conditions to hold, and the conditions that are not
    told by those.
    """
    sizes: dict[str, Sizes] = {}
    left: list[Condition] = []
    joint: list[Condition] = []
    for written in dict.fromkeys(conditions):
        condition = written.reduced()
        truth = condition.truth()
        if truth is False:
            meet(sizes, dict.fromkeys(written.names, NONE))
        if truth is not None:
            continue
        if len(condition.names) > 1:
            joint.append(condition)
            continue
        (name,) = condition.names
        found = solved(condition)
        if found is None or not meet(sizes, {name: found}):
            left.append(condition)
    for condition in joint:
        least = {name: part.smallest or 1 for name, part in sizes.items()}
        parts = separated(condition, least)
        if parts is None or not meet(sizes, parts):
            left.append(condition)
    return sizes, tuple(left)


def meet(sizes: dict[str, Sizes], more: Mapping[str, Sizes]) -> bool:
    """Leave only the sizes that are also among more; False, and as before, if that is too much."""
    both = {}
    for name, part in more.items():
        known = sizes.get(name, ALL)
        if lcm(known.period, part.period) > MAX_PERIOD:
            return False
        both[name] = known & part
    sizes.update(both)
    return True
