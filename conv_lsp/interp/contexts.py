"""`contextlib.contextmanager`: the body of a `with` runs where the generator yields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from conv_lsp.interp.frames import Function
from conv_lsp.values import Class, Site, Value

if TYPE_CHECKING:
    from conv_lsp.interp.machine import Machine
    from conv_lsp.interp.signals import Signal


class ContextFunction:
    """A generator function under the decorator; calling it gives a context that waits."""

    __slots__ = ("function",)

    def __init__(self, function: Function) -> None:
        self.function = function


class Suppressing:
    """`contextlib.suppress(...)`: these exceptions end the body, and no more."""

    __slots__ = ("names",)

    def __init__(self, kinds: Sequence[Value]) -> None:
        self.names = frozenset(
            k.name if isinstance(k, Class) else k.__name__
            for k in kinds
            if isinstance(k, (Class, type))
        )


class PendingContext:
    """A call of such a function: it runs when its `with` does."""

    __slots__ = ("_args", "_function", "_kwargs")

    def __init__(
        self, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> None:
        self._function = function
        self._args = args
        self._kwargs = kwargs

    def run(
        self, m: Machine, inside: Callable[[Value], Signal | None], site: Site
    ) -> Signal | None:
        """Run the generator; `inside` is the body, and gets what is yielded."""
        from conv_lsp.interp.calls import call

        ended: list[Signal | None] = []
        depth = m.depth, m.record, m.start

        def body(value: Value) -> None:
            if not ended:
                inner = m.depth, m.record, m.start
                m.depth, m.record, m.start = depth
                try:
                    ended.append(inside(value))
                finally:
                    m.depth, m.record, m.start = inner

        m.at_yield = body
        call(m, self._function, self._args, self._kwargs, site, None)
        m.at_yield = None
        return ended[0] if ended else None
