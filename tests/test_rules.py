"""Every rule has a page, and the pages tell the truth about torch."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import NamedTuple

import pytest

from conv_lsp.advice import advise
from conv_lsp.analysis import Options, analyze, with_deep_stack
from conv_lsp.comments import comment_findings
from conv_lsp.config import Level, Settings
from conv_lsp.findings import (
    BROADCAST,
    CONV_CHANNELS,
    DIRECTIVE,
    RULES,
    Rule,
    text_findings,
    unsuppressed,
)
from conv_lsp.project import Project
from conv_lsp.source import Source, Span

PAGES = Path(__file__).parent.parent / "docs" / "rules"


class Claim(NamedTuple):
    line: int
    severity: str
    code: str
    text: str


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text("utf-8")


def example(code: str) -> str:
    """The one example of a page; empty if it is not Python."""
    found = re.findall(r"^```python\n(.*?)^```$", page(code), re.MULTILINE | re.DOTALL)
    assert len(found) <= 1
    return found[0] if found else ""


def claims(text: str) -> list[Claim]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.search(r'# (error|warning|info|hint): ([\w-]+) "(.*)"$', line):
            alone = line.startswith("#")
            found.append(Claim(number + alone, *match.groups()))
    return found


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(RULES)


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_page_says_what_why_and_how(code: str) -> None:
    text = page(code)
    assert text.startswith(f"# {code}\n")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert len(headings) == 4
    assert headings[0] == "What it does"
    assert re.match("Why it (fails|happens|is worth a look)", headings[1])
    assert headings[2:] == ["Example", "How to fix"]
    assert 400 < len(text.encode()) < 1500


@pytest.mark.parametrize("code", sorted(RULES))
def test_an_example_claims_its_rule_in_the_words_of_its_message(code: str) -> None:
    found = claims(example(code))
    if code in {"stopped", "internal-error"}:
        assert not found
        return
    (claim,) = found
    assert (claim.code, claim.severity) == (code, RULES[code].severity)
    assert begins(RULES[code].message, claim.text)


def begins(template: str, text: str) -> bool:
    """Whether some message of the template begins with the text."""
    parts = re.split(r"(\{\w+\})", template)
    beginnings = [
        "".join(parts[:k]) + part[:cut]
        for k, part in enumerate(parts)
        if part[:1] != "{"
        for cut in range(len(part) + 1)
    ]
    patterns = (".+".join(map(re.escape, re.split(r"\{\w+\}", b))) for b in [*beginnings, template])
    return any(re.fullmatch(pattern, text) for pattern in patterns)


def test_a_claim_in_other_words_is_noticed() -> None:
    assert begins("size {a} of {b} is bad", "size 3 of 4")
    assert not begins("size {a} of {b} is bad", "sizes 3 and 4")
    assert not begins("size {a} of {b} is bad", "3 of 4")


RAISING = sorted(c for c, rule in RULES.items() if rule.severity == "error" and rule.raises)


@pytest.mark.parametrize("code", RAISING)
def test_an_example_really_raises_there(code: str) -> None:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    text = example(code)
    if "einops" in text:
        pytest.importorskip("einops")
    (claim,) = claims(text)
    try:
        exec(compile(text, "example", "exec"), {"__name__": "example"})
    except SyntaxError as error:
        raised: Exception = error
        line = error.lineno
    except Exception as error:
        raised = error
        frames = traceback.extract_tb(error.__traceback__)
        line = [frame.lineno for frame in frames if frame.filename == "example"][-1]
    else:
        pytest.fail("nothing is raised")
    assert line == claim.line
    assert RULES[code].raises in {kind.__name__ for kind in type(raised).__mro__}


def said(text: str, code: str = "") -> list[Claim]:
    """What the engine says of a text, where the rule is on."""
    source = Source.parse("example.py", text)
    project = Project(PAGES, Settings())
    analysis = with_deep_stack(lambda: analyze(source, project, Options()))
    levels: dict[str, Level] = {code: RULES[code].severity} if code else {}
    told = comment_findings(analysis, source)
    found = (*analysis.findings, *told, *advise(analysis, levels))
    return [Claim(f.span.line, f.severity, f.rule.code, f.message) for f in found]


def differences(text: str, code: str = "") -> list[Claim]:
    """What the engine says that is not claimed, and what is claimed that it does not say."""
    findings = said(text, code)
    claimed = claims(text)
    met = [(c, f) for c in claimed for f in findings if c[:3] == f[:3] and c.text in f.text]
    unmet = [c for c in claimed if c not in [claim for claim, _ in met]]
    return unmet + [f for f in findings if f not in [finding for _, finding in met]]


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_engine_says_of_an_example_what_is_claimed_and_nothing_else(code: str) -> None:
    assert differences(example(code), code) == []


def test_a_difference_is_noticed() -> None:
    text = example("conv-channels")
    (claim,) = claims(text)
    assert differences(text.replace("layer takes 3", "layer takes 4")) != []
    assert differences(text.replace(claim.code, "linear-features")) != []
    assert differences(text.replace("(1, 4,", "(1, 3,")) == [claim]
    assert differences(text.partition("  # error")[0]) == [claim]
    assert differences("\n" + text) == []


def test_a_code_is_taken_once() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        Rule("broadcast", "error", "something else")
    assert RULES["broadcast"] is BROADCAST


def test_a_finding_speaks_in_the_words_of_its_rule() -> None:
    span = Span("a.py", 1, 0, 1, 4)
    finding = CONV_CHANNELS.finding(span, got=4, want=3, data=(("want", 3),))
    assert finding.message == "input has 4 channels; the layer takes 3"
    assert finding.severity == "error"
    assert CONV_CHANNELS.finding(span, severity="warning", got=4, want=3).severity == "warning"
    with pytest.raises(KeyError):
        CONV_CHANNELS.finding(span, got=4)


# ---- What the text itself says


def test_mistakes_in_the_text_are_findings() -> None:
    text = "x = (\n# conv-lsp: of\ndef f(): pass  # conv-lsp: ignore[cat-size]\n"
    found = text_findings(Source.parse("a.py", text))
    assert [(f.rule.code, f.span.line, f.severity) for f in found] == [
        ("syntax-error", 1, "error"),
        ("directive", 2, "warning"),
        ("directive", 3, "warning"),
    ]
    assert "never closed" in found[0].message
    assert "did you mean 'off'" in found[1].message
    assert found[2].message == "there is no rule 'cat-size'; did you mean 'cat-sizes'?"


def test_a_page_on_directives_is_right_about_its_example() -> None:
    text = example("directive")
    (claim,) = claims(text)
    (finding,) = text_findings(Source.parse("a.py", text))
    assert finding.rule is DIRECTIVE
    assert finding.span.line == claim.line
    assert claim.text in finding.message


@pytest.mark.parametrize(
    ("line", "code", "shown"),
    [
        (1, "broadcast", True),
        (2, "broadcast", False),
        (2, "conv-channels", True),
        (3, "conv-channels", False),
        (5, "conv-channels", False),
        (5, "broadcast", True),
        (7, "broadcast", False),
        (9, "broadcast", True),
    ],
)
def test_directives_hide_findings(line: int, code: str, shown: bool) -> None:
    source = Source.parse(
        "a.py",
        "a\n"
        "b  # conv-lsp: ignore[broadcast]\n"
        "c  # conv-lsp: ignore\n"
        "# conv-lsp: ignore[conv-channels, cat-sizes]\n"
        "d\n"
        "# conv-lsp: off\n"
        "e\n"
        "# conv-lsp: on\n"
        "f\n",
    )
    span = Span("a.py", line, 0, line, 1)
    finding = RULES[code].finding(span, got=1, want=2, a=1, b=2, dim=0, shapes="")
    assert list(unsuppressed([finding], source)) == ([finding] if shown else [])
