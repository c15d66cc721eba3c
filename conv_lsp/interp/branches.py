"""Conditions and loops, decided and not."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import TYPE_CHECKING, TypeAlias

from conv_lsp.interp.expressions import evaluate, reason
from conv_lsp.interp.frames import Frame
from conv_lsp.interp.machine import Machine, NoKey
from conv_lsp.interp.objects import elements
from conv_lsp.interp.operators import three_valued
from conv_lsp.interp.signals import Raised, Signal
from conv_lsp.library.iterators import is_iterator
from conv_lsp.library.registry import OPS
from conv_lsp.values import MISSING, Dict, Instance, List, Site, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Callable

PASSES = 3
"""Passes over the body of a loop whose number of turns is not known."""


def run_block(m: Machine, body: Sequence[ast.stmt], frame: Frame) -> Signal | None:
    from conv_lsp.interp.statements import run_block as run

    return run(m, body, frame)


def run_if(m: Machine, node: ast.If, frame: Frame) -> Signal | None:
    condition = evaluate(m, node.test, frame)
    truth = m.truth(condition)
    if truth is not None:
        return run_block(m, node.body if truth else node.orelse, frame)
    if isinstance(condition, Unknown) and condition.usual is not None:
        return usually(m, node, frame, usual=condition.usual)
    return either(
        m,
        frame,
        reason(condition),
        lambda: run_block(m, node.body, frame),
        lambda: run_block(m, node.orelse, frame),
        condition,
    )


def usually(m: Machine, node: ast.If, frame: Frame, *, usual: bool) -> Signal | None:
    """Run what usually happens, or, where that raises, the other alternative."""
    store = m.store
    mark = store.begin()
    ended = attempt(m, lambda: run_block(m, node.body if usual else node.orelse, frame))
    if isinstance(ended, Raised):
        store.rollback(mark)
    store.end(mark)
    if not isinstance(ended, Raised):
        return ended
    return run_block(m, node.orelse if usual else node.body, frame)


def either(
    m: Machine,
    frame: Frame,
    why: str,
    one: Callable[[], Signal | None],
    other: Callable[[], Signal | None],
    condition: Value = None,
) -> Signal | None:
    """Run two alternatives of which it is not known which one happens, and join them.

    One that raises is pruned: then the other one happened. `condition` is true where the first
    one happens.
    """
    store = m.store
    mark = store.begin()
    returned = frame.returned
    first = attempt(m, one)
    first_returned = frame.returned
    first_changes = store.rollback(mark)
    frame.returned = returned
    second = attempt(m, other)
    second_changes = store.rollback(mark)
    if isinstance(first, Raised) and isinstance(second, Raised):
        store.end(mark)
        raise second
    if isinstance(first, Raised) or isinstance(second, Raised):
        kept, signal = (
            (second_changes, second) if isinstance(first, Raised) else (first_changes, first)
        )
        if not isinstance(first, Raised):
            frame.returned = first_returned
        store.apply(kept)
        store.end(mark)
        assert not isinstance(signal, Raised)
        pruned = first if isinstance(first, Raised) else second
        assert isinstance(pruned, Raised)
        m.learn(condition, pruned is second, pruned.names[:1], pruned.site)
        return signal
    if Signal.RETURN in (first, second) and first is not second:
        # The rest of the function goes on without the alternative that returned.
        stays, gone = (
            (second_changes, first_changes)
            if first is Signal.RETURN
            else (first_changes, second_changes)
        )
        value = first_returned if first is Signal.RETURN else frame.returned
        heap = {k: v for k, v in gone.items() if v[0] is not frame.variables}
        local = {k: v for k, v in stays.items() if v[0] is frame.variables}
        store.merge({k: v for k, v in stays.items() if k not in local}, heap, why, frame.variables)
        store.apply(local)
        record = frame.record
        if record.left_at is None:
            record.left_at = len(record.complaints), len(record.uses), len(record.conditions)
        frame.returns.append((value, mark))  # the mark stays open until the function ends
        return second if first is Signal.RETURN else first
    store.merge(first_changes, second_changes, why, frame.variables)
    if first is second:
        store.end(mark)
        if first is Signal.RETURN:
            frame.returned = join(first_returned, frame.returned, why)
        return first
    # One of them left the loop, or this turn of it: from here to its end all is in doubt.
    frame.doubts.append(mark)
    m.undecided += 1
    return None


def attempt(m: Machine, run: Callable[[], Signal | None]) -> Signal | Raised | None:
    """Run an alternative; an exception of the interpreted code is an answer."""
    with m.maybe():
        try:
            return run()
        except Raised as raised:
            return raised


# -- loops ------------------------------------------------------------------------------------


def run_for(m: Machine, node: ast.For, frame: Frame) -> Signal | None:
    from conv_lsp.interp.statements import assign

    iterated = evaluate(m, node.iter, frame)
    held: Iterable[Value] | Unknown
    if isinstance(node.iter, HELD) and is_iterator(iterated):
        held = one_by_one(m, iterated, frame.site(node.iter))  # the body may take some, too
    else:
        held = elements(m, iterated, frame.site(node.iter))
    if isinstance(held, Unknown):
        return unknown_loop(m, node, frame, held)
    doubts = len(frame.doubts)
    signal: Signal | None = None
    turns = Turns(m, node, frame) if isinstance(held, Sized) and len(held) > 2 else None
    for value in held:
        m.step()
        if turns is not None and turns.repeats(value):
            continue
        assign(m, node.target, value, frame)
        signal = run_block(m, node.body, frame)
        if signal is Signal.BREAK or signal is Signal.RETURN:
            break
        if turns is not None:
            turns.ended()
        if len(frame.doubts) - doubts > EXITS:
            why = Unknown("a loop that may have ended many turns before")
            signal = unknown_loop(m, node, frame, why)
            settle_doubts(m, frame, doubts)
            return signal
    settle_doubts(m, frame, doubts)
    if signal is Signal.RETURN:
        return signal
    if signal is not Signal.BREAK:
        return run_block(m, node.orelse, frame)
    return None


EXITS = 32
"""Turns of a loop after each of which it may have ended, past which all others are one."""
HELD = (ast.Name, ast.Attribute, ast.NamedExpr)
"""Expressions whose value other code may hold, too."""


def one_by_one(m: Machine, iterator: Value, site: Site) -> Iterator[Value]:
    """The elements of an iterator that other code may move on meanwhile."""
    end = object()
    while True:
        value = m.invoke(OPS["builtins.next"], (iterator, end), {}, site)
        if value is end or isinstance(value, Unknown):
            return
        yield value


class Turns:
    """The turns of a loop that changed nothing but variables of its own, and yielded nothing.

    Another turn on an equal element would do the same again, and is left out: so loops that
    initialise weights, or train for many epochs, cost one turn of each kind.
    """

    __slots__ = (
        "_frame",
        "_key",
        "_known",
        "_machine",
        "_node",
        "_stored",
        "_used",
        "_writes",
        "_yields",
    )

    def __init__(self, m: Machine, node: ast.For, frame: Frame) -> None:
        self._machine = m
        self._node = node
        self._frame = frame
        self._used, self._stored = loop_variables(node)
        self._known: dict[object, dict[str, Value]] = {}
        self._key: object = None
        self._writes = 0
        self._yields = 0

    def repeats(self, value: Value) -> bool:
        """Whether a turn on an equal element is known; its variables are then set as it left them."""
        m = self._machine
        self._writes = m.store.writes
        self._yields = len(self._frame.yields)
        self._key = None
        if self._stored is None or m.undecided:
            return False
        try:
            self._key = m.key(value, {}) if self._used else "any"
        except NoKey:
            return False
        known = self._known.get(self._key)
        if known is None:
            return False
        target = self._node.target
        if isinstance(target, ast.Name):
            m.store.set_item(self._frame.variables, target.id, value)
        for name, left in known.items():
            m.store.set_item(self._frame.variables, name, left)
        return True

    def ended(self) -> None:
        """A turn ran to its end."""
        quiet = self._machine.store.writes == self._writes
        if self._key is not None and quiet and len(self._frame.yields) == self._yields:
            variables = self._frame.variables
            self._known[self._key] = {n: variables[n] for n in self._stored or () if n in variables}


Places: TypeAlias = "dict[str, tuple[int, int]]"
"""Lines and columns of names."""


def loop_variables(node: ast.For) -> tuple[bool, frozenset[str] | None]:
    """Whether the body uses the target, and the names it sets; None for those if one of them is
    read before it is set, so that a turn depends on the one before. Kept on the node.
    """
    known: tuple[bool, frozenset[str] | None] | None = getattr(node, "conv_lsp_loop", None)
    if known is None:
        targets = {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
        loads, stores = first_uses(node.body)
        carried = not targets.isdisjoint(stores) or any(
            name in loads and loads[name] < at for name, at in stores.items()
        )
        used = not targets.isdisjoint(loads) or not isinstance(node.target, ast.Name)
        known = (used, None if carried else frozenset(stores))
        node.conv_lsp_loop = known  # type: ignore[attr-defined]
    return known


def first_uses(body: Sequence[ast.stmt]) -> tuple[Places, Places]:
    """Where each name is read and where it is set for the first time in a body.

    What an assignment sets is set at its end; what it sets in terms of itself is read before all.
    """
    loads: Places = {}
    stores: Places = {}
    for inner in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(inner, ast.AugAssign) and isinstance(inner.target, ast.Name):
            loads[inner.target.id] = (0, 0)
        elif isinstance(inner, (ast.Assign, ast.AnnAssign)):
            end = (inner.end_lineno or 0, inner.end_col_offset or 0)
            for name in ast.walk(inner):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    stores[name.id] = min(end, stores.get(name.id, end))
        elif isinstance(inner, ast.Name):
            at = (inner.lineno, inner.col_offset)
            if isinstance(inner.ctx, ast.Load):
                loads[inner.id] = min(at, loads.get(inner.id, at))
            else:
                stores.setdefault(inner.id, at)
    return loads, stores


def settle_doubts(m: Machine, frame: Frame, since: int) -> None:
    """A loop ends that may have been left earlier: what was written after that is in doubt."""
    while len(frame.doubts) > since:
        mark = frame.doubts.pop()
        m.store.blur(
            mark, "written after a break under a condition that is not known", frame.variables
        )
        m.store.end(mark)
        m.undecided -= 1


def unknown_loop(m: Machine, node: ast.For, frame: Frame, held: Unknown) -> Signal | None:
    """Over what is not known: the body runs on one element to a fixed point, or not at all."""
    from conv_lsp.interp.statements import assign

    def body() -> Signal | None:
        assign(m, node.target, Unknown(held.why), frame)
        signal = run_block(m, node.body, frame)
        return signal if signal is Signal.RETURN else None

    for _ in range(PASSES):
        mark = m.store.begin()
        signal = either(m, frame, held.why, body, lambda: None)
        stable = not m.store.changes(mark)
        m.store.end(mark)
        if signal is not None or stable:
            return signal
    return run_block(m, node.orelse, frame)


def run_while(m: Machine, node: ast.While, frame: Frame) -> Signal | None:
    doubts = len(frame.doubts)
    try:
        while True:
            m.step()
            condition = evaluate(m, node.test, frame)
            truth = m.truth(condition)
            if truth is False:
                return run_block(m, node.orelse, frame)
            if truth is None:
                return undecided_while(m, node, frame, reason(condition))
            mark = m.store.begin()
            signal = run_block(m, node.body, frame)
            steady = m.store.steady(mark)
            m.store.end(mark)
            if signal is Signal.BREAK:
                return None
            if signal is Signal.RETURN:
                return signal
            if len(frame.doubts) - doubts > PASSES:
                return None
            if steady or (m.doubt and m.steps > m.limit):
                m.undecided += 1  # what comes after it may not be reached; until the function ends
                return None
    finally:
        settle_doubts(m, frame, doubts)


def undecided_while(m: Machine, node: ast.While, frame: Frame, why: str) -> Signal | None:
    def body() -> Signal | None:
        signal = run_block(m, node.body, frame)
        return signal if signal is Signal.RETURN else None

    for _ in range(PASSES):
        signal = either(m, frame, why, body, lambda: None)
        if signal is not None:
            return signal
        if m.truth(evaluate(m, node.test, frame)) is False:
            break
    return None


# -- match ------------------------------------------------------------------------------------


def run_match(m: Machine, node: ast.Match, frame: Frame) -> Signal | None:
    subject = evaluate(m, node.subject, frame)
    return match_cases(m, node.cases, subject, frame)


def match_cases(
    m: Machine, cases: Sequence[ast.match_case], subject: Value, frame: Frame
) -> Signal | None:
    for i, case in enumerate(cases):
        verdict = matches(m, case.pattern, subject, frame)
        if verdict and case.guard is not None:
            verdict = m.truth(evaluate(m, case.guard, frame))
        if verdict:
            return run_block(m, case.body, frame)
        if verdict is None:
            rest = cases[i + 1 :]
            return either(
                m,
                frame,
                "the value that is matched is not known",
                lambda: run_block(m, case.body, frame),  # noqa: B023
                lambda: match_cases(m, rest, subject, frame),  # noqa: B023
            )
    return None


def matches(m: Machine, pattern: ast.pattern, subject: Value, frame: Frame) -> bool | None:
    """Whether the subject has the pattern's form; binds the pattern's names."""
    if isinstance(pattern, ast.MatchValue):
        return three_valued(ast.Eq, evaluate(m, pattern.value, frame), subject)
    if isinstance(pattern, ast.MatchSingleton):
        return None if isinstance(subject, Unknown) else subject is pattern.value
    if isinstance(pattern, ast.MatchAs):
        verdict = True if pattern.pattern is None else matches(m, pattern.pattern, subject, frame)
        if pattern.name is not None:
            m.bind(frame, pattern.name, subject)
        return verdict
    if isinstance(pattern, ast.MatchOr):
        verdicts = [matches(m, p, subject, frame) for p in pattern.patterns]
        return True if True in verdicts else None if None in verdicts else False
    if isinstance(pattern, ast.MatchSequence):
        return match_sequence(m, pattern, subject, frame)
    if isinstance(pattern, ast.MatchMapping):
        return match_mapping(m, pattern, subject, frame)
    if isinstance(pattern, ast.MatchClass):
        return match_class(m, pattern, subject, frame)
    return None


def match_class(m: Machine, pattern: ast.MatchClass, subject: Value, frame: Frame) -> bool | None:
    """`case Conv(c, kernel=k)`: of the class, with these attributes."""
    kind = evaluate(m, pattern.cls, frame)
    site = frame.site(pattern)
    is_one = m.invoke(OPS["builtins.isinstance"], (subject, kind), {}, site)
    if not isinstance(is_one, bool):
        bind_unknown(m, pattern, frame)
        return None
    if not is_one:
        return False
    if len(pattern.patterns) == 1 and kind in PLAIN_CLASSES and not pattern.kwd_patterns:
        return matches(m, pattern.patterns[0], subject, frame)
    names: Value = ()
    if pattern.patterns:
        names = m.attribute(kind, "__match_args__", site)
        if not isinstance(names, tuple) or len(names) < len(pattern.patterns):
            bind_unknown(m, pattern, frame)
            return None
    parts = [*zip(names, pattern.patterns, strict=False)]
    parts += zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True)
    verdicts: list[bool | None] = []
    for name, part in parts:
        value = m.attribute(subject, name, site)
        if value is MISSING:
            return False
        verdicts.append(matches(m, part, value, frame))
    return both(verdicts)


PLAIN_CLASSES = (int, str, float, bool, bytes, list, tuple, dict, set, frozenset)
"""Classes whose only positional pattern is matched against the value itself."""


def bind_unknown(m: Machine, pattern: ast.pattern, frame: Frame) -> None:
    """Names of a pattern of which it is not known whether it matches."""
    for inner in ast.walk(pattern):
        name = inner.name if isinstance(inner, (ast.MatchAs, ast.MatchStar)) else None
        if name is not None:
            why = Unknown("a part of what may not match")
            m.store.set_item(frame.scope_of(name), name, why)


def match_sequence(
    m: Machine, pattern: ast.MatchSequence, subject: Value, frame: Frame
) -> bool | None:
    if isinstance(subject, (str, bytes, dict, Instance)):
        return False
    patterns = pattern.patterns
    known = isinstance(subject, (list, tuple, range)) and not getattr(subject, "vague", "")
    held = elements(m, subject, frame.site(pattern)) if known else Unknown("not a sequence")
    if isinstance(held, Unknown):
        if isinstance(subject, (Unknown, List)):
            bind_unknown(m, pattern, frame)
            return None
        return False
    star = next((i for i, p in enumerate(patterns) if isinstance(p, ast.MatchStar)), None)
    if star is None:
        if len(held) != len(patterns):
            return False
        return both([matches(m, p, v, frame) for p, v in zip(patterns, held, strict=True)])
    after = len(patterns) - star - 1
    if len(held) < len(patterns) - 1:
        return False
    verdicts = [matches(m, p, v, frame) for p, v in zip(patterns[:star], held, strict=False)]
    rest = patterns[star]
    if isinstance(rest, ast.MatchStar) and rest.name is not None:
        m.bind(frame, rest.name, m.list(held[star : len(held) - after]))
    tail = zip(patterns[star + 1 :], held[len(held) - after :], strict=True)
    return both([*verdicts, *(matches(m, p, v, frame) for p, v in tail)])


def match_mapping(
    m: Machine, pattern: ast.MatchMapping, subject: Value, frame: Frame
) -> bool | None:
    if isinstance(subject, Unknown) or (isinstance(subject, Dict) and subject.vague):
        bind_unknown(m, pattern, frame)
        return None
    if not isinstance(subject, dict):
        return False
    keys = [evaluate(m, key, frame) for key in pattern.keys]
    if any(key not in subject for key in keys):
        return False
    verdict = both(
        [matches(m, p, subject[k], frame) for p, k in zip(pattern.patterns, keys, strict=True)]
    )
    if pattern.rest is not None:
        rest = Dict(((k, v) for k, v in subject.items() if k not in keys), m.store.born())
        m.bind(frame, pattern.rest, rest)
    return verdict


def both(verdicts: Sequence[bool | None]) -> bool | None:
    """Whether all of them hold."""
    return False if False in verdicts else None if None in verdicts else True
