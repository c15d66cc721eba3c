"""Comments that tell a shape, as people write them: (N, 64, 56, 56), [B, C, H, W], 64x56x56,
N x 64 x 56 x 56, and arrows between them. What is not plainly a shape is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Style: TypeAlias = Literal["brackets", "commas", "x", "spaced x"]

ARROW: Final = re.compile(r"-{1,2}>|={1,2}>|→|⟶|⇒")
PREFIX: Final = re.compile(
    r"(?:(?P<said>(?:output|out|final|new|result(?:ing)?|now)?[ _]?(?:shape|size|dims?)|output|out"
    r"|now|state size)\b\.?\s*(?:is\b|[:=])?|(?P<name>[A-Za-z_][\w.]*?)(?:\.shape|\s+shape)?\s*[:=])"
    r"\s*(?=[(\[{\dA-Za-z])"
)
NUMBER: Final = re.compile(r"\d{1,9}")
SYMBOL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_']{0,20}")
PLAIN: Final = re.compile(r"-1|\?|\.\.\.|\*")
COMPUTED: Final = re.compile(r"(?!.*\w\s+\w)[\w\s()+\-*/']{1,30}")
MOST: Final = 6
"""Axes of a shape in a comment."""


@dataclass(frozen=True, slots=True)
class Size:
    """One size: a number, or a text that is no number; its place among the comment's characters."""

    text: str
    number: int | None
    start: int

    @property
    def symbol(self) -> bool:
        """Whether it is a name alone."""
        return self.number is None and SYMBOL.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Told:
    """A shape that a comment tells: of the result, where there are arrows.

    name: of what, if it says so. before: the shapes before the last arrow.
    """

    sizes: tuple[Size, ...]
    style: Style
    name: str = ""
    before: tuple[tuple[Size, ...], ...] = ()

    @property
    def numbers(self) -> list[int]:
        """The sizes that are numbers."""
        return [size.number for size in self.sizes if size.number is not None]


def read(comment: str) -> Told | None:
    """The shape that a comment tells; None if it is not plainly one."""
    if not any(char.isdigit() for char in comment) or len(comment) > 120:
        return None
    start = len(comment) - len(comment.lstrip("#! "))
    end = len(comment.rstrip(" .;,"))
    name = ""
    prefix = PREFIX.match(comment, start, end)
    if prefix:
        start, name = prefix.end(), prefix["name"] or ""
    parts: list[tuple[tuple[Size, ...], Style]] = []
    for match in [*ARROW.finditer(comment, start, end), None]:
        stop = end if match is None else match.start()
        part = segment(comment, start, stop)
        if part is None:
            return None
        parts.append(part)
        start = stop if match is None else match.end()
    sizes, style = parts[-1]
    return Told(sizes, style, name, tuple(before for before, _ in parts[:-1]))


def segment(comment: str, start: int, end: int) -> tuple[tuple[Size, ...], Style] | None:
    """The sizes between two places of a comment."""
    while start < end and comment[start] == " ":
        start += 1
    while start < end and comment[end - 1] == " ":
        end -= 1
    text = comment[start:end]
    style: Style
    if text[:1] in ("(", "[", "{") and closes(text) == len(text) - 1:
        start, text, style = start + 1, text[1:-1], "brackets"
        pattern = r"," if "," in text else r"\s+[xX×*]\s+|×"
    elif "," in text:
        pattern, style = r",", "commas"
    elif re.search(r"\s[xX×]\s", text):
        pattern, style = r"\s+[xX×]\s+", "spaced x"
    else:
        pattern, style = r"(?<=[\w)])[xX×](?=[\w(])", "x"
        if not re.fullmatch(r"(?:\d+|[A-Z])(?:[x×](?:\d+|[A-Z]))+", text):
            return None
    sizes: list[Size] = []
    at = 0
    for match in [*re.finditer(pattern, text), None]:
        stop = len(text) if match is None else match.start()
        if match is None and not text[at:].strip() and len(sizes) > 1:
            break  # a comma at the end
        size = size_of(text[at:stop], start + at)
        if size is None:
            return None
        sizes.append(size)
        at = stop if match is None else match.end()
    least = 3 if style == "commas" else 2
    return (tuple(sizes), style) if least <= len(sizes) <= MOST else None


def closes(text: str) -> int:
    """Where the bracket that opens a text is closed; -1 if nowhere."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return index
    return -1


def size_of(text: str, start: int) -> Size | None:
    """A size with its place; None if it is none."""
    start += len(text) - len(text.lstrip())
    text = text.strip()
    inner = text[1:-1].strip() if text[:1] == "(" and closes(text) == len(text) - 1 else text
    if NUMBER.fullmatch(inner):
        return Size(inner, int(inner), start + text.index(inner))
    if re.fullmatch(r"\d+(?:\s*\*\s*\d+)+", inner):
        number = 1
        for factor in inner.split("*"):
            number *= int(factor)
        return Size(inner, number, start + text.index(inner))
    if SYMBOL.fullmatch(inner) or PLAIN.fullmatch(inner):
        return Size(inner, None, start)
    return Size(inner, None, start) if COMPUTED.fullmatch(inner) else None
