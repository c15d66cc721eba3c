"""Where a file's top-level statements stand and what they bind: enough to parse them one by one.

A library's file is read for a few of its statements. With its outline from an earlier reading the
rest is never parsed.
"""

from __future__ import annotations

from typing import TypeAlias

from conv_lsp.source.statements import Piece, Statement
from conv_lsp.source.version import Source, plain

Outline: TypeAlias = list[list[object]]
"""For each piece: characters since the last one, its length, the length of its head, and the names
that each of its statements binds. Plain JSON."""


def outline_of(source: Source) -> Outline | None:
    """The outline of a text that parses; None of one that does not."""
    if source.errors:
        return None
    found: Outline = []
    at = 0
    for piece in source.pieces:
        start = source.text.index(piece.text, at)
        names = [list(statement.names) for statement in piece.statements]
        found.append([start - at, len(piece.text), len(piece.head), *names])
        at = start + len(piece.text)
    return found


def outlined(path: str, text: str, outline: object) -> Source | None:
    """The source of a text with this outline, nothing of it parsed yet; None if it has another."""
    text = plain(text)
    if not isinstance(outline, list):
        return None
    pieces: list[Piece] = []
    at, line = 0, 1
    for entry in outline:
        match entry:
            case [int(skipped), int(length), int(head), list(), *_] if (
                skipped >= 0 and 0 < head <= length and at + skipped + length <= len(text)
            ):
                line += text.count("\n", at, at + skipped)
                at += skipped
                piece = _piece(path, text[at : at + length], head, entry[3:])
                if piece is None:
                    return None
                piece.place(line)
                pieces.append(piece)
                line += text.count("\n", at, at + length)
                at += length
            case _:
                return None
    return Source(path, text, tuple(pieces))


def _piece(path: str, text: str, head: int, bound: list[object]) -> Piece | None:
    statements: list[Statement] = []
    for index, names in enumerate(bound):
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return None
        statements.append(Statement(path, text, None, names=tuple(names), index=index))
    return Piece(text, text[:head], tuple(statements), None)
