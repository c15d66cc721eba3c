"""The input contract of a network: what sizes of its inputs it takes.

Whatever a network requires of sizes and the engine cannot decide is noted in the call records. A
network that was called on numbers is called once more, on symbols, so that it is not decided. All
that is told is necessary: an input that breaks it raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product as combinations
from math import prod

from conv_lsp.conditions import ALL, Condition, Sizes, common, listed, runs, solved
from conv_lsp.dims import Dim, Expr, symbol, symbols
from conv_lsp.interp.calls import call
from conv_lsp.interp.inputs import SPATIAL, with_sources
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.records import Complaint, Needed, Record, Use, certain_records, fails, needs_of
from conv_lsp.interp.signals import Cancelled, Raised, Refined, Settled, Stopped
from conv_lsp.values import Module, Shape, Site, Tensor, Value

STEPS = 200_000
"""What a call on symbols may cost, in steps of the interpreter."""
TRIED = 64
"""Sizes of all symbols of a condition together that are tried one by one."""
CHANNELS = "C"
"""The symbol of the channels, where the network may take any number."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What the symbols of the inputs may be.

    inputs: the shape of each tensor that is given, with symbols for what was asked. sizes: of each
    symbol that cannot be everything. others: conditions that these do not tell. square: the sizes
    that all spatial symbols may have together, where there are such conditions and they are
    solved. channels: how many the first input has to have; None where that is not one number.
    """

    inputs: tuple[Shape, ...]
    sizes: Mapping[str, Sizes]
    others: tuple[Condition, ...] = ()
    square: Sizes | None = None
    channels: int | None = None

    @property
    def rank(self) -> int | None:
        """The number of dimensions of the first input."""
        return len(self.inputs[0]) if self.inputs else None

    def admits(self, sizes: Mapping[str, int]) -> bool:
        """Whether numbers for all symbols break nothing that is known."""
        return all(n in self.sizes.get(name, ALL) for name, n in sizes.items()) and all(
            c.holds(sizes) for c in self.others if c.names <= sizes.keys()
        )

    def text(self) -> str:
        """In words: "H, W divisible by 16, at least 32"; empty if any size will do."""
        groups: dict[str, list[str]] = {}
        for name, sizes in self.sizes.items():
            groups.setdefault(sizes.text("{}"), []).append(name)
        told = [text.replace("{}", ", ".join(names)) for text, names in groups.items() if text]
        told += map(str, self.others)
        text = "; ".join(told)
        names = spatial_names(self.inputs)
        if self.square and len(names) > 1:
            together = self.square.text(" = ".join(names))
            text += f" ({together})" if together else ""
        return text


def spatial_names(inputs: Sequence[Shape]) -> list[str]:
    """The symbols that stand after batch and channels, in order."""
    sizes = (d for shape in inputs for d in shape[2:])
    return list(dict.fromkeys(str(d) for d in sizes if is_symbol(d)))


def is_symbol(d: Dim) -> bool:
    """Whether a size is nothing but a symbol."""
    return isinstance(d, Expr) and symbols(d) == {str(d)}


def conditions_on(inputs: Sequence[Shape], needs: Sequence[Needed]) -> list[Condition]:
    """Those on symbols of the inputs, as they are for a batch of any size."""
    batches: dict[str, Dim] = {str(s[0]): 1 for s in inputs if len(s) > 2 and is_symbol(s[0])}
    ours = frozenset(n for shape in inputs for d in shape for n in symbols(d)) - batches.keys()
    conditions: dict[Condition, None] = {}
    for comparison, _, _ in needs:
        condition = Condition(*comparison)
        if not batches.keys().isdisjoint(condition.reduced().names):
            condition = condition.given(batches)
        if not ours.isdisjoint(condition.names):
            conditions[condition] = None
    return list(conditions)


def contract_of(inputs: Sequence[Shape], needs: Sequence[Needed]) -> Contract:
    """The contract that conditions on the symbols of the inputs amount to."""
    conditions = conditions_on(inputs, needs)
    sizes, others = common(conditions)
    told = {name: sizes[name] for name in ordered(inputs, sizes) if not sizes[name].anything}
    others = tuple(c for c in others if not told_by(told, c))
    square = diagonal(conditions, spatial_names(inputs)) if others else None
    return Contract(tuple(inputs), told, others, square)


def told_by(sizes: Mapping[str, Sizes], condition: Condition) -> bool:
    """Whether a condition holds for all of a few sizes that its symbols may be."""
    few = [sizes.get(name, ALL) for name in condition.names]
    if any(s.tail for s in few) or prod(len(s.head) for s in few) > TRIED:
        return False
    return all(
        condition.holds(dict(zip(condition.names, chosen, strict=True)))
        for chosen in combinations(*(s.head for s in few))
    )


def ordered(inputs: Sequence[Shape], sizes: Mapping[str, Sizes]) -> list[str]:
    """The names of symbols as the inputs have them, then all others."""
    first = (n for shape in inputs for d in (*shape[2:], *shape[:2]) for n in sorted(symbols(d)))
    return [n for n in dict.fromkeys((*first, *sizes)) if n in sizes]


def diagonal(conditions: Sequence[Condition], names: Sequence[str]) -> Sizes | None:
    """The sizes that all these symbols may have at once; None where that is not known."""
    if not names:
        return None
    same: dict[str, Dim] = dict.fromkeys(names, symbol(names[0]))
    found = ALL
    for condition in conditions:
        if condition.names.isdisjoint(names):
            continue
        squared = condition.given(same).reduced()
        if squared.truth() is True:
            continue
        part = solved(squared) if squared.names == {names[0]} else None
        if part is None:
            return None
        found &= part
    return found


@dataclass(frozen=True, slots=True)
class Broken:
    """A size of an input that a network does not take, and those nearest to it that it takes."""

    axes: Sequence[str]
    got: int
    taken: Sizes
    near: Sequence[int]

    @property
    def text(self) -> str:
        """H, W must be divisible by 16: 96 or 112 instead of 100."""
        wanted = self.taken.text("must be").replace("be =", "be").replace("be with", "have")
        near = " or ".join(map(str, self.near))
        return f"{', '.join(self.axes)} {wanted}: {near} instead of {self.got}"

    @property
    def words(self) -> tuple[tuple[str, object], ...]:
        """The same for fixes: the multiple is 1 where the sizes are not those of one."""
        return (
            ("axes", ", ".join(self.axes)),
            ("input", self.got),
            ("near", ", ".join(map(str, self.near))),
            ("multiple", self.taken.multiple),
        )


# -- sizes that a flatten before a linear layer tells -----------------------------------------

FIXING = frozenset(("linear-features", "matmul-sizes"))
"""Rules whose conditions tell the size of an input."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """The size that the spatial symbols of an input are taken to have, because it fits."""

    names: Sequence[str]
    size: int
    fitting: str
    site: Site

    @property
    def origin(self) -> str:
        """H = W = 32, inferred from the linear layer in line 12 (32..35 fit)."""
        line = self.site.span.line
        together = " = ".join((*self.names, str(self.size)))
        fit = f" ({self.fitting} fit)" if self.fitting != str(self.size) else ""
        return f"{together}, inferred from the linear layer in line {line}{fit}"


def inferred(record: Record, inputs: Sequence[Shape]) -> Inferred | None:
    """The size of square inputs for which what is flattened has the features that a linear layer
    takes; of several the one that is halved most often without a rest.
    """
    names = spatial_names(inputs)
    needs = needs_of(record)
    fixing = next((n for n in needs if fixes(n, names, record)), None)
    if fixing is None or not names:
        return None
    found = diagonal(conditions_on(inputs, needs), names)
    if not found or (least := found.smallest) is None:
        return None
    sizes = sorted(found.head)
    if found.tail:  # batches that are cut otherwise, too, than the author means: the first sizes
        last = least
        while last + 1 in found and last - least < found.period:
            last += 1
        sizes = list(range(least, last + 1))
    size = max(sizes, key=lambda n: (n & -n, -n))
    return Inferred(names, size, listed(list(runs(sizes))), fixing[1])


def fixes(need: Needed, names: Sequence[str], record: Record) -> bool:
    """Whether a condition is that of a linear layer, or of the view before one."""
    comparison, _, rule = need
    condition = Condition(*comparison)
    if condition.names.isdisjoint(names):
        return False
    if rule.code in FIXING:
        return True
    features = condition.divisor if rule.code == "reshape-count" else None
    return features is not None and any(
        getattr(use.module, "in_features", None) == features
        for part in certain_records(record)
        for use in part.uses
    )


# -- a call on symbols ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """A call of a network on symbols: what it needs, and what its inputs were before.

    actual: the numbers in whose place the symbols stand.
    """

    contract: Contract
    needs: tuple[Needed, ...]
    actual: Mapping[str, int]

    def broken(self, complaint: Complaint) -> Broken | None:
        """Why what is complained of comes of the sizes of the inputs; None if not of those alone."""
        node = complaint.site.node
        here: set[str] = set()
        for comparison, site, _ in self.needs:
            if site.node is node:
                condition = Condition(*comparison)
                if condition.names <= self.actual.keys() and not condition.holds(self.actual):
                    here |= condition.names
        sizes = self.contract.sizes
        wrong = [n for n in self.actual if n in sizes and self.actual[n] not in sizes[n]]
        first = next((n for n in wrong if n in here), None)
        if first is None:
            return None
        got, taken = self.actual[first], sizes[first]
        alike = [n for n in wrong if self.actual[n] == got and sizes[n] == taken]
        near = [n for n in (taken.below(got), taken.above(got)) if n is not None]
        return Broken(alike, got, taken, near) if near else None


def try_symbols(m: Machine, use: Use, *, guessing: bool) -> Trial | None:
    """Call the module of a use once more, on symbols for the sizes of its inputs; all is then as it
    was before. None where it cannot be called so, or raises whatever the sizes are.
    """
    module = use.module
    if module is None:
        return None
    args, named = arguments_of(use, module)
    channels = next((t.sizes[1] for t in tensors(args, named)), None)
    if channels is None:
        return None
    only: int | None = None
    with apart(m):
        wanted: Dim = symbol(CHANNELS)
        for _ in range(2):
            given = Symbols(wanted)
            positional = [given.put(v) for v in args]
            keywords = {k: given.put(v) for k, v in named.items()}
            m.guessing = guessing
            try:
                record = run(m, module, positional, keywords, use.site, {CHANNELS})
            except Settled as settled:
                wanted = only = settled.value
                continue
            if record is not None and not fails(record):
                needs = needs_of(record)
                found = replace(contract_of(given.shapes, needs), channels=only)
                return Trial(found, tuple(needs), given.actual)
            wanted = channels
    return None


def tensors(args: Sequence[Value], named: Mapping[str, Value]) -> Iterator[Tensor]:
    """The arguments that have space: batch, channels, and more."""
    for value in (*args, *named.values()):
        if isinstance(value, Tensor) and value.known and value.rank > 2:
            yield value


def arguments_of(use: Use, module: Module) -> tuple[list[Value], dict[str, Value]]:
    """What a module was called on: in order, and by name."""
    named = dict(use.named or {})
    args = [v for v in use.inputs if v is not module]
    if use.record is None and named:
        del args[-len(named) :]
    return args, named


class Symbols:
    """Puts symbols in the place of the sizes of inputs: one for each different size of an axis."""

    def __init__(self, channels: Dim) -> None:
        self.channels = channels
        self.shapes: list[Shape] = []
        self.actual: dict[str, int] = {}
        self._names: dict[tuple[str, Dim], str] = {}

    def put(self, value: Value) -> Value:
        """An argument with symbols for its spatial sizes, the first one also with the channels."""
        if not isinstance(value, Tensor) or not value.known or value.rank < 3:
            return value
        batch, depth, *space = value.sizes
        axes = ("L",) if len(space) == 1 else SPATIAL[-len(space) :]
        if len(axes) != len(space):
            return value
        sizes = tuple(self._symbol(name, n) for name, n in zip(axes, space, strict=True))
        shape = (batch, depth if self.shapes else self.channels, *sizes)
        self.shapes.append(shape)
        return with_sources(Tensor(shape, dtype=value.dtype))

    def _symbol(self, axis: str, size: Dim) -> Dim:
        if isinstance(size, Expr):
            return size
        name = self._names.get((axis, size))
        if name is None:
            name = axis
            while name in self.actual:
                name = f"{axis}{int(name[len(axis) :] or 1) + 1}"
            self._names[axis, size] = name
            self.actual[name] = size
        return symbol(name)


def run(
    m: Machine,
    module: Module,
    args: Sequence[Value],
    named: Mapping[str, Value],
    site: Site,
    inputs: set[str],
) -> Record | None:
    """Call a module in a record of its own; None if it does not come to its end. Raises Settled."""
    record = Record(site.statement, "contract", 0)
    m.record, m.inputs = record, set(inputs)
    mark = m.store.begin()
    try:
        call(m, m.attribute(module, "eval", site), (), {}, site, None)
        call(m, module, args, named, site, None)
    except Settled:
        raise
    except (Raised, Refined, Stopped, Cancelled, RecursionError):
        return None
    except Exception:  # a fault of the engine, which is told of where it comes without symbols
        return None
    finally:
        m.store.rollback(mark)
        m.store.end(mark)
        guessing = m.guessing
        m.rest()
        m.guessing = guessing
    return record


@contextmanager
def apart(m: Machine) -> Iterator[None]:
    """What runs inside leaves nothing behind, and has steps of its own."""
    store = m.store
    kept = (m.reached, m.memo, m.inputs, m.certain, m.steps, m.budget, m.refinable, m.mixed)
    world, oldest, trail = store.world, store.oldest, len(m.trail)
    m.rest()
    m.reached, m.memo = set(m.reached), dict(m.memo)
    m.budget = m.steps + STEPS
    try:
        yield
    finally:
        m.rest()
        m.reached, m.memo, m.inputs, m.certain, m.steps, m.budget, m.refinable, m.mixed = kept
        store.world, store.oldest = world, oldest
        del m.trail[trail:]
