"""`textDocument/inlayHint`: sizes and receptive fields at the ends of the lines."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lsprotocol import types

from conv_lsp.lsp.positions import to_range
from conv_lsp.lsp.text import NOTHING

if TYPE_CHECKING:
    from conv_lsp.lsp.answer import Answer
    from conv_lsp.lsp.language_server import Server
    from conv_lsp.present import Hint

OPTIONS = types.InlayHintOptions(resolve_provider=True)


async def inlay_hints(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    document = ls.session.find(params.text_document.uri)
    if document is None:
        return []
    answer = await ls.session.answer(document, for_position=True)
    document.given_hints = answer.hints
    return in_range(answer, params.range, document.uri, ls.session.client.resolves_hints)


async def resolve(ls: Server, hint: types.InlayHint) -> types.InlayHint:
    """The tooltip, and where the size was decided; most hints are never asked for them."""
    data = hint.data if isinstance(hint.data, dict) else {}
    document = ls.session.find(str(data.get("uri", "")))
    if document is None or document.answer is None:
        return hint
    answer = document.answer
    if document.is_aside:
        answer = await ls.session.answer(document, for_position=True, whole=True)
    text = hint.label if isinstance(hint.label, str) else "".join(p.value for p in hint.label)
    line = hint.position.line + 1
    found = next((h for h in answer.hints if h.line == line and h.label == text), None)
    if found is None:
        return hint
    hint.tooltip = _markdown(found.tooltip)
    if not isinstance(hint.label, str) and found.decided is not None:
        span = found.decided
        lines = answer.lines if span.path == answer.path else answer.texts.get(span.path, NOTHING)
        uri = ls.session.documents.uri_of(span.path)
        hint.label[0].location = types.Location(uri, to_range(span, lines))
    return hint


def in_range(answer: Answer, where: types.Range, uri: str, lazily: bool) -> list[types.InlayHint]:
    start = (where.start.line, where.start.character)
    end = (where.end.line, where.end.character)
    found = []
    for hint in answer.hints:
        line = hint.line - 1
        if not start[0] <= line <= end[0]:
            continue
        character = answer.lines.character(line, hint.col)
        if start <= (line, character) <= end:
            found.append(
                _lazy(line, character, hint, uri) if lazily else _whole(line, character, hint)
            )
    return found


def _lazy(line: int, character: int, hint: Hint, uri: str) -> types.InlayHint:
    return _hint(line, character, hint.label, hint.size if hint.decided is not None else 0, uri)


@lru_cache(maxsize=4096)
def _hint(line: int, character: int, label: str, size: int, uri: str) -> types.InlayHint:
    """Most hints are as they were before an edit, and building one takes longer than to look it up."""
    parts = [types.InlayHintLabelPart(text) for text in (label[:size], label[size:]) if text]
    return types.InlayHint(
        position=types.Position(line, character),
        label=parts if size else label,
        kind=types.InlayHintKind.Type,
        padding_left=True,
        data={"uri": uri},
    )


def _whole(line: int, character: int, hint: Hint) -> types.InlayHint:
    """For a client that asks but once."""
    return types.InlayHint(
        position=types.Position(line, character),
        label=hint.label,
        kind=types.InlayHintKind.Type,
        tooltip=_markdown(hint.tooltip),
        padding_left=True,
    )


def _markdown(text: str) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, text)
