"""Broken text: every case cut off at every line, and with tokens missing. Nothing raises, and every
answer comes in time."""

from __future__ import annotations

import io
import os
import random
import time
import tokenize
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.analysis import Analysis, Options, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.project import Project
from conv_lsp.source import Source
from tests.harness import CASES, Case, cases, name

STEPS = 20_000
SECONDS = 8
"""For one analysis of so many steps. It is generous: the machine may be busy."""

ORDINARY = [path for path in cases() if path.parent.name != "hostile"]
"""The hostile ones have a test of their own, each in its own process."""


@cache
def project(folder: Path) -> Project:
    return Project(folder, Settings())


def answer(path: Path, text: str, options: Options, previous: Source | None = None) -> Analysis:
    """The analysis of a text in the place of a file; fails if it is slow or has gone wrong inside."""
    files = project(path.parent)
    source = Source.parse(str(path), text, previous)
    files.source(path)
    before = time.perf_counter()
    analysis = analyze(source, files, options)
    assert time.perf_counter() - before < SECONDS
    internal = [f for f in analysis.findings if f.rule.code == "internal-error"]
    assert not internal, f"{internal}\n{text}"
    return analysis


def options(case: Case) -> Options:
    """As the case is run; the editor's own choice for a script."""
    run = case.runs[0] if case.runs and not case.guessed else None
    return Options((run.expression,), run.inputs, steps=STEPS) if run else Options(steps=STEPS)


def cuts(text: str) -> list[str]:
    """The text up to every line, and up to somewhere inside of it."""
    chance = random.Random(0)
    lines = text.splitlines(keepends=True)
    found = []
    for count in range(len(lines)):
        head = "".join(lines[:count])
        found.append(head)
        found.append(head + lines[count][: chance.randrange(len(lines[count]))])
    return found


CUTS = int(os.environ.get("CONV_LSP_CUTS", "16"))
"""How many of the places where a text is cut off are tried; all take ten minutes."""


@pytest.mark.parametrize("path", ORDINARY, ids=name)
def test_a_text_may_end_anywhere(path: Path) -> None:
    case = Case(path)
    chosen = options(case)

    def work() -> None:
        every = cuts(case.text)
        for text in random.Random(path.stem).sample(every, min(CUTS, len(every))):
            answer(path, text, chosen)
            answer(path, text, Options(steps=STEPS))

    with_deep_stack(work)


TYPED = 100
"""Texts on the way to the whole one that are analysed, at least: a long one has longer ways."""


@pytest.mark.parametrize("path", ORDINARY[::4], ids=name)
def test_typing_it_in_ends_at_the_same_answer(path: Path) -> None:
    """Statements are taken over from text to text; what is left over from one changes nothing."""
    case = Case(path)
    chosen = options(case)

    def work() -> tuple[Analysis, Analysis]:
        source: Source | None = None
        every = cuts(case.text)
        for i, text in enumerate(every):
            source = Source.parse(str(path), text, source)
            if i % max(1, len(every) // TYPED) == 0:
                analyze(source, project(path.parent), chosen)
        return answer(path, case.text, chosen, source), answer(path, case.text, chosen)

    typed, opened = with_deep_stack(work)
    assert facts(opened)
    assert facts(typed) == facts(opened)
    assert typed.findings == opened.findings


def facts(analysis: Analysis) -> list[str]:
    found = analysis.facts.get(analysis.path, {})
    return sorted(
        f"{span} {[repr(r.value) for r in fact.readings]}" for span, fact in found.items()
    )


@cache
def tokens(path: Path) -> list[tokenize.TokenInfo]:
    text = path.read_text("utf-8")
    return [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.string.strip()]


def without(path: Path, gone: set[int]) -> str:
    """A file without some of its tokens."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    for index in sorted(gone, reverse=True):
        token = tokens(path)[index % len(tokens(path))]
        (first, start), (last, end) = token.start, token.end
        if first == last:
            lines[first - 1] = lines[first - 1][:start] + lines[first - 1][end:]
    return "".join(lines)


@settings(derandomize=True, deadline=None, max_examples=600)
@given(st.sampled_from(ORDINARY), st.sets(st.integers(0, 2000), min_size=1, max_size=4))
def test_tokens_may_be_missing(path: Path, gone: set[int]) -> None:
    with_deep_stack(lambda: answer(path, without(path, gone), options(Case(path))))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.sampled_from(ORDINARY),
    st.integers(0, 2000),
    st.sampled_from(
        ["", "(", ")", "]", ":", "=", "*", "**", ",", ".", "0", "-1", "None", "'", "\t"]
    ),
)
def test_tokens_may_be_others(path: Path, place: int, other: str) -> None:
    token = tokens(path)[place % len(tokens(path))]
    lines = path.read_text("utf-8").splitlines(keepends=True)
    row, start = token.start
    end = token.end[1] if token.end[0] == row else len(lines[row - 1]) - 1
    lines[row - 1] = lines[row - 1][:start] + other + lines[row - 1][end:]
    with_deep_stack(lambda: answer(path, "".join(lines), options(Case(path))))


def test_there_are_cases() -> None:
    assert len(cases()) >= 60
    assert len({path.parent for path in cases()}) >= 8
    assert all(path.is_relative_to(CASES) for path in cases())
