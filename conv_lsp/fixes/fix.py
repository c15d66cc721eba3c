"""What a fix is, and texts with fixes applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from conv_lsp.source import Source, Span

Edit = tuple[Span, str]
"""A stretch of the file, and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of a file's text.

    preferred: it is the one that is most likely meant, and can be applied without being looked at.
    """

    title: str
    edits: tuple[Edit, ...]
    preferred: bool = False

    def milder(self) -> Fix:
        """The same, to be looked at."""
        return replace(self, preferred=False)


def together(fixes: Iterable[Fix]) -> list[Edit]:
    """The edits of several fixes: each fix whole or not at all, none over another's text."""
    taken: list[Edit] = []
    for fix in fixes:
        if any(edit in taken for edit in fix.edits):
            if all(edit in taken for edit in fix.edits):
                continue  # two findings, one remedy
            continue
        if not any(overlap(a, b) for a, _ in fix.edits for b, _ in taken):
            taken += fix.edits
    return taken


def overlap(a: Span, b: Span) -> bool:
    """Whether two stretches share text, or are the same place."""
    if a.path != b.path:
        return False
    if (a.line, a.col) == (b.line, b.col):
        return True
    return (a.line, a.col) < (b.end_line, b.end_col) and (b.line, b.col) < (a.end_line, a.end_col)


def applied(source: Source, edits: Sequence[Edit]) -> str:
    """The text of a file after edits, which do not overlap."""
    lines = [line.encode("utf-8", "surrogatepass") for line in source.text.split("\n")]
    for span, text in sorted(edits, key=lambda edit: edit[0], reverse=True):
        first, last = span.line - 1, span.end_line - 1
        new = lines[first][: span.col] + text.encode() + lines[last][span.end_col :]
        lines[first : last + 1] = [new]
    return b"\n".join(lines).decode("utf-8", "surrogatepass")
