"""What an editor can have done by name: choosing a context, telling an input.

`conv-lsp.chooseContext [uri, choices?, choice?]`: show this context, or run this call. Without the
choice the person is asked, and without choices for those of the whole file; "" is as at first.
`conv-lsp.contexts [uri]`: the choices there are. `conv-lsp.setInput [uri, line, shapes]`: write the
input of the class or function at a line (from 0) into the file, as a comment.
`conv-lsp.verify [uri]`: see `verify`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from conv_lsp import present
from conv_lsp.lsp.choice import Choice
from conv_lsp.lsp.verify import VERIFY, verify
from conv_lsp.source import ShapeTextError, parse_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conv_lsp.lsp.documents import Document
    from conv_lsp.lsp.language_server import Server

CHOOSE: Final = "conv-lsp.chooseContext"
CONTEXTS: Final = "conv-lsp.contexts"
SET_INPUT: Final = "conv-lsp.setInput"
UNDO: Final = "as at first"
"""What undoes a choice, where a person is asked."""
_OPENING: Final = re.compile(r"(\s*)(class|def|async\s+def)\b")


async def choose(ls: Server, *given: Any) -> str | None:
    """Show a context; the choice made, or None."""
    uri, choices, asked = (*given, None, None, None)[:3]
    document = ls.session.find(str(uri))
    if document is None:
        return None
    chosen: str | None = asked if isinstance(asked, str) else None
    if chosen is None:
        known = [c for c in choices or () if isinstance(c, str)]
        chosen = await _asked(ls, known or await _choices(ls, document))
    if chosen is None:
        return None
    made = Choice.of("" if chosen == UNDO else chosen)
    if made != document.choice:
        document.choice = made
        ls.session.schedule.renew(document)
        if ls.session.client.refreshes_lenses:
            ls.workspace_code_lens_refresh(None)
        if ls.session.client.refreshes_hints:
            ls.workspace_inlay_hint_refresh(None)
    return chosen


async def _asked(ls: Server, choices: list[str]) -> str | None:
    """The choice of a person; the only one where there is one."""
    if len(choices) < 2 and not any(c.endswith(")") for c in choices):
        return None
    items = [types.MessageActionItem(title) for title in (*choices[:20], UNDO)]
    question = types.ShowMessageRequestParams(
        types.MessageType.Info, "Show the sizes of which context?", items
    )
    answer = await ls.window_show_message_request_async(question)
    return answer.title if answer is not None else None


async def contexts(ls: Server, *given: Any) -> list[str]:
    """The choices that a document has."""
    document = ls.session.find(str(given[0] if given else ""))
    return [] if document is None else await _choices(ls, document)


async def _choices(ls: Server, document: Document) -> list[str]:
    answer = await ls.session.answer(document, for_position=False, whole=True)
    if answer.analysis is None:
        return []
    lenses = present.lenses(answer.analysis, answer.path)
    found = (c for lens in lenses for c in ((lens.run,) if lens.run else lens.contexts))
    return list(dict.fromkeys(found))


async def set_input(ls: Server, *given: Any) -> bool:
    """Write `# conv-lsp: input ...` above the class or function at a line."""
    uri, line, text = (*given, None, None, None)[:3]
    document = ls.session.find(str(uri))
    lines = document.lines if document is not None else None
    if document is None or lines is None or not isinstance(line, int) or not isinstance(text, str):
        return False
    try:
        parse_inputs(text)
    except ShapeTextError as error:
        _say(ls, f"{text!r} is no input: {error}")
        return False
    at = _owner(lines.lines, line)
    if at is None:
        _say(ls, "there is no class or function here that could have an input")
        return False
    margin = re.match(r"\s*", lines.lines[at])
    comment = f"{margin[0] if margin else ''}# conv-lsp: input {text}\n"
    above = lines.lines[at - 1] if at > 0 else ""
    first = at - 1 if re.match(r"\s*#\s*conv-lsp:\s*input\b", above) else at
    where = types.Range(types.Position(first, 0), types.Position(at, 0))
    edit = types.WorkspaceEdit(changes={document.uri: [types.TextEdit(where, comment)]})
    done = await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, "input"))
    return done.applied


def _owner(lines: Sequence[str], line: int) -> int | None:
    """The line of the function around a line, or of the class that the function is a method of."""
    found = None
    for at in range(min(max(line, 0), len(lines) - 1), -1, -1):
        opening = _OPENING.match(lines[at])
        if opening is None:
            continue
        if found is None or (opening[2] == "class" and len(opening[1]) < len(found[1])):
            found = at, opening[1]
        if opening[2] == "class" or not opening[1]:
            break
    return None if found is None else found[0]


def _say(ls: Server, text: str) -> None:
    ls.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"conv-lsp: {text}"))


COMMANDS: Final = {CHOOSE: choose, CONTEXTS: contexts, SET_INPUT: set_input, VERIFY: verify}
"""What does each command; it is given the server and the client's arguments."""
