"""The engine says of every case exactly what its comments claim."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from conv_lsp.advice import advise
from conv_lsp.advice.advise import ADVICE
from conv_lsp.analysis import Analysis, Options, Sighting, analyze, fields, with_deep_stack
from conv_lsp.axes import Reading
from conv_lsp.config import Level, Settings
from conv_lsp.dims import Dim, has_anonymous
from conv_lsp.findings import Finding
from conv_lsp.project import Project
from conv_lsp.values import Tensor, Unknown, Value
from conv_lsp.windows import GLOBAL, Field
from tests.harness import Case, Claim, cases, name

ROOT = Path(__file__).parent.parent
ORDINARY = [path for path in cases() if path.parent.name != "hostile"]
SAID = ("error", "warning")


def analysed(case: Case) -> list[Analysis]:
    """One analysis for each run of a case, or one of the script."""
    project = Project(case.path.parent, Settings())
    source = project.source(case.path)
    options = [Options(run=(r.expression,), inputs=r.inputs) for r in case.runs]
    if case.guessed:
        options = [Options()]
    return [
        with_deep_stack(lambda: analyze(source, project, chosen))  # noqa: B023
        for chosen in options or [Options(main=True)]
    ]


def size(d: Dim) -> str:
    return "_" if has_anonymous(d) else str(d)


def tensors(value: Value) -> list[Tensor]:
    """The tensors in a value, in order."""
    if isinstance(value, Tensor):
        return [value]
    return [t for part in value for t in tensors(part)] if isinstance(value, tuple) else []


def shape(value: Value) -> str:
    """As a claim has it; several tensors are separated by commas."""
    if isinstance(value, Unknown):
        return "unknown"
    parts = []
    for tensor in tensors(value):
        if isinstance(tensor.shape, Unknown):
            return "unknown"
        sizes = "".join(f"{size(d)}, " for d in tensor.shape)
        parts.append(f"({sizes})")
    return ast.unparse(ast.parse(", ".join(parts)))


def reason(value: Value) -> str:
    """Why a value has no shape; empty if it has one."""
    unknown = value.shape if isinstance(value, Tensor) else value
    return unknown.why if isinstance(unknown, Unknown) else ""


def extent(reading: Reading) -> str:
    if isinstance(reading, Field):
        return str(reading.size)
    return "global" if reading is GLOBAL else "unknown"


def field(sighting: Sighting) -> str:
    """As a claim has it: 7x7 on two axes, one word if all axes have the same word."""
    (tensor,) = tensors(sighting.value)
    parts = [extent(reading) for _, reading, _ in fields(tensor, sighting.context)]
    return parts[0] if len(set(parts)) == 1 and not parts[0].isdigit() else "x".join(parts)


def problems(case: Case) -> list[str]:
    """Where the engine and the claims differ."""
    analyses = analysed(case)
    found = [problem for claim in case.claims for problem in unmet(case, claim, analyses)]
    said: dict[tuple[int, str, str], str] = {
        (f.span.line, f.severity, f.rule.code): f.message
        for analysis in analyses
        for f in (*(f for f in analysis.findings if f.severity in SAID), *advice(case, analysis))
        if f.span.path == str(case.path)
    }
    for claim in case.complaints:
        message = said.pop((claim.line, claim.severity, claim.code), None)
        if message is None or claim.text not in message:
            found.append(f"{claim.line}: {claim.severity} {claim.code} {claim.text!r}: {message}")
    found += [f"{line}: not claimed: {message}" for (line, *_), message in said.items()]
    return found


def advice(case: Case, analysis: Analysis) -> list[Finding]:
    """What is advised of the cases that are about advice; of the others, what must never be."""
    levels: dict[str, Level] = {} if case.about_advice else dict.fromkeys(ADVICE, "hint")
    found = advise(analysis, {**levels, **case.levels})
    return [f for f in found if case.about_advice or f.rule.code == "internal-error"]


def unmet(case: Case, claim: Claim, analyses: list[Analysis]) -> list[str]:
    """What the engine says instead of a claim."""
    span = case.span(case.subject(claim.line))
    facts = [f for a in analyses if (f := a.facts.get(str(case.path), {}).get(span))]
    if claim.unknown is not None:
        reasons = [why for f in facts for r in f.readings if (why := reason(r.value))]
        met = any(claim.unknown in why for why in reasons)
        return [] if met else [f"{claim.line}: unknown {claim.unknown!r}: {reasons}"]
    readings: dict[str, Sighting] = {}
    for reading in (r for fact in facts for r in fact.readings):
        readings.setdefault(shape(reading.value), reading)
    found = []
    if claim.shapes is not None and list(readings) != claim.shapes:
        because = [why for a in analyses for place, why in a.unknown if place.line == claim.line]
        found.append(f"{claim.line}: {claim.shapes}: {list(readings)} {because}")
    if claim.fields is not None:
        said = [field(reading) for reading in readings.values()]
        if said != claim.fields:
            found.append(f"{claim.line}: field {claim.fields}: {said}")
    if facts and claim.maybe == any(fact.certain for fact in facts):
        found.append(f"{claim.line}: certain is {not claim.maybe}")
    return found


@pytest.mark.parametrize("path", ORDINARY, ids=name)
def test_the_engine_says_what_the_comments_claim(path: Path) -> None:
    assert not problems(Case(path))


@pytest.mark.parametrize("path", [p for p in ORDINARY if not Case(p).complaints], ids=name)
def test_an_editor_complains_of_nothing_that_runs(path: Path) -> None:
    """The entries that are chosen without being told, on invented inputs."""
    project = Project(path.parent, Settings())
    analysis = with_deep_stack(lambda: analyze(project.source(path), project))
    assert not [f for f in analysis.findings if f.severity in SAID]
    assert not [run.stopped for run in analysis.runs if run.stopped.startswith("stopped")]


# -- code that would take all time or all memory ------------------------------------------------

SECONDS = 30
"""Of the clock, starting Python included. It is generous: the machine may be busy."""
BYTES = 3 * 2**30
"""Of address space: the stack of the analysis alone has half of the first."""
ALONE = f"""
import pathlib, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({BYTES}, {BYTES}))
from tests import harness, test_cases
print(test_cases.problems(harness.Case(pathlib.Path(sys.argv[1]))))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="memory cannot be limited there")
@pytest.mark.parametrize("path", [p for p in cases() if p.parent.name == "hostile"], ids=name)
def test_hostile_code_is_answered_in_time(path: Path) -> None:
    """In a process of its own, so that a hang is this test's failure and nothing else's."""
    command = [sys.executable, "-c", ALONE, str(path)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
