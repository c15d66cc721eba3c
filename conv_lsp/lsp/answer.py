"""What one analysis says about one document, in plain data that any thread may read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conv_lsp.lsp.text import Lines, line_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conv_lsp.analysis import Analysis
    from conv_lsp.findings import Finding
    from conv_lsp.present import Hint


@dataclass(frozen=True)
class Answer:
    """`texts` holds every file that a finding speaks of, as it was when analysed."""

    path: str
    lines: Lines
    hints: tuple[Hint, ...] = ()
    findings: tuple[Finding, ...] = ()
    texts: Mapping[str, Lines] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()
    analysis: Analysis | None = None

    def findings_in(self, path: str, lines: Lines) -> list[Finding]:
        """The findings in one file, moved along to a version of it that has these lines."""
        here = [finding for finding in self.findings if finding.span.path == path]
        seen = self.texts.get(path, self.lines if path == self.path else None)
        if not here or seen is None or seen is lines:
            return here
        return list(_moved(here, line_map(seen, lines)))

    def carried(self, lines: Lines) -> Answer:
        """The same for a newer text that could not be analysed, as far as its lines are the same."""
        kept = line_map(self.lines, lines)
        hints = tuple(replace(h, line=kept[h.line]) for h in self.hints if h.line in kept)
        here = [finding for finding in self.findings if finding.span.path == self.path]
        return Answer(
            self.path,
            lines,
            hints,
            tuple(_moved(here, kept)),
            {**self.texts, self.path: lines},
            self.reads,
        )


def _moved(findings: Iterable[Finding], kept: Mapping[int, int]) -> Iterable[Finding]:
    for finding in findings:
        span = finding.span
        start, end = kept.get(span.line), kept.get(span.end_line)
        if start is not None and end is not None and end - start == span.end_line - span.line:
            yield replace(finding, span=replace(span, line=start, end_line=end))
