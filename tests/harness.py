"""The claims that the comments of a case make. `docs/testing.md` describes the language."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conv_lsp.source import Source, Span

CASES = Path(__file__).parent / "cases"

_SEVERITIES = ("error", "warning", "info", "hint")
_WORDS = "|".join((r"shape\??", "field", "unknown", *_SEVERITIES))
_PART = re.compile(rf"({_WORDS}):\s*(.*?)(?=\s+(?:{_WORDS}):|$)")
_FINDING = re.compile(r'([a-z-]+) "(.*)"')
_RUN = re.compile(r"(run|guess):\s*(.*)")
_SIZES = re.compile(r"sizes:\s*(.*)")
_LEVELS = re.compile(r"levels:\s*(.*)")
_UNJUDGED = re.compile(r"unjudged:\s*(.*)")


@dataclass(slots=True)
class Claim:
    """What is claimed of one line. `maybe`: of a line that need not run.

    `shapes` and `fields` have one text for each context. `why_unjudged` is the reason why torch
    cannot judge the field.
    """

    line: int
    shapes: list[str] | None = None
    fields: list[str] | None = None
    why_unjudged: str = ""
    maybe: bool = False
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """A claimed finding."""

    line: int
    severity: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """An expression of the file, called on inputs if there are any."""

    expression: str
    inputs: tuple[tuple[int | str, ...], ...]


class Case:
    """One file: how it is run and what it claims.

    `runs` is empty for a script. `guessed`: only torch is told of them, not the engine. `levels`
    are those of rules of advice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text("utf-8")
        self.tree = ast.parse(self.text)
        self.runs: list[Run] = []
        self.guessed = False
        self.sizes: list[dict[str, int]] = []
        self.levels: dict[str, Any] = {}
        self.about_advice = path.parent.name == "advice"
        self.unjudged = ""
        self.claims: list[Claim] = []
        self.complaints: list[Complaint] = []
        source = Source.parse(str(path), self.text)
        for comment in source.comments.values():
            words = comment.text.lstrip("# ")
            if match := _RUN.match(words):
                self.guessed = match[1] == "guess"
                self.runs.append(_run(match[2]))
            elif match := _SIZES.match(words):
                self.sizes = [_sizes(text) for text in match[1].split(";")]
            elif match := _LEVELS.match(words):
                self.levels = dict(part.strip().split("=") for part in match[1].split(","))
            elif match := _UNJUDGED.match(words):
                self.unjudged = match[1]
            elif _PART.match(words):
                line = comment.span.line
                self._read(words, _next_code(source, line) if comment.alone else line)

    def _read(self, words: str, line: int) -> None:
        claim = Claim(line)
        for kind, text in _PART.findall(words):
            if kind in _SEVERITIES:
                match = _FINDING.fullmatch(text)
                assert match, f"{self.path}:{line}: not a finding: {text}"
                self.complaints.append(Complaint(line, kind, *match.groups()))
            elif kind == "unknown":
                claim.unknown = text.strip('"')
            elif kind == "field":
                text, _, claim.why_unjudged = text.rstrip(")").partition(" (")
                claim.fields = [part.strip() for part in text.split("|")]
            else:
                claim.maybe = kind == "shape?"
                claim.shapes = [ast.unparse(ast.parse(part.strip())) for part in text.split("|")]
        if claim.shapes or claim.fields or claim.unknown is not None:
            self.claims.append(claim)

    def subject(self, line: int) -> ast.expr:
        """What a claim on `line` speaks of: what its statement assigns or returns, or else the
        outermost expression that ends there."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.For, ast.AsyncFor)) and node.lineno == line:
                return node.target
            if isinstance(node, ast.AugAssign) and line in (node.lineno, node.end_lineno):
                return node.target
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)):
                if line in (node.lineno, node.end_lineno) and node.value is not None:
                    given = node.value.value if isinstance(node.value, ast.Yield) else None
                    return given or node.value
        for node in ast.walk(self.tree):
            if isinstance(node, ast.expr) and node.end_lineno == line:
                return node
        raise AssertionError(f"{self.path}:{line}: a claim about nothing")

    def span(self, node: ast.expr) -> Span:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = (node.lineno, node.col_offset)
        return Span(str(self.path), *start, node.end_lineno, node.end_col_offset)


def cases() -> list[Path]:
    """Every case; modules that cases import lie deeper."""
    return sorted(CASES.glob("*/*.py"))


def name(path: Path) -> str:
    return path.relative_to(CASES).with_suffix("").as_posix()


def _next_code(source: Source, line: int) -> int:
    while (comment := source.comments.get(line)) is not None and comment.alone:
        line += 1
    return line


def _run(text: str) -> Run:
    """ "Net(3) (2, 3, H, W) (2, 10)": what is evaluated, and the inputs."""
    inputs: list[tuple[int | str, ...]] = []
    while match := re.fullmatch(r"(.*\S)\s+\(([^()]*)\)", text):
        text, sizes = match.groups()
        words = [word.strip() for word in sizes.split(",") if word.strip()]
        inputs.insert(0, tuple(int(w) if w.isdigit() else w for w in words))
    return Run(text, tuple(inputs))


def _sizes(text: str) -> dict[str, int]:
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", text)}
