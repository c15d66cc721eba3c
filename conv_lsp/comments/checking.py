"""Shapes in comments, compared with what the lines make.

A comment is contradicted only if no reading of it can hold: with the batch or without, channels
first or last, in any order; of the line's result, of what it is made from, of a line beside it; in
any context. And only beside others of its function that hold, read the same way: sizes of an image
that nobody else confirms may be those of another input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from conv_lsp.analysis import Analysis
from conv_lsp.comments.claims import check_claims, text_of
from conv_lsp.comments.reading import ARROW, Size, Told, read
from conv_lsp.comments.subjects import Subject, subjects
from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.findings import SHAPE_COMMENT, Finding, unsuppressed
from conv_lsp.source import Comment, ShapeClaim, Source, Span

Order = tuple[int, ...]
"""For each size of a comment the axis of the tensor that it is about."""


class Notation(Enum):
    """How a comment's sizes are ordered."""

    BATCHED = "(N, C, ...)"
    SINGLE = "(C, ...)"
    BATCHED_LAST = "(N, ..., C)"
    SINGLE_LAST = "(..., C)"
    MAP = "(H, W)"


class Verdict(Enum):
    RIGHT = 1
    OPEN = 0
    WRONG = -1


@dataclass(slots=True)
class Remark:
    """A comment that tells a shape, beside the line that it speaks of.

    notations: those in which it holds in some context. full: it tells all that a hint would.
    """

    comment: Comment
    told: Told
    subject: Subject
    notations: set[Notation] = field(default_factory=set)
    full: bool = False
    wrong: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether it holds."""
        return bool(self.notations)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read of a file's comments."""

    remarks: tuple[Remark, ...]
    contradicted: tuple[Remark, ...]
    findings: tuple[Finding, ...]
    confirmed_lines: frozenset[int]


NOTHING: Final = Checked((), (), (), frozenset())


def check(analysis: Analysis, source: Source) -> Checked:
    """Read and compare the comments of an analysed file; worked out once for an analysis."""
    found = analysis.comments
    if not isinstance(found, Checked):
        found = analysis.comments = worked_out(analysis, source)
    return found


def worked_out(analysis: Analysis, source: Source) -> Checked:
    """The same, anew."""
    claims = {
        d.span.line: d
        for d in source.directives
        if isinstance(d, ShapeClaim) and stands_alone(d, source)
    }
    told = {}
    for line, comment in source.comments.items():
        if not comment.alone and line not in claims:
            shape = read(comment.text)
            if shape is not None:
                told[line] = comment, shape
    if not told and not claims:
        return NOTHING
    every = list(subjects(analysis, source))
    by_line = {subject.end_line: subject for subject in every}
    remarks = [
        remark(comment, shape, by_line[line])
        for line, (comment, shape) in told.items()
        if line in by_line
    ]
    contradicted = [r for r in remarks if r.wrong and not holds_elsewhere(r, every)]
    contradicted = trusted(remarks, contradicted)
    findings = [finding_of(r, remarks) for r in contradicted]
    explicit = check_claims(claims.values(), source, by_line)
    confirmed = {r.subject.end_line for r in remarks if r.full and r.confirmed}
    confirmed |= {line for line, finding in explicit.items() if finding is None}
    findings += [f for f in explicit.values() if f is not None]
    return Checked(
        tuple(remarks),
        tuple(contradicted),
        tuple(unsuppressed(findings, source)),
        frozenset(confirmed),
    )


def stands_alone(claim: ShapeClaim, source: Source) -> bool:
    """Whether a claim is of one shape: none follows, neither after an arrow nor after a comma."""
    line = source.line_text(claim.span.line).encode("utf-8", "surrogatepass")
    rest = line[claim.span.end_col :].decode("utf-8", "replace").lstrip()
    return not (rest.startswith((",", "(", "[", "|")) or ARROW.search(rest))


def confirmed(analysis: Analysis, source: Source) -> frozenset[int]:
    """Lines whose comment tells the size that a hint would, and is right."""
    return check(analysis, source).confirmed_lines


def comment_findings(analysis: Analysis, source: Source) -> tuple[Finding, ...]:
    """What comments of an analysed file say and is not so."""
    return check(analysis, source).findings


