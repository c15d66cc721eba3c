"""Cutting a file into its top-level statements."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from conv_lsp.source.lexing import lexemes
from conv_lsp.source.statements import ParseError, Piece, Statement, no_node, parse_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BROKEN = 50
"""Statements of one version that are tried and do not parse; past it the rest is not tried."""

MAX_ALIKE = 8
"""Old statements with the same first lines that are compared with a new one."""

# A line at column 0 (a form feed resets the column) that can begin a statement.
_START = re.compile(
    r"^(?:[ \t]*\f)*(?![\s#)\]}\\]|\Z|(?:else|elif|except|finally)\b)", re.MULTILINE | re.ASCII
)
# What begins a statement and never a line of an expression, or of prose.
_DEFINITION = re.compile(
    r"(?:@\w|(?:async\s+)?def\s+\w|class\s+\w|import\s+\w|from\s+[\w.]+\s+import\b"
    r"|(?:return|while|with|try|raise|del|assert|global|pass)\b.*[:\w)]$)",
    re.MULTILINE,
)
_ASSIGNMENT = re.compile(r"[\w.]+(?:\s*:\s*[\w.\[\], ]+)?\s*=(?!=).*[^\s,(\[{\\]$", re.MULTILINE)
_NAMED = re.compile(r"(?:@.*\n(?:[ \t#].*\n|\n|\))*)*(?:async\s+)?(def|class)\s+(\w+)")


class Cutter:
    """Cuts one text at the lines that begin a statement and parses each piece by itself.

    A piece that parses by itself is a whole statement: every open string, bracket or backslash at
    the cut would have been an error. Only one that does not is looked at for an open end.
    """

    def __init__(self, path: str, text: str, previous: Sequence[Piece]) -> None:
        self.path = path
        self.text = text
        self.starts = _starts(text)
        self.old: list[Piece | None] = [piece.good for piece in previous]
        self.heads: dict[str, list[int]] = {}
        for index, piece in enumerate(self.old):
            if piece is not None:
                self.heads.setdefault(piece.head, []).append(index)
        self.budget = 4 * len(text) + 100_000  # characters looked at for open ends
        self.broken = 0

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        taken: list[int | None] = []  # for each piece found, the one of `old` it is
        line = 1
        index = at = 0
        while index < len(self.starts) - 1:
            start = self.starts[index]
            line += self.text.count("\n", at, start)
            at = start
            piece, old, index = self._piece(index)
            if piece is not None:
                piece.place(line)
                found.append(piece)
                taken.append(old)
        self._stand_in(found, taken)
        return found

    def _piece(self, index: int) -> tuple[Piece | None, int | None, int]:
        """The piece that begins at a start, which old piece it is, and the start after it."""
        starts, text = self.starts, self.text
        stop = index + 1
        while stop < len(starts) - 1 and _first(text, starts[stop - 1]) == "@":
            stop += 1
        head = self._between(index, stop)
        for position, old in enumerate(self.heads.get(head, ())[:MAX_ALIKE]):
            known = self.old[old]
            end = self._ends(index, known) if known is not None else None
            if end is not None:
                self.heads[head].pop(position)
                return known, old, end
        if self.broken > MAX_BROKEN:
            return self._not_tried(index, stop, head)
        body = parse_statements(head)
        if not isinstance(body, ParseError):
            return self._good(head, head, body), None, stop
        end, cut = self._close(index)
        last = max(stop, cut or end or stop)
        text = head
        for at in dict.fromkeys((end or last, last)):
            text = self._between(index, at)
            again = body if at == stop else parse_statements(text)
            if not isinstance(again, ParseError):
                return self._good(text, head, again), None, at
            error = again
        self.broken += 1
        return self._bad(text, head, error), None, last

    def _between(self, index: int, stop: int) -> str:
        return self.text[self.starts[index] : _code_end(self.text, self.starts, index, stop)]

    def _ends(self, index: int, known: Piece) -> int | None:
        """Where `known` ends if it stands at this start, as it stood before."""
        start = self.starts[index]
        if not self.text.startswith(known.text, start):
            return None
        stop = bisect_left(self.starts, start + len(known.text))
        end = _code_end(self.text, self.starts, index, stop)
        return stop if end == start + len(known.text) else None

    def _good(self, text: str, head: str, body: list[ast.stmt]) -> Piece | None:
        if not body:
            return None
        statements = tuple(Statement(self.path, text, node) for node in body)
        return Piece(text, head, statements, None)

    def _bad(self, text: str, head: str, error: ParseError) -> Piece:
        return Piece(text, head, (Statement(self.path, text, no_node(), broken=True),), error)

    def _not_tried(self, index: int, stop: int, head: str) -> tuple[Piece, None, int]:
        while stop < len(self.starts) - 1 and self._between(stop, stop + 1) not in self.heads:
            stop += 1
        error = ParseError("not read: too many statements above do not parse", 1, 0)
        return self._bad(self._between(index, stop), head, error), None, stop

    def _close(self, index: int) -> tuple[int | None, int | None]:
        """Where the logical line that begins here has closed its strings and brackets, and the
        first start inside them that looks like another statement; None where there is none.
        """
        text, starts = self.text, self.starts
        begin, stop, last = starts[index], index + 1, len(starts) - 1
        depth = 0
        cut: int | None = None
        for kind, a, b in lexemes(text, begin):
            while stop < last and starts[stop] <= a:
                if depth == 0 and not text.endswith("\\\n", begin, starts[stop]):
                    if _first(text, begin) != "@":
                        self.budget -= a - starts[index]
                        return stop, cut
                    begin = starts[stop]
                elif depth and _DEFINITION.match(text, starts[stop]):
                    self.budget -= a - starts[index]
                    return None, cut or stop  # no expression has such a line: left open
                elif cut is None and self._begins(stop):
                    cut = stop
                stop += 1
            if kind in "([{":
                depth += 1
            elif kind in ")]}":
                depth = max(0, depth - 1)
            while stop < last and starts[stop] < b:
                if cut is None and self._begins(stop):
                    cut = stop
                stop += 1
            left_open = len(kind) == 3 and kind != "end" and not text.endswith(kind, a + 3, b)
            if left_open or a - starts[index] > self.budget:
                depth = 1
                break
        self.budget -= len(text) - starts[index]
        return (None if depth else last), cut

    def _begins(self, index: int) -> bool:
        at = self.starts[index]
        return (
            _DEFINITION.match(self.text, at) is not None
            or _ASSIGNMENT.match(self.text, at) is not None
            or self._between(index, index + 1) in self.heads
        )

    def _stand_in(self, found: list[Piece], taken: list[int | None]) -> None:
        """Give every broken piece the old piece that stood in its place."""
        if not self.old or not self.broken:
            return
        used = {index for index in taken if index is not None}
        named = {_name(p.text) for p in found if not p.error}
        for position, piece in enumerate(found):
            if not piece.error:
                continue
            low = next((i for i in reversed(taken[:position]) if i is not None), -1)
            high = next((i for i in taken[position:] if i is not None), len(self.old))
            gap = [(i, p) for i in range(low + 1, high) if i not in used and (p := self.old[i])]
            name = _name(piece.text)
            same = [(i, p) for i, p in gap if name is not None and _name(p.text) == name]
            free = [(i, p) for i, p in gap if _name(p.text) not in named or not _name(p.text)]
            for i, good in (same or free)[:1]:
                piece.borrow(good)
                used.add(i)


def _starts(text: str) -> list[int]:
    """Offsets of the lines that begin a statement, and the text's length."""
    starts = [match.start() for match in _START.finditer(text)]
    at = 0
    for line in text[: starts[0] if starts else len(text)].split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            starts.insert(0, at)  # indented code or a stray bracket at the top
            break
        at += len(line) + 1
    starts.append(len(text))
    return starts


def _first(text: str, start: int) -> str:
    """The first character of a statement."""
    return text[start : start + 20].lstrip(" \t\f")[:1] if text[start] in " \t\f" else text[start]


def _code_end(text: str, starts: Sequence[int], index: int, stop: int) -> int:
    """Where the code between two starts ends: without the blank and comment lines after it."""
    end = starts[stop]
    while True:
        newline = text.rfind("\n", starts[index], end)
        if newline < 0:
            return end
        line = text[text.rfind("\n", 0, newline) + 1 : newline]
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            return min(end + 1, starts[stop])  # a backslash needs a line after it
        line = text[newline + 1 : end].strip(" \t\f")
        if line and line[0] != "#":
            return end
        end = newline


def _name(text: str) -> tuple[str, str] | None:
    match = _NAMED.match(text)
    return (match[1], match[2]) if match else None
