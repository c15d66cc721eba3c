"""Comments that speak to the analysis."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from conv_lsp.source.shapes import Shape, ShapeTextError, brackets, parse_inputs, parse_shape
from conv_lsp.source.spans import Comment, Problem, Span, encode

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class InputDirective:
    """`# conv-lsp: input (N, 3, 224, 224)`: the inputs of the class or def it stands on or above."""

    span: Span
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class IgnoreDirective:
    """`# conv-lsp: ignore[code, ...]`; without codes it is every rule."""

    span: Span
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SwitchDirective:
    """`# conv-lsp: off` and `# conv-lsp: on`: from this line on."""

    span: Span
    on: bool


@dataclass(frozen=True, slots=True)
class ShapeClaim:
    """`# shape: (N, 64, H//2, W//2)`: a size is a number, a name or a Python expression of both."""

    span: Span
    shape: Shape


Directive: TypeAlias = "InputDirective | IgnoreDirective | SwitchDirective | ShapeClaim"

_MARK = re.compile(r"#\s*conv-lsp\b\s*(:?)\s*", re.IGNORECASE)
_CLAIM = re.compile(r"#\s*shape\s*:\s*(?=[(\[])", re.IGNORECASE)
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_WORDS = ("input", "ignore", "off", "on")
_ACCEPTED = "input (N, 3, 224, 224), ignore, ignore[code], off, on"


def read_directives(comment: Comment) -> Iterator[Directive | Problem]:
    text = comment.text
    if mark := _MARK.search(text):
        item = _directive(comment, mark)
        if item is not None:
            yield item
    elif claim := _CLAIM.search(text):
        written, _ = brackets(text[claim.end() :])
        span = _part(comment, claim.end(), claim.end() + len(written))
        try:
            yield ShapeClaim(span, parse_shape(written, expressions=True))
        except ShapeTextError as error:
            yield Problem(span, str(error))


def _directive(comment: Comment, mark: re.Match[str]) -> Directive | Problem | None:
    text = comment.text
    rest = text[mark.end() :].split("#", 1)[0].rstrip()
    word_match = re.match(r"[\w-]*", rest)
    word = word_match[0] if word_match else ""
    argument = rest[len(word) :].strip()
    span = _part(comment, mark.start(), mark.end() + len(rest))
    if not mark[1]:
        if word in _WORDS:
            return Problem(span, f"a colon is missing: # conv-lsp: {rest}")
        return None  # a sentence about the tool
    if word == "input":
        return _input(span, argument)
    if word == "ignore":
        return _ignore(span, argument)
    if word in ("on", "off") and not argument:
        return SwitchDirective(span, word == "on")
    if word in ("on", "off"):
        return Problem(span, f"nothing is accepted after '{word}', but {argument!r} stands there")
    near = difflib.get_close_matches(word, _WORDS, 1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return Problem(span, f"unknown directive '{word}'; {hint}accepted: {_ACCEPTED}")


def _input(span: Span, argument: str) -> Directive | Problem:
    try:
        return InputDirective(span, parse_inputs(argument))
    except ShapeTextError as error:
        return Problem(span, str(error))


def _ignore(span: Span, argument: str) -> Directive | Problem:
    if not argument:
        return IgnoreDirective(span, ())
    inner = argument[1:-1] if argument[0] == "[" and argument[-1] == "]" else None
    codes = [code.strip() for code in inner.split(",")] if inner is not None else []
    if not codes or not all(_CODE.fullmatch(code) for code in codes):
        return Problem(
            span,
            f"after 'ignore' rule codes are accepted as in ignore[conv-channels], not {argument!r}",
        )
    return IgnoreDirective(span, tuple(codes))


def _part(comment: Comment, start: int, end: int) -> Span:
    at = comment.span
    col = at.col + len(encode(comment.text[:start]))
    return Span(at.path, at.line, col, at.line, col + len(encode(comment.text[start:end])))
