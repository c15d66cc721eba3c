"""`advise`: the findings of all rules of advice that are not switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from conv_lsp.advice.fields import beyond_receptive_field, receptive_field_small
from conv_lsp.advice.flattening import flatten_unbatched
from conv_lsp.advice.geometry import (
    checkerboard,
    large_kernel,
    no_padding_shrinks,
    stride_skips_input,
    uneven_window,
)
from conv_lsp.advice.gridding import gridding
from conv_lsp.advice.norms import bias_before_norm
from conv_lsp.advice.remarks import Remark, findings
from conv_lsp.advice.slides import Network
from conv_lsp.analysis import Analysis, without_collection
from conv_lsp.config import Level
from conv_lsp.findings import RULES, Finding, leveled, unsuppressed
from conv_lsp.source import Span

ADVICE: Mapping[str, Callable[[Network], Iterator[Remark]]] = {
    "stride-skips-input": stride_skips_input,
    "uneven-window": uneven_window,
    "checkerboard": checkerboard,
    "gridding": gridding,
    "large-kernel": large_kernel,
    "no-padding-shrinks": no_padding_shrinks,
    "bias-before-norm": bias_before_norm,
    "flatten-unbatched": flatten_unbatched,
    "receptive-field-small": receptive_field_small,
    "beyond-receptive-field": beyond_receptive_field,
}
"""What gives the advice of each rule."""


@without_collection
def advise(analysis: Analysis, levels: Mapping[str, Level]) -> tuple[Finding, ...]:
    """The advice on an analysed file, at the levels that a person chose for the rules by code.

    Only rules that are on are worked out, each once for an analysis.
    """
    wanted = [code for code in ADVICE if RULES[code].level(levels) != "off"]
    network: Network | None = None
    for code in wanted:
        if code not in analysis.advice:
            network = network or Network(analysis)
            analysis.advice[code] = tuple(_heard(analysis, _given(network, code)))
    return tuple(leveled([f for code in wanted for f in analysis.advice[code]], levels))


def _given(network: Network, code: str) -> list[Finding]:
    """What a rule finds. A fault of its own costs its advice and nothing else, and is told."""
    try:
        return list(findings(ADVICE[code](network), network.made))
    except Exception as error:
        told = f"{code}: {type(error).__name__}: {error}"
        start = Span(network.analysis.path, 1, 0, 1, 0)
        return [RULES["internal-error"].finding(start, error=told)]


def _heard(analysis: Analysis, found: list[Finding]) -> Iterator[Finding]:
    """Without those that a comment hides, in whichever file they are."""
    sources = {s.path: s for s in (*analysis.lookups.values(), analysis.source) if s is not None}
    for path in dict.fromkeys(finding.span.path for finding in found):
        here = [finding for finding in found if finding.span.path == path]
        source = sources.get(path)
        yield from here if source is None else unsuppressed(here, source)
