"""`textDocument/codeAction`: the fixes of what is found in a range, and comments worth writing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from conv_lsp.lsp.positions import to_range

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conv_lsp.analysis import Analysis
    from conv_lsp.findings import Finding
    from conv_lsp.fixes import Edit, Fix
    from conv_lsp.lsp.answer import Answer
    from conv_lsp.lsp.documents import Document
    from conv_lsp.lsp.language_server import Server
    from conv_lsp.source import Source

log = logging.getLogger(__name__)

FIX_ALL = "source.fixAll.conv-lsp"
SHAPES = "source.conv-lsp.shapeComments"
INPUT = "source.conv-lsp.annotateInput"
OPTIONS = types.CodeActionOptions(
    code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL, SHAPES, INPUT]
)


async def code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = ls.session.find(params.text_document.uri)
    if document is None:
        return []
    answer = await ls.session.answer(document, for_position=True, advised=True, whole=True)
    if answer.analysis is None or answer.source is None:
        return []
    asked = _Asked(document, answer, answer.analysis, answer.source, params)
    try:
        return list(asked.actions())
    except Exception:  # an editor would show the error in the place of the menu
        log.exception("%s: the fixes failed", answer.path)
        return []


class _Asked:
    """One request, and what it is answered from."""

    def __init__(
        self,
        document: Document,
        answer: Answer,
        analysis: Analysis,
        source: Source,
        params: types.CodeActionParams,
    ) -> None:
        self.document = document
        self.answer = answer
        self.analysis = analysis
        self.source = source
        self.params = params

    def actions(self) -> Iterator[types.CodeAction]:
        """All that is asked for: of fixes the likeliest first."""
        from conv_lsp.fixes import fix_all, input_comment, shape_comments

        found = (*self.answer.findings, *self.answer.advice)
        here = [f for f in found if f.span.path == self.answer.path]
        if self.wants(types.CodeActionKind.QuickFix):
            for finding in here:
                if self.touches(finding):
                    yield from self.quick_fixes(finding, here)
        if self.params.context.trigger_kind is types.CodeActionTriggerKind.Automatic:
            return
        line = self.params.range.start.line + 1
        if self.wants(FIX_ALL) and (edits := fix_all(self.analysis, here, self.source)):
            yield self.action("Fix all that conv-lsp can fix", FIX_ALL, edits)
        if self.wants(SHAPES) and (fix := shape_comments(self.analysis, self.source, line)):
            yield self.action(fix.title, SHAPES, fix.edits)
        if self.wants(INPUT) and (fix := input_comment(self.analysis, self.source, line)):
            yield self.action(fix.title, INPUT, fix.edits)

    def quick_fixes(self, finding: Finding, here: Sequence[Finding]) -> Iterator[types.CodeAction]:
        """The fixes of one finding, of all of its kind in the file, and the comment that hides it."""
        from conv_lsp.fixes import fix_all, fixes, ignoring

        found = fixes(self.analysis, finding, self.source)
        for fix in found:
            yield self.quick_fix(fix, finding)
        code = finding.rule.code
        alike = [other for other in here if other.rule.code == code]
        if len(alike) > 1 and any(fix.preferred for fix in found):
            edits = fix_all(self.analysis, alike, self.source)
            if len(edits) > 1:
                title = f"Fix all {code} in this file"
                yield self.action(title, types.CodeActionKind.QuickFix, edits)
        hidden = ignoring(self.analysis, finding, self.source)
        if hidden is not None:
            yield self.quick_fix(hidden, finding)

    def quick_fix(self, fix: Fix, finding: Finding) -> types.CodeAction:
        """A fix with the diagnostic that it belongs to."""
        where = to_range(finding.span, self.answer.lines)
        action = self.action(fix.title, types.CodeActionKind.QuickFix, fix.edits)
        action.is_preferred = fix.preferred or None
        action.diagnostics = [
            d
            for d in self.params.context.diagnostics
            if d.code == finding.rule.code and d.range == where
        ] or None
        return action

    def action(self, title: str, kind: str, edits: Sequence[Edit]) -> types.CodeAction:
        """An action that changes the document."""
        lines = self.answer.lines
        end = "\r\n" if lines.lines[0].endswith("\r\n") else "\n"
        changes = [
            types.TextEdit(to_range(span, lines), text.replace("\n", end)) for span, text in edits
        ]
        edit = types.WorkspaceEdit(changes={self.document.uri: changes})
        return types.CodeAction(title, kind=kind, edit=edit)

    def wants(self, kind: str) -> bool:
        """Whether actions of a kind are asked for."""
        only = self.params.context.only
        return only is None or any(kind == k or kind.startswith(f"{k}.") for k in only)

    def touches(self, finding: Finding) -> bool:
        """Whether a finding lies in the range asked for, or on its lines where it is a place."""
        found = to_range(finding.span, self.answer.lines)
        asked = self.params.range
        return found.start.line <= asked.end.line and asked.start.line <= found.end.line
