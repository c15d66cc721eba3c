"""Rules and findings: what can be wrong with a line, and where it is.

A rule is declared once, where it is made: here those of lines that would raise at run time and of
texts that cannot be read; rules of advice stand with the code that gives the advice. Every rule has
a page `docs/rules/<code>.md`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from conv_lsp.source import IgnoreDirective, Source, Span, SwitchDirective

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conv_lsp.config import Level

Severity: TypeAlias = Literal["error", "warning", "info"]

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")
"""From the mildest to the gravest."""

RULES: dict[str, Rule] = {}
"""Every rule by its code; filled as rules are made."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of complaint.

    `message` is a `str.format` template. `raises` names the exception of torch or of Python at such
    a line, for the handlers around it.
    """

    code: str
    severity: Severity
    message: str
    raises: str = "RuntimeError"

    def __post_init__(self) -> None:
        if RULES.setdefault(self.code, self) is not self:
            raise ValueError(f"there are two rules with the code {self.code}")

    def finding(
        self,
        span: Span,
        *,
        severity: Severity | None = None,
        related: tuple[tuple[Span, str], ...] = (),
        data: tuple[tuple[str, object], ...] = (),
        **words: object,
    ) -> Finding:
        """A finding of this rule; `words` fill the message. Raises `KeyError` if one is missing."""
        message = self.message.format(**words)
        return Finding(self, span, message, severity or self.severity, related, data)


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint: `related` says where the numbers come from, `data` is what fixes need."""

    rule: Rule
    span: Span
    message: str
    severity: Severity
    related: tuple[tuple[Span, str], ...] = ()
    data: tuple[tuple[str, object], ...] = ()


# ---- Lines that would raise

CONV_CHANNELS = Rule("conv-channels", "error", "input has {got} channels; the layer takes {want}")
CONV_INPUT_RANK = Rule(
    "conv-input-rank", "error", "input has {got} dimensions; the layer takes {want}"
)
INPUT_RANK = Rule(
    "input-rank", "error", "input has {got} dimensions; {name} takes {want}", "ValueError"
)
GROUPS_DIVIDE = Rule(
    "groups-divide", "error", "{name} {got} is not divisible by groups {groups}", "ValueError"
)
WINDOW_TOO_LARGE = Rule(
    "window-too-large", "error", "the kernel covers {window}; the padded input has {size}"
)
POOL_PADDING = Rule(
    "pool-padding", "error", "padding {padding} is more than half of kernel size {kernel}"
)
POOL_TOO_SMALL = Rule(
    "pool-too-small", "error", "input size {size} gives output size {got}, which is less than 1"
)
TRANSPOSE_OUTPUT_PADDING = Rule(
    "transpose-output-padding",
    "error",
    "output_padding {got} is not smaller than stride {stride} or dilation {dilation}",
)
LINEAR_FEATURES = Rule(
    "linear-features", "error", "input has {got} features; the layer takes {want}"
)
MATMUL_SIZES = Rule("matmul-sizes", "error", "the left side ends in {a}; the right side takes {b}")
NORM_FEATURES = Rule(
    "norm-features", "error", "input has {got} features; the layer normalises {want}"
)
BROADCAST = Rule("broadcast", "error", "{a} and {b} do not match at dimension {dim} of {shapes}")
CAT_SIZES = Rule(
    "cat-sizes", "error", "tensor {index} has size {got} at dimension {dim}; tensor 0 has {want}"
)
STACK_SIZES = Rule("stack-sizes", "error", "tensor {index} has shape {got}; tensor 0 has {want}")
RESHAPE_COUNT = Rule("reshape-count", "error", "{count} elements do not fit the shape {shape}")
VIEW_STRIDE = Rule(
    "view-stride",
    "error",
    "view to {shape} joins dimensions that do not lie together in memory; reshape copies them",
)
AXIS_RANGE = Rule(
    "axis-range",
    "error",
    "dimension {dim} is out of range; the tensor has {rank} dimensions",
    "IndexError",
)
INDEX_RANGE = Rule(
    "index-range",
    "error",
    "index {index} is out of range; dimension {dim} has size {size}",
    "IndexError",
)
SPLIT_SIZES = Rule("split-sizes", "error", "size {total} cannot be split into {sizes}")
EXPAND_SIZE = Rule(
    "expand-size", "error", "size {got} at dimension {dim} cannot be expanded to {want}"
)
PAD_TOO_LARGE = Rule(
    "pad-too-large", "error", "padding {padding} is too large for size {size} in {mode} mode"
)
EINOPS_PATTERN = Rule("einops-pattern", "error", "'{pattern}': {problem}", "EinopsError")
EINSUM_SIZES = Rule("einsum-sizes", "error", "'{label}' is {a} in one operand and {b} in another")
ATTENTION_HEADS = Rule(
    "attention-heads",
    "error",
    "embed_dim {embed} is not divisible by num_heads {heads}",
    "AssertionError",
)
UNPACK_COUNT = Rule("unpack-count", "error", "{got} values for {want} names", "ValueError")
DTYPE = Rule("dtype", "error", "{name} has dtype {got}; {taker} takes {want}")
LOSS_SIZES = Rule(
    "loss-sizes", "error", "input has {what} {got}; the target has {want}", "ValueError"
)
CALL_ARGUMENTS = Rule("call-arguments", "error", "{name}(): {problem}", "TypeError")
ALWAYS_RAISES = Rule("always-raises", "error", "this line always raises {error}", "Exception")

