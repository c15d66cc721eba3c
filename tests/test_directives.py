"""Comments that speak to the program, and the shapes they give."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.source import (
    IgnoreDirective,
    InputDirective,
    ShapeClaim,
    ShapeTextError,
    Source,
    Span,
    SwitchDirective,
    parse_shape,
)


def directives(text: str) -> list[object]:
    source = Source.parse("a.py", text)
    return [*source.directives, *(problem.message for problem in source.directive_problems)]


def test_directives_are_read() -> None:
    text = (
        "# conv-lsp: input (N, 3, 224, 224), (N, 10)\n"
        "class A: pass  # noqa  #conv-lsp: ignore[conv-channels, cat-sizes]\n"
        "x = '# conv-lsp: off'  # conv-lsp: ignore  # as it is\n"
        "# conv-lsp: off\n"
        "# conv-lsp: on\n"
        "y = 1  # shape: (N, 64, H//2, (W + 1)//2) after pooling\n"
        "# conv-lsp: input 1x3x32x32\n"
    )
    first, second, third, off, on, claim, last = directives(text)
    assert first == InputDirective(Span("a.py", 1, 0, 1, 43), (("N", 3, 224, 224), ("N", 10)))
    assert isinstance(second, IgnoreDirective)
    assert second.codes == ("conv-channels", "cat-sizes")
    assert second.span == Span("a.py", 2, 23, 2, 66)
    assert isinstance(third, IgnoreDirective)
    assert third.codes == ()
    assert isinstance(off, SwitchDirective)
    assert isinstance(on, SwitchDirective)
    assert [off.on, on.on] == [False, True]
    assert isinstance(claim, ShapeClaim)
    assert claim.shape == ("N", 64, "H//2", "(W + 1)//2")
    assert claim.span == Span("a.py", 6, 16, 6, 41)
    assert isinstance(last, InputDirective)
    assert last.shapes == ((1, 3, 32, 32),)


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# conv-lsp: inptu (N, 3)", "did you mean 'input'.*accepted: input"),
        ("# conv-lsp:", "unknown directive ''; accepted"),
        ("# conv-lsp input (1, 3)", "a colon is missing"),
        ("# conv-lsp: input", "a shape is missing"),
        ("# conv-lsp: input (1, 3", "no closing '\\)'"),
        ("# conv-lsp: input (1, 3 5)", "place 2 '3 5' is no size; write whole"),
        ("# conv-lsp: input (1, 3) x=2", "x=2"),
        ("# conv-lsp: ignore conv-channels", r"ignore\[conv-channels\]"),
        ("# conv-lsp: ignore[]", "rule codes"),
        ("# conv-lsp: off please", "nothing is accepted after 'off'"),
        ("x = 1  # shape: (N, 3, H/2)", "place 3 'H/2' is no size"),
    ],
)
def test_a_slip_in_a_directive_is_told(comment: str, said: str) -> None:
    (message,) = directives(comment)
    assert isinstance(message, str)
    assert re.search(said, message)


@pytest.mark.parametrize(
    "comment", ["# conv-lsp is a tool", "# shape: as above", "# the shape: (N, 3)", "# (N, 3)"]
)
def test_a_sentence_is_no_directive(comment: str) -> None:
    assert directives(comment) == []


def test_a_directive_alone_speaks_of_the_next_code() -> None:
    source = Source.parse(
        "a.py", "# conv-lsp: ignore\n# why\n\nx = 1\ny = 2  # conv-lsp: ignore\n# conv-lsp: ignore"
    )
    assert [source.subject_line(d) for d in source.directives] == [4, 5, 6]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("(N, 3, 224, 224)", ("N", 3, 224, 224)),
        ("[1, 3]", (1, 3)),
        (" 1,3,32,32 ", (1, 3, 32, 32)),
        ("1x3x32x32", (1, 3, 32, 32)),
        ("1 x 3 x h", (1, 3, "h")),
        ("NxCx32", ("N", "C", 32)),
        ("1×3", (1, 3)),
        ("max", ("max",)),
        ("(5,)", (5,)),
        ("5", (5,)),
        ("()", ()),
        ("(batch_size, 0)", ("batch_size", 0)),
    ],
)
def test_shapes_are_read(text: str, shape: tuple[int | str, ...]) -> None:
    assert parse_shape(text) == shape


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "missing"),
        ("(1, 3", "no closing"),
        ("(1, 3]", "no closing"),
        ("(1,, 3)", "place 2 there is nothing"),
        ("(1, -3)", "size 2 is -3"),
        ("(1, 3.5)", "place 2 '3.5'"),
        ("(1, lambda)", "place 2 'lambda'"),
        ("(1, H//2)", "place 2 'H//2'"),
        ("(1, ٣)", "place 2"),
        ("(" + "9" * 5000 + ")", "too large"),
        ("1," * 100, "at most 64"),
        ("(1, 2) (3)", "after it"),
    ],
)
def test_what_is_no_shape_is_told(text: str, said: str) -> None:
    with pytest.raises(ShapeTextError, match=said):
        parse_shape(text)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text(alphabet="0123N x×,()[]-+*/%.é'\"\\", max_size=20), st.booleans())
def test_any_shape_text_is_read_or_refused(text: str, expressions: bool) -> None:
    try:
        shape = parse_shape(text, expressions)
    except ShapeTextError:
        return
    assert all(isinstance(size, (int, str)) for size in shape)
