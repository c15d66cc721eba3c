"""One version of one file."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from conv_lsp.source.cutting import Cutter
from conv_lsp.source.directives import Directive, read_directives
from conv_lsp.source.lexing import comments_of
from conv_lsp.source.spans import Comment, Problem, Span, encode
from conv_lsp.source.statements import Piece, Statement, parsing, problem_of

if TYPE_CHECKING:
    from conv_lsp.source.notebook import Cells


def plain(text: str) -> str:
    """The text without a byte order mark, and with one kind of line ends."""
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class Source:
    """One version of one file."""

    def __init__(self, path: str, text: str, pieces: tuple[Piece, ...]) -> None:
        self.path = path
        self.text = text
        self.pieces = pieces
        self.statements = tuple(s for piece in pieces for s in piece.statements)
        self.errors = tuple(problem_of(path, piece) for piece in pieces if piece.error)
        """What does not parse, also where an older version of the statement stands in."""
        self.cells: Cells | None = None
        """Of the joined text of a notebook's file: its cells."""

    @staticmethod
    def parse(path: str, text: str, previous: Source | None = None) -> Source:
        """Read `text`, taking over from `previous` every statement whose text has not changed."""
        text = plain(text)
        if previous is not None:
            if previous.path != path:
                previous = None
            elif previous.text == text:
                return previous
        with parsing():
            pieces = Cutter(path, text, previous.pieces if previous else ()).pieces()
        return Source(path, text, tuple(pieces))

    @staticmethod
    def unreadable(path: str, why: str) -> Source:
        """A file without text, whose one error says why it cannot be read."""
        source = Source(path, "", ())
        source.errors = (Problem(Span(path, 1, 0, 1, 0), why),)
        return source

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")

    def line_text(self, line: int) -> str:
        """A line's text; empty beyond the file."""
        return self.lines[line - 1] if 1 <= line <= len(self.lines) else ""

    def characters(self, line: int, col: int) -> int:
        """How many code points stand before byte column `col`."""
        text = self.line_text(line)
        if text.isascii():
            return min(col, len(text))
        return len(encode(text)[:col].decode("utf-8", "ignore"))

    def column(self, line: int, characters: int) -> int:
        """The byte column after so many code points."""
        return len(encode(self.line_text(line)[:characters]))

    def statement_at(self, line: int) -> Statement | None:
        """The first statement of the piece of text that covers `line`."""
        index = bisect_right(self.pieces, line, key=lambda piece: piece.first_line) - 1
        if index < 0:
            return None
        piece = self.pieces[index]
        inside = line < piece.end_line
        return piece.statements[0] if inside else None

    @cached_property
    def comments(self) -> dict[int, Comment]:
        """Every comment by its line."""
        found: dict[int, Comment] = {}
        if "#" in self.text:
            place = 1
            for piece in self.pieces:
                self._comments_between(place, piece.first_line, found)
                if piece.comments is None:
                    piece.comments = tuple(comments_of(piece.text))
                for line, start, text in piece.comments:
                    self._add_comment(found, piece.first_line + line, start, text)
                place = piece.end_line
            self._comments_between(place, len(self.lines) + 1, found)
        return found

    def _comments_between(self, start: int, stop: int, found: dict[int, Comment]) -> None:
        for line in range(start, stop):
            text = self.lines[line - 1]
            if "#" in text:
                self._add_comment(found, line, text.index("#"), text[text.index("#") :])

    def _add_comment(self, found: dict[int, Comment], line: int, start: int, text: str) -> None:
        before = self.line_text(line)[:start]
        col = len(encode(before))
        span = Span(self.path, line, col, line, col + len(encode(text)))
        found[line] = Comment(span, text, not before.strip())

    @cached_property
    def _read_directives(self) -> tuple[tuple[Directive, ...], tuple[Problem, ...]]:
        good: list[Directive] = []
        bad: list[Problem] = []
        for comment in self.comments.values():
            for item in read_directives(comment):
                if isinstance(item, Problem):
                    bad.append(item)
                else:
                    good.append(item)
        return tuple(good), tuple(bad)

    @property
    def directives(self) -> tuple[Directive, ...]:
        """What comments ask of the analysis, in the order of lines."""
        return self._read_directives[0]

    @property
    def directive_problems(self) -> tuple[Problem, ...]:
        """Comments that are meant for the analysis and cannot be read."""
        return self._read_directives[1]

    def subject_line(self, directive: Directive) -> int:
        """The line a directive speaks of: its own, or the next line of code if it stands alone."""
        line = directive.span.line
        comment = self.comments.get(line)
        while comment is not None and comment.alone and line < len(self.lines):
            line += 1
            while not self.line_text(line).strip() and line < len(self.lines):
                line += 1
            comment = self.comments.get(line)
        return line


class Files(Protocol):
    """The door through which an analysis sees other files."""

    def find(self, module: str) -> Source | None:
        """The source of an absolute dotted module name; of a package, its `__init__`."""
        ...

    def read(self, path: str) -> Source | None:
        """The source of a file."""
        ...

    def is_package(self, module: str) -> bool:
        """Whether the name is a package, with an `__init__` or without."""
        ...
