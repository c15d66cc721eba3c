"""The input contract of a network as text."""

from __future__ import annotations

from conv_lsp.analysis import Analysis, Event, contract
from conv_lsp.values import Module


def contract_text(analysis: Analysis, of: Module | Event) -> str:
    """3 channels; H, W divisible by 16. Empty where nothing is known that any input could break."""
    found = contract(analysis, of)
    if found is None:
        return ""
    count = found.channels
    channels = "" if count is None else f"{count} channel{'s' if count != 1 else ''}"
    return "; ".join(filter(None, (channels, found.text()))).replace("-", "−")