# -- one comment ------------------------------------------------------------------------------


def orders(count: int, rank: int) -> Iterator[tuple[Notation, Order]]:
    """The ways in which `count` sizes can speak of a tensor of `rank` axes."""
    axes = tuple(range(rank))
    if count == rank:
        yield Notation.BATCHED, axes
        if rank > 2:
            yield Notation.BATCHED_LAST, (0, *axes[2:], 1)
            yield Notation.SINGLE_LAST, (*axes[1:], 0)
    if count == rank - 1 and count > 1:
        yield Notation.SINGLE, axes[1:]
        if rank > 2:
            yield Notation.SINGLE_LAST, (*axes[2:], 1)
    if count == rank - 2 and count == 2:
        yield Notation.MAP, axes[2:]


def remark(comment: Comment, told: Told, subject: Subject) -> Remark:
    """What a comment says of a line, and whether it holds."""
    made = Remark(comment, told, subject)
    verdicts = []
    for shape in subject.shapes:
        for notation, order in orders(len(told.sizes), len(shape)):
            verdict = compare(told.sizes, shape, order)
            verdicts.append(verdict)
            if verdict is Verdict.RIGHT:
                made.notations.add(notation)
                made.full = made.full or tells_all(told.sizes, shape, order, notation)
    ranks = {len(shape) for shape in subject.shapes}
    counts = all(len(told.sizes) in (rank, rank - 1) for rank in ranks) and len(told.sizes) > 2
    made.wrong = (
        counts
        and not subject.layer
        and (not told.name or told.name in (subject.name, subject.name.rpartition(".")[2]))
        and bool(verdicts)
        and all(verdict is Verdict.WRONG for verdict in verdicts)
        and not any(among(told.numbers, shape) for shape in subject.shapes)
    )
    return made


def compare(sizes: Sequence[Size], shape: Sequence[Dim], order: Order) -> Verdict:
    """Whether sizes hold of a shape: RIGHT if all numbers do, WRONG if one certainly does not.

    A batch is whatever it is: of it nothing is compared.
    """
    compared = 0
    undecided = False
    for size, axis in zip(sizes, order, strict=True):
        if size.number is None or (axis == 0 and len(order) == len(shape)):
            continue
        if size.number == shape[axis]:
            compared += 1
        elif proves_unequal(size.number, shape[axis]):
            return Verdict.WRONG
        else:
            undecided = True
    return Verdict.RIGHT if compared and not undecided else Verdict.OPEN


def tells_all(
    sizes: Sequence[Size], shape: Sequence[Dim], order: Order, notation: Notation
) -> bool:
    """Whether a comment that holds tells every size but the batch."""
    if notation is Notation.MAP:
        return False
    return all(
        size.number is not None
        or (axis == 0 and len(order) == len(shape))
        or size.text == str(shape[axis])
        for size, axis in zip(sizes, order, strict=True)
    )


def among(numbers: Iterable[int], shape: Sequence[Dim]) -> bool:
    """Whether all numbers are sizes of a shape, or may be, in any order."""
    left = Counter(size for size in shape if isinstance(size, int))
    open_ones = len(shape) - left.total()
    missing = sum((Counter(numbers) - left).values())
    return missing <= open_ones


def holds_elsewhere(remark: Remark, every: Sequence[Subject]) -> bool:
    """Whether a comment speaks of what the line is made from, or of a line beside it."""
    at = next(i for i, subject in enumerate(every) if subject is remark.subject)
    beside = [every[i] for i in (at - 1, at + 1) if 0 <= i < len(every)]
    shapes = [*remark.subject.given, *(shape for subject in beside for shape in subject.shapes)]
    return any(
        compare(remark.told.sizes, shape, order) is not Verdict.WRONG
        for shape in shapes
        for _, order in orders(len(remark.told.sizes), len(shape))
    )


# -- a function's comments ------------------------------------------------------------------------