# ---- Texts that cannot be read, and lines that were not analysed

SYNTAX_ERROR = Rule("syntax-error", "error", "{problem}", "SyntaxError")
DIRECTIVE = Rule("directive", "warning", "{problem}")
STOPPED = Rule("stopped", "info", "the analysis stopped here: {why}")
INTERNAL_ERROR = Rule(
    "internal-error",
    "warning",
    "an internal error stopped the analysis of this line: {error}",
)


def text_findings(source: Source) -> list[Finding]:
    """What is wrong with the text itself: syntax, and directives that cannot be read."""
    found = [SYNTAX_ERROR.finding(p.span, problem=p.message) for p in source.errors]
    found += [DIRECTIVE.finding(p.span, problem=p.message) for p in source.directive_problems]
    for directive in source.directives:
        if isinstance(directive, IgnoreDirective):
            found += [
                DIRECTIVE.finding(directive.span, problem=_no_such_rule(code))
                for code in directive.codes
                if code not in RULES
            ]
    return found


def unsuppressed(findings: list[Finding], source: Source) -> Iterator[Finding]:
    """The findings in `source`'s file that no directive hides.

    `ignore` hides those whose span touches the directive's line, or, if it stands alone, the next
    line of code; `off` those that begin between it and the next `on`.
    """
    ignored: dict[int, list[IgnoreDirective]] = {}
    switches: list[SwitchDirective] = []
    for directive in source.directives:
        if isinstance(directive, IgnoreDirective):
            ignored.setdefault(source.subject_line(directive), []).append(directive)
        elif isinstance(directive, SwitchDirective):
            switches.append(directive)
    for finding in findings:
        span = finding.span
        off = [s.on for s in switches if s.span.line <= span.line][-1:] == [False]
        here = (d for line, ds in ignored.items() if span.line <= line <= span.end_line for d in ds)
        if not off and not any(not d.codes or finding.rule.code in d.codes for d in here):
            yield finding


def leveled(findings: Iterable[Finding], levels: Mapping[str, Level]) -> Iterator[Finding]:
    """The findings at the levels that a person chose for their rules, by code.

    One that is milder than its rule, because the line may not run, is not made graver.
    """
    for finding in findings:
        level = levels.get(finding.rule.code, finding.rule.severity)
        if level == "off":
            continue
        if finding.severity == finding.rule.severity:
            yield finding if level == finding.severity else replace(finding, severity=level)
        else:
            yield replace(finding, severity=min(level, finding.severity, key=SEVERITIES.index))


def _no_such_rule(code: str) -> str:
    near = difflib.get_close_matches(code, RULES, 1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"there is no rule '{code}'{hint}"
