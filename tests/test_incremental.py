"""An analysis with what the last one left is the same as one that begins with nothing."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conv_lsp.analysis import Analysis, Cache, Options, analyze, with_deep_stack
from conv_lsp.config import Hints, Settings
from conv_lsp.document import document
from conv_lsp.present import hints
from conv_lsp.project import Project
from tests.harness import cases

EDITS = 6
EXAMPLES = sorted((Path(__file__).parent.parent / "docs" / "examples").glob("*.py"))


def said(analysis: Analysis) -> str:
    """Everything that a person or a program can see of an analysis."""
    shown = [(repr(h), h.tooltip) for h in hints(analysis, analysis.path, Hints())]
    found = [
        repr((f.rule.code, f.span, f.message, f.severity, f.related)) for f in analysis.findings
    ]
    runs = [(run.label, run.origin, run.stopped) for run in analysis.runs]
    return json.dumps([document(analysis), shown, found, runs], indent=0)


def edited(text: str, chance: random.Random) -> str:
    """The text after one small edit, which may break it."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(7):
        case 0:
            return "\n" + text
        case 1:
            lines[at] += "  # a remark"
        case 2:
            lines.insert(at, "# a line of its own")
        case 3:
            del lines[at]
        case 4:
            lines.insert(at, lines[at])
        case _:
            numbers = list(re.finditer(r"\b\d+\b", text))
            if numbers:
                number = chance.choice(numbers)
                other = str(chance.choice((1, 2, 3, 5, 8, int(number[0]) + 1)))
                return text[: number.start()] + other + text[number.end() :]
    return "\n".join(lines)


def versions(text: str, chance: random.Random) -> Iterator[str]:
    """A file as it is edited: now and then an edit is taken back."""
    before = [text]
    yield text
    for _ in range(EDITS):
        text = before.pop() if len(before) > 1 and not chance.randrange(3) else text
        before.append(text)
        text = edited(text, chance)
        yield text


@pytest.mark.parametrize(
    "path",
    [*(p for p in cases() if p.parent.name != "hostile"), *EXAMPLES],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_what_is_kept_changes_nothing(path: Path) -> None:
    project, cache, options = Project(path.parent, Settings()), Cache(), Options(steps=60_000)

    def both(text: str) -> tuple[str, str]:
        project.open(path, text)
        source = project.source(path)
        incremental = analyze(source, project, options, cache=cache)
        anew = analyze(source, project, options)
        assert set(incremental.files_read) >= set(anew.files_read)
        return said(incremental), said(anew)

    for text in versions(path.read_text(encoding="utf-8"), random.Random(path.name)):
        incremental, anew = with_deep_stack(lambda: both(text))  # noqa: B023
        assert incremental == anew, text
