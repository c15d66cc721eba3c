"""Where the sizes of a context come from, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from conv_lsp.analysis import Context
from conv_lsp.interp.records import Use
from conv_lsp.source import Span
from conv_lsp.values import Value, tensors_in


def origin_text(context: Context) -> str:
    """Where the sizes come from: the call that gave them, or how they were found."""
    call = None if context.run.invented else giving(context)
    if call is None:
        return f"sizes from {context.run.origin}"
    return f"sizes from the call at line {call.line}"


def giving(context: Context) -> Span | None:
    """Of the calls that led here the first with a tensor among its arguments: that of the network,
    not of the `main()` around it. Where none has, the last.
    """
    uses: list[Use] = []
    outer: Context | None = context
    while outer is not None:
        if outer.use is not None and not outer.use.site.span.path.startswith("<"):
            uses.append(outer.use)
        outer = outer.parent
    given = (use for use in reversed(uses) if any(map(any_tensor, arguments(use))))
    use = next(given, uses[0] if uses else None)
    return None if use is None else use.site.span


def arguments(use: Use) -> Iterator[Value]:
    """What a call was given, by name as well."""
    yield from use.inputs
    yield from (use.named or {}).values()


def any_tensor(value: Value) -> bool:
    """Whether there is a tensor in a value."""
    return next(iter(tensors_in(value)), None) is not None


def places(contexts: Sequence[Context]) -> list[str]:
    """What tells contexts apart: their labels, and of those with the same one the calls."""
    labels = [context.label for context in contexts]
    shared = Counter(labels)
    found = []
    for context, label in zip(contexts, labels, strict=True):
        call = giving(context) if shared[label] > 1 else None
        found.append(f"in {label}" if call is None else f"from the call at line {call.line}")
    return found