def trusted(remarks: Sequence[Remark], wrong: Sequence[Remark]) -> list[Remark]:
    """Those beside others of their function that hold: more of them, in one notation, written in
    the same style, with numbers on the axes on which these are wrong.
    """
    kept = []
    for one in wrong:
        function = one.subject.function
        beside = [r for r in remarks if r.subject.function == function and r.confirmed]
        beside = [r for r in beside if alike(r.told, one.told)]
        against = [r for r in wrong if r.subject.function == function]
        notation = common(beside)
        if notation is None or len(beside) <= len(against):
            continue
        axes = wrong_axes(one, notation)
        if axes and all(any(tells(r, axis) for r in beside) for axis in axes):
            kept.append(one)
    return kept


def alike(a: Told, b: Told) -> bool:
    """Whether two comments are written in the same way."""
    return a.style == b.style and bool(a.before) == bool(b.before)


def common(remarks: Sequence[Remark]) -> Notation | None:
    """The notation in which all of these hold, if there is just one."""
    if not remarks:
        return None
    shared = set.intersection(*(r.notations for r in remarks))
    return shared.pop() if len(shared) == 1 else None


def order_in(notation: Notation, count: int, rank: int) -> Order | None:
    """The axes of a comment's sizes in a notation."""
    return next((order for n, order in orders(count, rank) if n is notation), None)


def wrong_axes(remark: Remark, notation: Notation) -> set[int]:
    """The axes, counted from the channels on, of which a comment is wrong; empty if it is written
    in another notation.
    """
    found: set[int] = set()
    for shape in remark.subject.shapes:
        order = order_in(notation, len(remark.told.sizes), len(shape))
        if order is None:
            return set()
        for size, axis in zip(remark.told.sizes, order, strict=True):
            if size.number is not None and axis and proves_unequal(size.number, shape[axis]):
                found.add(min(axis, 2))
    return found


def tells(remark: Remark, axis: int) -> bool:
    """Whether a comment has a number for the channels (1), or for some spatial axis (2)."""
    notation = next(iter(remark.notations))
    for shape in remark.subject.shapes:
        order = order_in(notation, len(remark.told.sizes), len(shape))
        for size, at in zip(remark.told.sizes, order or (), strict=False):
            if size.number is not None and min(at, 2) == axis:
                return True
    return False


def finding_of(remark: Remark, remarks: Sequence[Remark]) -> Finding:
    """The finding of a comment that is wrong, with the comment as it should be."""
    function = remark.subject.function
    beside = [r for r in remarks if r.subject.function == function and r.confirmed]
    notation = common([r for r in beside if alike(r.told, remark.told)])
    shape = remark.subject.shapes[0]
    at = remark.comment.span
    text = remark.comment.text
    first, last = remark.told.sizes[0], remark.told.sizes[-1]
    start, stop = first.start, last.start + len(last.text)
    span = part(remark.comment, start, stop)
    new, old = rewritten(remark, notation, text)
    data = (("new", new[start : stop + len(new) - len(text)]),) if new != text else ()
    return SHAPE_COMMENT.finding(
        Span(at.path, span.line, span.col, span.line, span.end_col),
        severity="warning",
        data=data,
        got=old,
        want=text_of(shape),
    )


def rewritten(remark: Remark, notation: Notation | None, text: str) -> tuple[str, str]:
    """The comment with the numbers of now, where they are the same in all contexts; and the sizes
    that it told.
    """
    old = text[remark.told.sizes[0].start : remark.told.sizes[-1].start]
    old += remark.told.sizes[-1].text
    new = text
    for index in reversed(range(len(remark.told.sizes))):
        size = remark.told.sizes[index]
        actual: set[Dim] = set()
        for shape in remark.subject.shapes:
            order = order_in(notation, len(remark.told.sizes), len(shape)) if notation else None
            if order is None:
                return text, old
            axis = order[index]
            batch = axis == 0 and len(order) == len(shape)
            actual.add(size.number if batch and size.number is not None else shape[axis])
        if size.number is None or actual == {size.number}:
            continue
        number = actual.pop() if len(actual) == 1 else None
        if not isinstance(number, int):
            return text, old
        new = new[: size.start] + str(number) + new[size.start + len(size.text) :]
    return new, old


def part(comment: Comment, start: int, end: int) -> Span:
    """The place of some characters of a comment."""
    at = comment.span
    col = at.col + len(comment.text[:start].encode("utf-8", "surrogatepass"))
    width = len(comment.text[start:end].encode("utf-8", "surrogatepass"))
    return Span(at.path, at.line, col, at.line, col + width)
