"""Lines, edits and columns, against the definition: the text as units of the encoding."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types as t

from conv_lsp.lsp.text import Encoding, Lines, line_map, split_lines, well_formed

PIECES = ["a", "bc", "\n", "\r", "\r\n", "\f", "\u2028", "\x1c", "\x85", "é", "漢", "😀", " "]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
ENCODINGS: list[Encoding] = ["utf-8", "utf-16", "utf-32"]
UNIT = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def units(text: str, encoding: Encoding) -> int:
    codec = encoding if encoding == "utf-8" else f"{encoding}-le"
    return len(text.encode(codec)) // UNIT[encoding]


def position(text: str, offset: int, encoding: Encoding) -> t.Position:
    """The protocol's position of an offset, straight from its definition."""
    before = text[:offset]
    if before.endswith("\r") and text[offset : offset + 1] == "\n":
        before = before[:-1]  # no position lies between the two
    ends = list(re.finditer(r"\r\n|\r|\n", before))
    start = ends[-1].end() if ends else 0
    return t.Position(len(ends), units(before[start:], encoding))


@given(TEXTS)
def test_lines_join_to_the_text_and_end_at_line_ends_only(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert len(lines) == len(re.split(r"\r\n|\r|\n", text))


@settings(max_examples=300)
@given(TEXTS, TEXTS, st.data(), st.sampled_from(ENCODINGS))
def test_an_edit_changes_what_it_says(
    text: str, new: str, data: st.DataObject, encoding: Encoding
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if any(text[at - 1 : at + 1] == "\r\n" for at in (start, end)):
        return
    where = t.Range(position(text, start, encoding), position(text, end, encoding))
    edited = Lines.of(text, encoding).edited([t.TextDocumentContentChangePartial(where, new)])
    assert edited.text == text[:start] + new + text[end:]
    assert list(edited.lines) == split_lines(edited.text)


@given(TEXTS, st.data(), st.sampled_from(ENCODINGS))
def test_columns_go_both_ways(text: str, data: st.DataObject, encoding: Encoding) -> None:
    lines = Lines.of(text, encoding)
    number = data.draw(st.integers(0, len(lines.lines) - 1))
    content = lines.lines[number].rstrip("\r\n")
    before = content[: data.draw(st.integers(0, len(content)))]
    column, character = len(before.encode()), units(before, encoding)
    assert lines.byte_column(number, character) == column
    assert lines.character(number, column) == character


def test_a_position_past_the_end_is_the_end() -> None:
    lines = Lines.of("ab\ncd", "utf-16")
    past = t.Range(t.Position(0, 99), t.Position(99, 99))
    assert lines.edited([t.TextDocumentContentChangePartial(past, "!")]).text == "ab!"
    assert lines.character(0, 99) == 2
    assert lines.character(99, 1) == 0
    assert lines.byte_column(99, 1) == 0


def test_half_a_surrogate_pair_is_rounded_down() -> None:
    assert Lines.of("😀x", "utf-16").byte_column(0, 1) == 0
    assert Lines.of("😀x", "utf-16").byte_column(0, 2) == 4


def test_lone_surrogates_keep_their_place() -> None:
    text = "a\ud83db"
    assert well_formed(text) == "a\ufffdb"
    assert Lines.of(text, "utf-16").text == "a\ufffdb"
    assert units(well_formed(text), "utf-16") == 3


def test_a_change_without_a_range_is_the_whole_text() -> None:
    changes: list[t.TextDocumentContentChangeEvent] = [
        t.TextDocumentContentChangeWholeDocument("x = 1\n"),
        t.TextDocumentContentChangePartial(t.Range(t.Position(0, 0), t.Position(0, 1)), "yy"),
    ]
    assert Lines.of("old", "utf-8").edited(changes).text == "yy = 1\n"


def test_lines_outside_an_edit_keep_their_place() -> None:
    old = Lines.of("a\nb\nc\nd\n", "utf-8")
    new = Lines.of("a\nB\nB\nc\nd\n", "utf-8")
    assert line_map(old, new) == {1: 1, 3: 4, 4: 5, 5: 6}


@given(TEXTS, TEXTS)
def test_a_mapped_line_is_the_same_line(one: str, two: str) -> None:
    old, new = Lines.of(one, "utf-8"), Lines.of(two, "utf-8")
    kept = line_map(old, new)
    assert all(old.lines[a - 1] == new.lines[b - 1] for a, b in kept.items())
    assert len(set(kept.values())) == len(kept)
