"""`textDocument/hover`: how a layer, a call or a tensor came to its size."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from conv_lsp import present
from conv_lsp.lsp.positions import to_range

if TYPE_CHECKING:
    from conv_lsp.lsp.language_server import Server

log = logging.getLogger(__name__)


async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    document = ls.session.find(params.text_document.uri)
    if document is None:
        return None
    answer = await ls.session.answer(document, for_position=True, whole=True)
    if answer.analysis is None:
        return None
    line = params.position.line
    column = answer.lines.byte_column(line, params.position.character)
    place = (answer.analysis, answer.path, line + 1, column, document.choice.context)
    try:
        found = present.hover(*place)
    except Exception:  # an editor would show the error in the place of the hover
        log.exception("%s:%d: the hover failed", answer.path, line + 1)
        return None
    if found is None:
        return None
    verified = document.verified
    said = verified.of(answer, line + 1) if verified is not None else ""
    text = f"{found.markdown}  \n{said}" if said else found.markdown
    return types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, text),
        to_range(found.span, answer.lines),
    )
