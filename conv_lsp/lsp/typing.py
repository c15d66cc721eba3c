"""A line in work: what is shown while somebody types it.

A line that is typed passes through versions that nobody means: `x = self.conv` on the way to
`x = self.conv(x)`. Until it is left, or nothing has been typed for `PAUSE` seconds, all other lines
keep what they showed and nothing new is complained of. An edit in the middle of a line is taken at
its word.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from conv_lsp.lsp.answer import moved
from conv_lsp.lsp.text import line_map

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lsprotocol import types

    from conv_lsp.findings import Finding
    from conv_lsp.lsp.answer import Answer
    from conv_lsp.lsp.text import Lines

PAUSE: Final = 0.6
"""Seconds without an edit after which a line counts as written."""

CLOSING: Final = ")]}'\":, \t\r\n"
"""What may stand behind the place where one types: editors write it in advance."""


def line_in_work(
    before: Lines, changes: Sequence[types.TextDocumentContentChangeEvent], after: Lines
) -> int | None:
    """The line, from 1, at whose end the changes were typed; None if they are anything else."""
    if len(before.lines) != len(after.lines):
        return None
    numbers = set()
    for change in changes:
        where = getattr(change, "range", None)
        if where is None or where.start.line != where.end.line:
            return None
        numbers.add(where.start.line)
    if len(numbers) != 1:
        return None
    (number,) = numbers
    if not 0 <= number < len(after.lines):
        return None
    old, new = before.lines[number], after.lines[number]
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(new))
    rest = 0
    while rest < min(len(old), len(new)) - same and old[-1 - rest] == new[-1 - rest]:
        rest += 1
    behind = new[len(new) - rest :]
    return None if behind.strip(CLOSING) else number + 1


def held(answer: Answer, shown: Answer, line: int) -> Answer:
    """An answer of which only the line in work shows what is new."""
    kept = {old: new for old, new in line_map(shown.lines, answer.lines).items() if new != line}
    broken = any(f.rule.code == "syntax-error" for f in answer.findings)
    own = [] if broken else [h for h in answer.hints if h.line == line]
    hints = [replace(h, line=kept[h.line]) for h in shown.hints if h.line in kept]
    was = {f.rule.code for f in shown.findings if starts(f, answer, line)}
    findings = [
        *_staying(shown.findings, answer, kept),
        *(f for f in answer.findings if starts(f, answer, line) and f.rule.code in was),
    ]
    return replace(
        answer,
        hints=tuple(sorted([*hints, *own], key=lambda h: h.line)),
        findings=tuple(findings),
        advice=tuple(_staying(shown.advice, answer, kept)),
        texts={**shown.texts, **answer.texts},
    )


def _staying(
    findings: Sequence[Finding], answer: Answer, kept: Mapping[int, int]
) -> Iterator[Finding]:
    """Findings that other lines show."""
    yield from (f for f in findings if f.span.path != answer.path)
    yield from moved([f for f in findings if f.span.path == answer.path], kept)


def starts(finding: Finding, answer: Answer, line: int) -> bool:
    """Whether a finding begins in the line in work."""
    return finding.span.path == answer.path and finding.span.line == line
