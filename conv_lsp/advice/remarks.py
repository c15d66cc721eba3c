"""What rules of advice give: remarks, one for each context, which become one finding a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from conv_lsp.findings import SEVERITIES, Finding, Rule, Severity
from conv_lsp.source import Span


@dataclass(frozen=True, slots=True)
class Remark:
    """Advice about one line in one context. `words` fill the rule's message; `path` is that of the
    module, empty where there is none.
    """

    rule: Rule
    span: Span
    path: str
    words: Mapping[str, object]
    severity: Severity | None = None
    data: tuple[tuple[str, object], ...] = ()


Line = tuple[str, int]
"""A file and a line of it."""


def findings(remarks: Iterable[Remark], layers: Mapping[Line, int]) -> Iterator[Finding]:
    """One finding for each line, in the words of its gravest remark; it tells of how many contexts.

    The first of equally grave ones speaks: they come in order of execution. Where a line makes
    several of the `layers`, it says which one it speaks of.
    """
    lines: dict[Line, list[Remark]] = {}
    for remark in remarks:
        lines.setdefault((remark.span.path, remark.span.line), []).append(remark)
    for line, here in lines.items():
        most = max(here, key=lambda r: SEVERITIES.index(r.severity or r.rule.severity))
        yield _finding(most, len({remark.path for remark in here}), layers.get(line, 1))


def _finding(remark: Remark, contexts: int, layers: int) -> Finding:
    rule = remark.rule
    where = [remark.path] if remark.path and max(contexts, layers) > 1 else []
    where += [f"in {contexts} contexts"] if contexts > 1 else []
    message = rule.message.format(**remark.words)
    if where:
        message = f"{message} ({', '.join(where)})"
    return Finding(rule, remark.span, message, remark.severity or rule.severity, data=remark.data)
