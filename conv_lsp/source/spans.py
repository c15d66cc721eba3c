"""Places in a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file."""

    path: str
    line: int
    col: int
    end_line: int
    end_col: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the text that cannot be read, and what would be accepted."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, `#` included; `alone` if nothing else stands on its line."""

    span: Span
    text: str
    alone: bool


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
