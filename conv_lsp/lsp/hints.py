"""`textDocument/inlayHint`: sizes and receptive fields at the ends of the lines."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from conv_lsp.lsp.answer import Answer
    from conv_lsp.lsp.language_server import Server


async def inlay_hints(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    document = ls.session.find(params.text_document.uri)
    if document is None:
        return []
    answer = await ls.session.answer(document, for_position=True)
    document.given_hints = answer.hints
    return in_range(answer, params.range)


def in_range(answer: Answer, where: types.Range) -> list[types.InlayHint]:
    start = (where.start.line, where.start.character)
    end = (where.end.line, where.end.character)
    found = []
    for hint in answer.hints:
        line = hint.line - 1
        if not start[0] <= line <= end[0]:
            continue
        character = answer.lines.character(line, hint.col)
        if start <= (line, character) <= end:
            found.append(_hint(line, character, hint.label, hint.tooltip))
    return found


@lru_cache(maxsize=4096)
def _hint(line: int, character: int, label: str, tooltip: str) -> types.InlayHint:
    """Most hints are as they were before an edit, and building one takes longer than to look it up."""
    return types.InlayHint(
        position=types.Position(line, character),
        label=label,
        kind=types.InlayHintKind.Type,
        tooltip=types.MarkupContent(types.MarkupKind.Markdown, tooltip),
        padding_left=True,
    )
