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


def findings(remarks: Iterable[Remark]) -> Iterator[Finding]:
    """One finding for each line, in the words of its gravest remark; it tells of how many contexts.

    The first of equally grave ones speaks: they come in order of execution.
    """
    lines: dict[tuple[str, int], list[Remark]] = {}
    for remark in remarks:
        lines.setdefault((remark.span.path, remark.span.line), []).append(remark)
    for here in lines.values():
        most = max(here, key=lambda r: SEVERITIES.index(r.severity or r.rule.severity))
        yield _finding(most, len({remark.path for remark in here}))


def _finding(remark: Remark, contexts: int) -> Finding:
    rule = remark.rule
    message = rule.message.format(**remark.words)
    if contexts > 1:
        where = f"{remark.path}, in" if remark.path else "in"
        message = f"{message} ({where} {contexts} contexts)"
    return Finding(rule, remark.span, message, remark.severity or rule.severity, data=remark.data)
