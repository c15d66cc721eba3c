"""Quick fixes: changes of the text after which a finding is gone, with the numbers worked out.

A fix is offered only where it is right in every context that the analysis has seen. `FIXES` is the
table of them; nothing here knows editors.
"""

from __future__ import annotations

from collections.abc import Iterable

from conv_lsp.analysis import Analysis
from conv_lsp.findings import Finding
from conv_lsp.fixes.fix import Edit, Fix, applied, together
from conv_lsp.fixes.notes import annotate_input, ignore, insert_shapes
from conv_lsp.fixes.scene import Page, Scene
from conv_lsp.fixes.table import FIXES, WITHOUT
from conv_lsp.source import Source


def fixes(analysis: Analysis, finding: Finding, source: Source) -> list[Fix]:
    """The fixes of one finding of an analysis of `source`, the likeliest first; one at most is
    preferred.
    """
    scene = Scene(Page(analysis, source), finding)
    found: list[Fix] = []
    for make in FIXES.get(finding.rule.code, ()):
        for fix in make(scene):
            known = any(fix.preferred and other.preferred for other in found)
            found.append(fix.milder() if known else fix)
    return [fix for fix in found if all(span.path == source.path for span, _ in fix.edits)]


def ignoring(analysis: Analysis, finding: Finding, source: Source) -> Fix | None:
    """The comment that hides a finding."""
    return ignore(Page(analysis, source), finding.rule.code, finding.span)


def fix_all(analysis: Analysis, findings: Iterable[Finding], source: Source) -> list[Edit]:
    """The edits of all preferred fixes of these findings, as far as they leave each other alone."""
    preferred = []
    for finding in findings:
        preferred += [fix for fix in fixes(analysis, finding, source) if fix.preferred]
    return together(preferred)


def shape_comments(analysis: Analysis, source: Source, line: int) -> Fix | None:
    """Shapes at the ends of the lines of the function around a line."""
    return insert_shapes(Page(analysis, source), line)


def input_comment(analysis: Analysis, source: Source, line: int) -> Fix | None:
    """The input of the class around a line, as a directive."""
    return annotate_input(Page(analysis, source), line)


__all__ = [
    "FIXES",
    "WITHOUT",
    "Edit",
    "Fix",
    "applied",
    "fix_all",
    "fixes",
    "ignoring",
    "input_comment",
    "shape_comments",
    "together",
]
