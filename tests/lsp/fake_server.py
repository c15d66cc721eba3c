"""The real server with a scripted engine, for what a real engine does too seldom to be tested.

A line of a document is an order to it:

    x = size 1, 2    a hint "1, 2" at the end of the line, and a hover on the line
    x = size boom    the same, but the hover raises
    bad NAME         an error, over NAME
    maybe NAME       the same as a warning, because the line may not run
    reads PATH       PATH, next to the document, is read; its first line gives a hint
    blames PATH      an error on the first line of PATH
    crash            the analysis raises
    wait             the analysis takes half a second
    hang             the analysis goes on until it is stopped
"""

from __future__ import annotations

import sys
import time
import types as modules
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from conv_lsp.findings import Finding, Rule, Severity
from conv_lsp.source import Files, Source, Span

RULE = Rule("fake-rule", "error", "{name} is bad")


class Cancelled(Exception):
    pass


class Cache:
    pass


@dataclass
class Options:
    steps: int = 0
    run: tuple[str, ...] = ()


@dataclass
class Hint:
    line: int
    col: int
    label: str
    tooltip: str
    kind: str = "values"
    size: int = 0
    decided: Span | None = None


@dataclass
class Hover:
    markdown: str
    span: Span


@dataclass
class Analysis:
    path: str
    hints: list[Hint]
    findings: tuple[Finding, ...]
    lookups: dict[str, Source | None]
    asked: dict[object, object] = field(default_factory=dict)  # of torch

    def complete(self, stop: Callable[[], bool]) -> bool:
        return False


def analyze(
    source: Source, files: Files, options: Options, *, stop: Callable[[], bool], **_: object
) -> Analysis:
    hints: list[Hint] = []
    findings: list[Finding] = []
    lookups: dict[str, Source | None] = {}
    for number, line in enumerate(source.text.split("\n"), 1):
        col = len(line.encode())
        words = line.split()
        order = words[0] if words else ""
        if order == "crash":
            raise ZeroDivisionError("a bug in the engine")
        if order == "hang":
            while not stop():
                time.sleep(0.001)
            raise Cancelled
        if order == "wait":
            until = time.monotonic() + 0.5
            while time.monotonic() < until and not stop():
                time.sleep(0.001)
        if " = size " in line:
            label = line.split(" = size ", 1)[1]
            hints.append(Hint(number, col, label, f"**{label}**"))
        if order in {"bad", "maybe"}:
            start = line.encode().index(words[1].encode())
            span = Span(source.path, number, start, number, start + len(words[1].encode()))
            related = ((Span(source.path, 1, 0, 1, 1), "made here"),)
            data = (("want", 3),)
            severity: Severity = "error" if order == "bad" else "warning"
            findings.append(
                RULE.finding(span, severity=severity, related=related, data=data, name=words[1])
            )
        if order in {"reads", "blames"}:
            other = str(Path(source.path).parent / words[1])
            found = lookups[Path(other).stem] = files.read(other)
            if order == "reads" and found is not None:
                hints.append(Hint(number, col, found.text.split("\n")[0], ""))
            elif found is not None:
                findings.append(RULE.finding(Span(other, 1, 0, 1, 3), name=Path(source.path).name))
        if stop():
            raise Cancelled
    return Analysis(source.path, hints, tuple(findings), lookups)


def hints_of(analysis: Analysis, path: str, switches: object, chosen: str = "") -> list[Hint]:
    return analysis.hints


def fitted(hint: Hint, length: int) -> Hint:
    return (
        hint if len(hint.label) <= length else replace(hint, label=hint.label[: length - 1] + "…")
    )


def hover_of(analysis: Analysis, path: str, line: int, col: int, chosen: str = "") -> Hover | None:
    for hint in analysis.hints:
        if hint.line == line:
            if hint.label == "boom":
                raise ZeroDivisionError("a bug in the hover")
            return Hover(f"{hint.label} at {col}", Span(path, line, 0, line, hint.col))
    return None


def no_advice(analysis: Analysis, levels: object) -> tuple[Finding, ...]:
    return ()


def no_lenses(analysis: Analysis, path: str, chosen: str = "") -> list[object]:
    return []


def no_comments(analysis: Analysis, source: Source) -> tuple[Finding, ...]:
    return ()


def install() -> None:
    analysis = modules.ModuleType("conv_lsp.analysis")
    analysis.__dict__.update(
        analyze=analyze, Analysis=Analysis, Cancelled=Cancelled, Options=Options, Cache=Cache
    )
    present = modules.ModuleType("conv_lsp.present")
    present.__dict__.update(
        hints=hints_of, fitted=fitted, hover=hover_of, lenses=no_lenses, Hint=Hint, Hover=Hover
    )
    advice = modules.ModuleType("conv_lsp.advice")
    advice.__dict__.update(advise=no_advice)
    comments = modules.ModuleType("conv_lsp.comments")
    comments.__dict__.update(comment_findings=no_comments)
    import conv_lsp

    fakes = {"analysis": analysis, "present": present, "advice": advice, "comments": comments}
    for name, module in fakes.items():
        sys.modules[f"conv_lsp.{name}"] = module
        setattr(conv_lsp, name, module)


if __name__ == "__main__":
    install()
    from conv_lsp.lsp.server import run_stdio

    run_stdio()
