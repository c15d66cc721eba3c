"""torch.einsum in all its forms."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._numbers import laid_out, typed
from tests.ops.table import together

SIZES = {"i": 2, "j": 3, "k": 1, "b": 2, "A": 4, "Z": 3}
LETTERS = st.lists(st.sampled_from("ijkbAZ"), max_size=3)


@st.composite
def fitting(draw_: Any) -> Any:
    """Terms, and a tensor for each whose sizes are mostly those of the letters."""
    count = draw_(st.integers(1, 3))
    terms, made = [], []
    kind = draw_(typed("ffffffihb" if count < 3 else "fh"))
    hidden = draw_(st.lists(st.integers(1, 3), max_size=2))
    for _ in range(count):
        letters = draw_(LETTERS)
        shape = [SIZES[c] for c in letters]
        if not draw_(st.integers(0, 9)):
            shape = [draw_(st.sampled_from([n, 1, 3])) for n in shape]
        if not draw_(st.integers(0, 3)):
            at = draw_(st.integers(0, len(letters)))
            more = hidden[draw_(st.integers(0, len(hidden))) :]
            letters, shape = (
                [*letters[:at], "...", *letters[at:]],
                [*shape[:at], *more, *shape[at:]],
            )
        if not draw_(st.integers(0, 19)):
            shape = [*shape, 2]
        terms.append(letters)
        one = draw_(laid_out(shape, "f"))
        other = count < 3 and not draw_(st.integers(0, 9))
        made.append(one.to(draw_(typed("fib")) if other else kind))
    return terms, made


@st.composite
def result_of(draw_: Any, terms: list[list[str]]) -> Any:
    """The letters of a result, mostly of those that there are."""
    every = sorted({c for term in terms for c in term})
    chosen = draw_(st.lists(st.sampled_from(every or ["i"]), max_size=4, unique=True))
    if not draw_(st.integers(0, 9)):
        chosen = [*chosen, draw_(st.sampled_from(["i", "q", "..."]))]
    return chosen


@st.composite
def equations(draw_: Any) -> Any:
    """An equation as text, with blanks and mistakes here and there."""
    terms, made = draw_(fitting())
    text = ",".join("".join(term) for term in terms)
    if draw_(st.integers(0, 2)):
        text += "->" + "".join(draw_(result_of(terms)))
    if not draw_(st.integers(0, 4)):
        at = draw_(st.integers(0, len(text)))
        text = text[:at] + draw_(st.sampled_from([" ", " ", "1", ".", "->", ",", "\t"])) + text[at:]
    if not draw_(st.integers(0, 9)):
        made.append(torch.ones(2))
    return [text, made] if draw_(st.booleans()) else [text, *made]


@st.composite
def sublists(draw_: Any) -> Any:
    """Numbers in the place of letters."""
    terms, made = draw_(fitting())
    wrong = draw_(st.sampled_from([None] * 9 + [52, -1, 0.5]))

    def numbered(letters: list[str]) -> list[Any]:
        numbers = [... if c == "..." else "ijkbAZq".index(c) * 8 for c in letters]
        return numbers if wrong is None else [*numbers, wrong]

    pairs = [part for term, one in zip(terms, made, strict=True) for part in (one, numbered(term))]
    return [*pairs, numbered(draw_(result_of(terms)))] if draw_(st.booleans()) else pairs


together("torch.einsum", equations())
together("torch.einsum", sublists())
