"""`textDocument/codeLens`: what a class takes and costs, and which of its contexts is shown."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from conv_lsp import present
from conv_lsp.lsp.commands import CHOOSE

if TYPE_CHECKING:
    from conv_lsp.lsp.language_server import Server

log = logging.getLogger(__name__)

OPTIONS = types.CodeLensOptions(resolve_provider=False)


async def code_lenses(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    document = ls.session.find(params.text_document.uri)
    if document is None:
        return []
    answer = await ls.session.answer(document, for_position=True, whole=True)
    if answer.analysis is None:
        return []
    try:
        found = present.lenses(answer.analysis, answer.path, document.choice.context)
    except Exception:  # an editor would show the error
        log.exception("%s: the lenses failed", answer.path)
        return []
    document.given_lenses = True
    lenses = []
    for lens in found:
        place = types.Position(lens.line - 1, 0)
        choices = [lens.run] if lens.run else list(lens.contexts)
        command = types.Command(lens.text, CHOOSE, arguments=[document.uri, choices])
        lenses.append(types.CodeLens(types.Range(place, place), command))
    return lenses
