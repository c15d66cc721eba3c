"""Top-level statements, each parsed by itself."""

from __future__ import annotations

import ast
import re
import sys
import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conv_lsp.source.binding import bound_names
from conv_lsp.source.spans import Problem, Span, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Statement:
    """One top-level statement, whose node and text stay the same object while its text does.

    Without `node` and with `names`, it is the statement at `index` in `text`, parsed when asked for.

    `first_line` moves with edits elsewhere in the file; line 1 of `node` is that line. `broken`: the
    text does not parse and nothing stands in for it; `node` is then a `pass`. `stale`: the text in
    the file does not parse, and this is the last version that did.
    """

    __slots__ = (
        *("_index", "_moved", "_names", "_node", "_parts", "_space"),
        *("broken", "first_line", "path", "stale", "text"),
    )

    def __init__(
        self,
        path: str,
        text: str,
        node: ast.stmt | None,
        *,
        broken: bool = False,
        names: tuple[str, ...] | None = None,
        index: int = 0,
    ) -> None:
        self.path = path
        self.text = text
        self.broken = broken
        self._node = node
        self._names = names
        self._index = index
        self._parts: list[tuple[int, int, int]] | None = None
        self._space = 0
        self.place(1)

    @property
    def node(self) -> ast.stmt:
        if self._node is None:
            with parsing():
                body = parse_statements(self.text)
            if isinstance(body, ParseError) or self._index >= len(body):
                self.broken, body = True, [no_node()] * (self._index + 1)
            self._node = body[self._index]
        return self._node

    @property
    def names(self) -> tuple[str, ...]:
        """Names that it binds, or into whose value it writes; `*` for a star import."""
        if self._names is None:
            self._names = tuple(dict.fromkeys(bound_names(self.node)))
        return self._names

    def __repr__(self) -> str:
        return f"<Statement {self.text.splitlines()[0]!r} at line {self.first_line}>"

    def place(self, first_line: int, moved: tuple[int, int, int, int] | None = None) -> None:
        """Set where it stands. `moved` makes it stale: how many lines at the top and at the bottom
        the text in the file shares with this one, the count of lines here and in the file.
        """
        self.first_line = first_line
        self.stale = moved is not None
        self._moved = moved

    def span(self, node: ast.AST) -> Span:
        """The place of `node` in the file; of all its parts if it has no place of its own."""
        start, end = _extent(node) or _extent(self.node) or ((1, 0), (1, 0))
        return Span(self.path, self._line(start[0]), start[1], self._line(end[0]), end[1])

    def is_current(self, node: ast.AST) -> bool:
        """Whether the file still has these lines as they were when `node` was parsed."""
        start, end = _extent(node) or _extent(self.node) or ((1, 0), (1, 0))
        if self._moved is None:
            return True
        top, bottom, old, _ = self._moved
        return self.present(end[0]) <= top or self.present(start[0]) > old - bottom

    def follow(self, other: Statement) -> None:
        """Stand where another statement of the same text stands."""
        self.first_line, self.stale, self._moved = other.first_line, other.stale, other._moved

    def present(self, line: int) -> int:
        """The line of `text` that a node's line is now: nodes may be older than the text."""
        if self._parts is not None:
            for first, last, added in self._parts:
                if first <= line <= last:
                    return line + added
        return line

    def shift(self, top: int, old_end: int, new_end: int, count: int) -> int:
        """Take another text of `count` lines, whose lines after `top` and up to `new_end` stand in
        the place of those up to `old_end`. What to add to the lines of nodes parsed from it.
        """
        if self._parts is None:
            self._space = self.text.count("\n") + 1
            self._parts = [(1, self._space, 0)]
        parts: list[tuple[int, int, int]] = []
        for first, last, added in self._parts:
            above = min(last, top - added)
            below = max(first, old_end + 1 - added)
            if first <= above:
                parts.append((first, above, added))
            if below <= last:
                parts.append((below, last, added + new_end - old_end))
        space = self._space
        self._parts = [*parts, (space + 1, space + count, -space)]
        self._space = space + count
        return space

    def _line(self, line: int) -> int:
        line = self.present(line)
        if self._moved is not None:
            top, bottom, old, new = self._moved
            if line > old - bottom:
                line += new - old
            elif line > top:
                line = max(1, min(line, new - bottom))
        return self.first_line + line - 1


