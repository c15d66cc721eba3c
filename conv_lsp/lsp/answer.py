"""What one analysis says about one document, in plain data that any thread may read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from conv_lsp.lsp.choice import FIRST, Choice
from conv_lsp.lsp.text import Lines, line_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conv_lsp.analysis import Analysis
    from conv_lsp.findings import Finding
    from conv_lsp.present import Hint
    from conv_lsp.project import Environment
    from conv_lsp.source import Source


@dataclass(frozen=True)
class Answer:
    """`texts` holds every file that a finding speaks of, as it was when analysed.

    `findings` come of the analysis itself. `advice` is worked out when there is time: until it is
    `advised`, it is that of an older text, as far as its lines are the same.

    `source` is the text that was analysed, `lookups` the modules that were asked for and what was
    found, `asked` what was asked of torch and its answers; of an answer that was carried over from
    an older text there is no source. `analysis` is None as well where it was set aside.
    """

    path: str
    lines: Lines
    hints: tuple[Hint, ...] = ()
    findings: tuple[Finding, ...] = ()
    advice: tuple[Finding, ...] = ()
    advised: bool = True
    texts: Mapping[str, Lines] = field(default_factory=dict)
    source: Source | None = None
    lookups: Mapping[str, Source | None] = field(default_factory=dict)
    asked: Mapping[str, object] = field(default_factory=dict)
    analysis: Analysis | None = None
    choice: Choice = FIRST
    environment: Environment | None = None

    def without_analysis(self) -> Answer:
        """What of it an editor shows unasked; a hint's contexts hold on to all that ran."""
        hints = tuple(replace(hint, contexts=(), decided=None) for hint in self.hints)
        return replace(self, hints=hints, analysis=None)

    @property
    def is_unfinished(self) -> bool:
        """Whether there is no advice on it, and nothing left to work it out from."""
        return self.analysis is None and not self.advised

    def depends_on(self, path: str, *, appeared: bool) -> bool:
        """Whether another answer may come of a change to a file or directory, or of a new one."""
        if path in self._reads or any(r.startswith(path + os.sep) for r in self._reads):
            return True
        if not appeared:
            return False
        parts = PurePath(path).with_suffix("").parts
        parts = parts[:-1] if parts[-1:] == ("__init__",) else parts
        return parts[-1] in self._sought or not self._missed.isdisjoint(parts)

    @cached_property
    def _reads(self) -> frozenset[str]:
        return frozenset(s.path for s in self.lookups.values() if s is not None)

    @cached_property
    def _sought(self) -> frozenset[str]:
        """Parts of the names of all modules: a file of that name may be found in the other's place."""
        return frozenset(part for name in self.lookups for part in name.split("."))

    @cached_property
    def _missed(self) -> frozenset[str]:
        """The same of modules that were not found: any directory of that name makes a package."""
        missed = (name for name, source in self.lookups.items() if source is None)
        return frozenset(part for name in missed for part in name.split("."))

    def findings_in(self, path: str, lines: Lines) -> list[Finding]:
        """The findings in one file, moved along to a version of it that has these lines."""
        return self._moved([*self.findings, *self.advice], path, lines)

    def advice_now(self, texts: Mapping[str, Lines]) -> tuple[Finding, ...]:
        """The advice, moved along to newer versions of the files that it speaks of."""
        paths = dict.fromkeys(finding.span.path for finding in self.advice)
        return tuple(f for path in paths for f in self._moved(self.advice, path, texts[path]))

    def _moved(self, findings: Iterable[Finding], path: str, lines: Lines) -> list[Finding]:
        here = [finding for finding in findings if finding.span.path == path]
        seen = self.texts.get(path, self.lines if path == self.path else None)
        if not here or seen is None or seen is lines:
            return here
        return list(moved(here, line_map(seen, lines)))

    def carried(self, lines: Lines) -> Answer:
        """The same for a newer text that could not be analysed, as far as its lines are the same."""
        kept = line_map(self.lines, lines)
        hints = tuple(replace(h, line=kept[h.line]) for h in self.hints if h.line in kept)
        here = [finding for finding in self.findings if finding.span.path == self.path]
        return Answer(
            self.path,
            lines,
            hints,
            tuple(moved(here, kept)),
            tuple(self._moved(self.advice, self.path, lines)),
            texts={**self.texts, self.path: lines},
            lookups=self.lookups,
        )


def moved(findings: Iterable[Finding], kept: Mapping[int, int]) -> Iterable[Finding]:
    """The findings whose lines are kept, on their new lines."""
    for finding in findings:
        span = finding.span
        start, end = kept.get(span.line), kept.get(span.end_line)
        if start is not None and end is not None and end - start == span.end_line - span.line:
            yield replace(finding, span=replace(span, line=start, end_line=end))
