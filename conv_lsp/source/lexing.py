"""Strings, brackets and comments of a text, whether or not it parses."""

from __future__ import annotations

import io
import re
import sys
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEXEME = re.compile(r"\"\"\"|'''|[\"'#()\[\]{}]")
_QUOTE_OR_HASH = re.compile(r"\"\"\"|'''|[\"'#]")
_LINE_STRING = {
    '"': re.compile(r'[^"\\\n]*(?:\\.[^"\\\n]*)*"?', re.DOTALL),
    "'": re.compile(r"[^'\\\n]*(?:\\.[^'\\\n]*)*'?", re.DOTALL),
}
_NESTING_STRING = re.compile(r"(?<!\w)[rR]?[fFtT][rR]?[\"']")


def lexemes(
    text: str, at: int, pattern: re.Pattern[str] = _LEXEME
) -> Iterator[tuple[str, int, int]]:
    """Strings, comments and brackets: (first characters, start, end). The last is an empty one at
    the end of the text. A string that is never closed goes to the end of its line, or of the text.
    """
    while match := pattern.search(text, at):
        kind, start, at = match[0], match.start(), match.end()
        if kind == "#":
            at = text.find("\n", at)
            at = len(text) if at < 0 else at
        elif len(kind) == 3:
            at = _triple_end(text, kind, at)
        elif kind in _LINE_STRING:
            closed = _LINE_STRING[kind].match(text, at)
            at = closed.end() if closed else at
        yield kind, start, at
    yield "end", len(text), len(text)


def _triple_end(text: str, quotes: str, at: int) -> int:
    begin = at
    while (at := text.find(quotes, at)) >= 0:
        slash = at
        while slash > begin and text[slash - 1] == "\\":
            slash -= 1
        if (at - slash) % 2 == 0:
            return at + 3
        at += 1
    return len(text)


def comments_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Comments of one statement: (line within it from 0, character column, text)."""
    if "#" not in text:
        return
    if sys.version_info >= (3, 12) and _NESTING_STRING.search(text):
        # Strings may nest in these, which only the tokenizer follows.
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        except (SyntaxError, tokenize.TokenError):
            tokens = []
        for token in tokens:
            if token.type == tokenize.COMMENT:
                yield token.start[0] - 1, token.start[1], token.string
        if tokens:
            return
    line = at = 0
    for kind, start, end in lexemes(text, 0, _QUOTE_OR_HASH):
        if kind == "#":
            line += text.count("\n", at, start)
            at = start
            yield line, start - text.rfind("\n", 0, start) - 1, text[start:end]