class Piece:
    """Lines that are parsed together: one statement, or several joined by semicolons.

    Text after the last statement (blank lines, comments) belongs to no piece.
    """

    __slots__ = ("comments", "error", "first_line", "head", "stand_in", "statements", "text")

    def __init__(
        self, text: str, head: str, statements: tuple[Statement, ...], error: ParseError | None
    ) -> None:
        self.text = text
        self.head = head  # the text up to the first place where it might have been cut
        self.statements = statements
        self.error = error
        self.first_line = 1
        self.stand_in: Piece | None = None  # last good piece in the place of a broken one
        self.comments: tuple[tuple[int, int, str], ...] | None = None

    @property
    def good(self) -> Piece | None:
        return self.stand_in if self.error else self

    @property
    def end_line(self) -> int:
        """The line after its last one."""
        return self.first_line + self.text.count("\n") + (not self.text.endswith("\n"))

    def place(self, first_line: int) -> None:
        self.first_line = first_line
        for statement in self.statements:
            statement.place(first_line)

    def borrow(self, good: Piece) -> None:
        """Let the statements of `good` stand in for this broken text."""
        self.stand_in, self.statements = good, good.statements
        old, new = good.text.split("\n"), self.text.split("\n")
        top = common_lines(old, new)
        bottom = common_lines(old[top:][::-1], new[top:][::-1])
        for statement in self.statements:
            statement.place(self.first_line, (top, bottom, len(old), len(new)))


@dataclass(frozen=True, slots=True)
class ParseError:
    message: str
    line: int  # within the piece
    col: int


def no_node() -> ast.stmt:
    """What stands for a statement that does not parse."""
    return ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)


_PARSING = threading.Lock()


@contextmanager
def parsing() -> Iterator[None]:
    """Warnings about the user's string escapes are not ours to print. Their filter is global."""
    with _PARSING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parse_statements(text: str) -> list[ast.stmt] | ParseError:
    try:
        return ast.parse(text).body
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), text.count("\n") + 1)
        before = text.split("\n")[line - 1][: max((error.offset or 1) - 1, 0)]
        return ParseError(_worded(text, error.msg), line, len(encode(before)))
    except (RecursionError, MemoryError):
        return ParseError("nested too deeply to be parsed", 1, 0)
    except (ValueError, OverflowError) as error:
        return ParseError(str(error).replace("source code string", "the text"), 1, 0)


# Syntax by the Python version that brought it, and how it shows in a text or in a message.
_NEWER = (
    ((3, 11), "except*", re.compile(r"^\s*except\s*\*", re.MULTILINE), None),
    (
        (3, 12),
        "type statement",
        re.compile(r"^\s*type\s+\w+\s*(?:\[.*\])?\s*=", re.MULTILINE),
        None,
    ),
    (
        (3, 12),
        "type parameters",
        re.compile(r"^\s*(?:(?:async\s+)?def|class)\s+\w+\s*\[", re.MULTILINE),
        None,
    ),
    ((3, 12), "these quotes in an f-string", None, re.compile(r"f-string")),
    ((3, 14), "a template string", re.compile(r"(?<!\w)(?:t|rt|tr)[\"']", re.IGNORECASE), None),
    ((3, 14), "except without parentheses", None, re.compile(r"exception types must be paren")),
)


def _worded(text: str, message: str) -> str:
    """The parser's message, with the Python version named where the syntax may be newer."""
    for version, what, pattern, said in _NEWER:
        if sys.version_info >= version:
            continue
        if (pattern and pattern.search(text)) or (said and said.search(message)):
            running = ".".join(map(str, sys.version_info[:2]))
            return f"{message} ({what}: Python {version[0]}.{version[1]}; this is {running})"
    return message


def problem_of(path: str, piece: Piece) -> Problem:
    error = piece.error
    assert error is not None
    line = piece.first_line + error.line - 1
    text = piece.text.split("\n")[error.line - 1]
    end = max(len(encode(text.rstrip())), 1)
    message = re.sub(
        r"\bline (\d{1,9})\b",
        lambda match: f"line {int(match[1]) + piece.first_line - 1}",
        error.message,
    )
    return Problem(Span(path, line, min(error.col, end - 1), line, end), message)


def common_lines(one: Sequence[str], two: Sequence[str]) -> int:
    count = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        count += 1
    return count


def _extent(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]] | None:
    if isinstance(node, (ast.expr, ast.stmt, ast.arg, ast.keyword, ast.alias, ast.excepthandler)):
        start = (node.lineno, node.col_offset)
        end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return start, end
    parts = [extent for child in ast.iter_child_nodes(node) if (extent := _extent(child))]
    return (min(p[0] for p in parts), max(p[1] for p in parts)) if parts else None
