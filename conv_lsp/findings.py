"""Rules and findings: what can be wrong with a line, and where it is.

A rule is declared once, here, so that every code is known wherever settings and comments name it:
those of lines that would raise at run time, of texts that cannot be read, of advice, which
`conv_lsp.advice` gives, and of comments, which `conv_lsp.comments` reads. Every rule has a page `docs/rules/<code>.md`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from conv_lsp.source import IgnoreDirective, Source, Span, SwitchDirective

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conv_lsp.config import Level

Severity: TypeAlias = Literal["error", "warning", "info", "hint"]

SEVERITIES: tuple[Severity, ...] = ("hint", "info", "warning", "error")
"""From the mildest to the gravest."""

RULES: dict[str, Rule] = {}
"""Every rule by its code; filled as rules are made."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of complaint.

    `message` is a `str.format` template. `raises` names the exception of torch or of Python at such
    a line, for the handlers around it; of a comment there is none. `off`: nothing is said unless the settings give it a level.
    """

    code: str
    severity: Severity
    message: str
    raises: str = "RuntimeError"
    off: bool = False

    def __post_init__(self) -> None:
        if RULES.setdefault(self.code, self) is not self:
            raise ValueError(f"there are two rules with the code {self.code}")

    def level(self, levels: Mapping[str, Level]) -> Level:
        """The level that a person chose for it by its code, or its own."""
        chosen = levels.get(self.code)
        return chosen if chosen is not None else "off" if self.off else self.severity

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

    @property
    def elsewhere(self) -> Iterator[tuple[Span, str]]:
        """What of `related` stands on another line, and is news to who reads this one."""
        here = (self.span.path, self.span.line)
        return ((s, text) for s, text in self.related if (s.path, s.line) != here)


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
MISSING_ATTRIBUTE = Rule(
    "missing-attribute",
    "error",
    "'{kind}' object has no attribute '{name}'{hint}",
    "AttributeError",
)
CALL_ARGUMENTS = Rule("call-arguments", "error", "{name}(): {problem}", "TypeError")
ALWAYS_RAISES = Rule("always-raises", "error", "this line always raises {error}", "Exception")

# ---- Advice

STRIDE_SKIPS_INPUT = Rule(
    "stride-skips-input",
    "info",
    "stride {stride} is longer than the kernel, which covers {kernel}: {read} of {all} positions"
    " are read",
)
UNEVEN_WINDOW = Rule(
    "uneven-window",
    "info",
    "the windows end before the last {dropped} of {size}, which nothing reads; {remedy} would be"
    " read whole",
)
CHECKERBOARD = Rule(
    "checkerboard",
    "info",
    "kernel size {kernel} does not spread evenly over stride {stride}: neighbouring outputs sum {taps}"
    " taps by turns",
)
GRIDDING = Rule(
    "gridding",
    "info",
    "convolutions with dilations {rates} in a row: each unit reads {read} of the {span} positions"
    " that it spans",
)
LARGE_KERNEL = Rule(
    "large-kernel",
    "info",
    "only {useful} of the kernel's {all} taps can meet an input of {size}; the others read padding",
)
NO_PADDING_SHRINKS = Rule(
    "no-padding-shrinks",
    "info",
    "without padding the map shrinks by {lost}; {padding} keeps its size",
    off=True,
)
BIAS_BEFORE_NORM = Rule(
    "bias-before-norm",
    "hint",
    "the bias is taken away again by the {norm} that follows; bias=False saves {count} parameters",
)
FLATTEN_UNBATCHED = Rule(
    "flatten-unbatched",
    "info",
    "{shape} becomes {flat}, the batch with it; flatten(1) keeps the batch",
)
RECEPTIVE_FIELD_SMALL = Rule(
    "receptive-field-small",
    "info",
    "a unit before the global pooling sees {field} of an input of {size}",
)
BEYOND_RECEPTIVE_FIELD = Rule(
    "beyond-receptive-field",
    "info",
    "every path into this layer already sees {field} of an input of {size}: {layers} no more of it",
)

# ---- What comments say, and is not so

SHAPE_COMMENT = Rule(
    "shape-comment", "error", "the comment says {got}; the tensor has {want}", raises=""
)

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
        level = finding.rule.level(levels)
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
