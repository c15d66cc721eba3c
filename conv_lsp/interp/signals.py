"""How running code ends other than by falling off its end."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from conv_lsp.dims import Dim
from conv_lsp.values import Site, Unknown


class Signal(Enum):
    """Why a block stopped before its end. The returned value is in the frame."""

    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"


class Raised(Exception):
    """An exception of the interpreted code.

    names: the exception's class and its bases, by name. site: where it was raised.
    reported: a finding already tells of it.
    """

    def __init__(
        self, names: tuple[str, ...], message: str, site: Site, value: object = None
    ) -> None:
        super().__init__(message)
        self.names = names
        self.message = message
        self.site = site
        self.value = value


class Enough(Exception):
    """A generator has given more than anybody will take."""


class Stopped(Exception):
    """A bound was hit."""


class Cancelled(Exception):
    """The answer is not wanted any more."""


class Refined(Exception):
    """An input's shape has been learnt: the entry starts again with it."""

    def __init__(self, unknown: Unknown, shape: Sequence[Dim]) -> None:
        super().__init__(unknown.parameter)
        self.unknown = unknown
        self.shape = tuple(shape)


class Settled(Exception):
    """A symbol of an input can only have one value: the entry starts again with it."""

    def __init__(self, symbol: str, value: int) -> None:
        super().__init__(symbol)
        self.symbol = symbol
        self.value = value
