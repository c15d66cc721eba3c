"""The text of an open document, and positions in the units that the client counts in.

A line ends at "\\n", "\\r\\n" or "\\r" and nowhere else. `str.splitlines` also ends one at a form
feed or U+2028, after which an edit would land on the wrong line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lsprotocol import types

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends. Never empty; the last line has no end."""
    if "\r" not in text:
        lines = [line + "\n" for line in text.split("\n")]
        lines[-1] = lines[-1][:-1]
        return lines
    lines = _LINE.findall(text)
    if not lines or lines[-1][-1] in "\r\n":
        lines.append("")
    return lines


def well_formed(text: str) -> str:
    """The text with lone surrogates, which JSON can carry and UTF-8 cannot, replaced.

    U+FFFD takes as many units in every encoding, so no position moves.
    """
    return _LONE_SURROGATES.sub("\ufffd", text)


@dataclass(frozen=True)
class Lines:
    """One version of a text, as lines with their ends, and the client's way to count columns."""

    lines: tuple[str, ...]
    encoding: Encoding

    @classmethod
    def of(cls, text: str, encoding: Encoding) -> Lines:
        return cls(tuple(split_lines(well_formed(text))), encoding)

    @cached_property
    def text(self) -> str:
        return "".join(self.lines)

    def edited(self, changes: Sequence[types.TextDocumentContentChangeEvent]) -> Lines:
        """The version after the changes, each of which speaks of the result of the one before."""
        result = self
        for change in changes:
            where = getattr(change, "range", None)
            if where is None:
                result = Lines.of(change.text, self.encoding)
            else:
                result = result._replaced(where, well_formed(change.text))
        return result

    def _replaced(self, where: types.Range, new: str) -> Lines:
        (start, start_at), (end, end_at) = sorted(
            (self._index(where.start), self._index(where.end))
        )
        # One line more on either side: the edit may join a "\r" and a "\n", or part them.
        first, last = max(start - 1, 0), min(end + 2, len(self.lines))
        before = "".join(self.lines[first:start]) + self.lines[start][:start_at]
        after = self.lines[end][end_at:] + "".join(self.lines[end + 1 : last])
        middle = split_lines(before + new + after)
        if last < len(self.lines) and not middle[-1]:
            middle.pop()
        lines = (*self.lines[:first], *middle, *self.lines[last:])
        return Lines(lines, self.encoding)

    def _index(self, position: types.Position) -> tuple[int, int]:
        """Line and code point of a client's position, kept inside the text."""
        if position.line >= len(self.lines):
            return len(self.lines) - 1, len(self.lines[-1])
        content = self.lines[max(position.line, 0)].rstrip("\r\n")
        return max(position.line, 0), _code_points(content, position.character, self.encoding)

    def byte_column(self, line: int, character: int) -> int:
        """The UTF-8 byte column of a client's column on a 0-based line."""
        if not 0 <= line < len(self.lines):
            return 0
        content = self.lines[line].rstrip("\r\n")
        return len(content[: _code_points(content, character, self.encoding)].encode())

    def character(self, line: int, column: int) -> int:
        """The client's column of a UTF-8 byte column on a 0-based line."""
        if not 0 <= line < len(self.lines):
            return 0
        content = self.lines[line].rstrip("\r\n")
        if content.isascii() or self.encoding == "utf-8":
            return min(max(column, 0), len(content.encode()))
        before = content.encode()[: max(column, 0)].decode(errors="ignore")
        return _units(before, self.encoding)


NOTHING = Lines(("",), "utf-8")


def line_map(old: Lines, new: Lines) -> dict[int, int]:
    """Where the lines went that an edit left as they were: 1-based old line to new line.

    Lines before the first difference and after the last one; what lies between is not known.
    """
    if old is new or old.lines == new.lines:
        return {line: line for line in range(1, len(old.lines) + 1)}
    a, b = old.lines, new.lines
    shorter = min(len(a), len(b))
    top = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    rest = shorter - top
    bottom = next((i for i in range(rest) if a[-1 - i] != b[-1 - i]), rest)
    kept = {line: line for line in range(1, top + 1)}
    shift = len(b) - len(a)
    kept.update({line: line + shift for line in range(len(a) - bottom + 1, len(a) + 1)})
    return kept


def _units(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32":
        return len(text)
    return len(text.encode("utf-16-le")) // 2


def _code_points(line: str, units: int, encoding: Encoding) -> int:
    """How many code points lie wholly before a column; a column past the end is the end."""
    units = max(units, 0)
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    if encoding == "utf-8":
        return len(line.encode()[:units].decode(errors="ignore"))
    return len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore"))
