"""The input contract of a network as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conv_lsp.analysis import Analysis, Event, contract
from conv_lsp.contract import Contract, is_symbol
from conv_lsp.values import Module

READABLE = 30
"""Characters of a condition that is read beside others."""


def contract_text(analysis: Analysis, of: Module | Event, *, brief: bool = False) -> str:
    """3 channels; H, W divisible by 16. Empty where nothing is known that any input could break.

    brief: conditions too long to be read in passing are only mentioned.
    """
    found = contract(analysis, of)
    if found is None:
        return ""
    numbers = dict(fixed(found))
    rest = replace(found, sizes={n: s for n, s in found.sizes.items() if n not in numbers})
    told = [*numbers.values()]
    if found.channels is not None:
        told.insert(0, channels(found.channels))
    long = [c for c in found.others if brief and len(str(c)) > READABLE]
    if long:
        rest = replace(rest, others=tuple(c for c in found.others if c not in long), square=None)
    told.append(rest.text())
    if long:
        names = dict.fromkeys(n for c in long for n in sorted(c.names))
        count = "a condition" if len(long) == 1 else f"{len(long)} conditions"
        told.append(f"{count} on {', '.join(names)}")
    return "; ".join(filter(None, told)).replace("-", "−")


def channels(count: int) -> str:
    return f"{count} channel{'s' * (count != 1)}"


def fixed(found: Contract) -> Iterator[tuple[str, str]]:
    """The symbols of the first input that can be one number only, and that in words."""
    shape = found.inputs[0] if found.inputs else ()
    for axis, size in enumerate(shape):
        sizes = found.sizes.get(str(size)) if is_symbol(size) else None
        if sizes is None or sizes.tail or len(sizes.head) != 1:
            continue
        (number,) = sizes.head
        if axis == 1 and len(shape) > 3:
            yield str(size), channels(number)
        elif axis == len(shape) - 1 and len(shape) <= 3:
            yield str(size), f"last dimension {number}"
