"""Other numbers in a tensor, in place."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Final

from conv_lsp.axes import joined, lost
from conv_lsp.findings import ALWAYS_RAISES
from conv_lsp.library.algebra import COMPLEX
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.indexing import fits
from conv_lsp.library.raising import (
    NOT_FLOATING,
    refuse,
    writable,
)
from conv_lsp.library.registry import AnyRank, Call, method
from conv_lsp.library.sampling import bounds
from conv_lsp.library.tables import declare
from conv_lsp.values import MISSING, Tensor

COMPLEXES: Final = tuple(COMPLEX.values())
REFILLED: Final = {
    "zero_": ("", ()),
    "fill_": ("value", ()),
    "normal_": ("mean=0.0, std=1.0, *, generator=None", NOT_FLOATING),
    "uniform_": ("from_=0.0, to=1.0, *, generator=None", NOT_FLOATING),
    "random_": ("from_=ABSENT, to=ABSENT, *, generator=None", COMPLEXES),
    "bernoulli_": ("p=0.5, *, generator=None", COMPLEXES),
    "exponential_": ("lambd=1.0, *, generator=None", (*NOT_FLOATING, *COMPLEXES)),
    "geometric_": ("p, *, generator=None", ("bool", *COMPLEXES)),
    "cauchy_": ("median=0.0, sigma=1.0, *, generator=None", (*NOT_FLOATING, *COMPLEXES)),
    "log_normal_": ("mean=1.0, std=2.0, *, generator=None", (*NOT_FLOATING, *COMPLEXES)),
}
"""What puts other numbers into a tensor, and the types that it does not do so to."""


SHARED: Final = ("zero_", "fill_")
"""These write one number, for which elements may share their place; not so that of a tensor."""
CHECKED: Final = ("uniform_", "cauchy_")
"""Of these the type is looked at even where there are no numbers."""


def declare_refilled(name: str, signature: str, refused: Collection[str]) -> None:
    """`x.zero_()` and its kin."""

    def refilled(call: Call, self: AnyRank, *args: object, **kwargs: object) -> Tensor:
        """The tensor itself, with other numbers."""
        check_bounds(call, self, name, args)
        if name in CHECKED or not self.known or 0 not in self.sizes:
            refuse(call, self, refused)
        if name not in SHARED or (args and isinstance(args[0], Tensor)):
            writable(call, self)
        if name == "random_":
            low, high = args[:2] if args[1] is not MISSING else (0, args[0])
            if high is not None and high is not MISSING:
                bounds(call, low, high, self.dtype)
        if name == "fill_" and isinstance(args[0], Tensor) and args[0].known and args[0].rank:
            error = f"RuntimeError: a tensor of {args[0].rank} dimensions is no number"
            call.fail(ALWAYS_RAISES, at="value", error=error)
        self.data = None
        return self

    declare(refilled, f"self: AnyRank, {signature}".rstrip(", "), methods=[name])


BOUNDS: Final = {
    "normal_": (1, 0, math.inf),
    "bernoulli_": (0, 0, 1),
    "exponential_": (0, 0, math.inf),
    "geometric_": (0, 0, 1),
    "cauchy_": (1, 0, math.inf),
    "log_normal_": (1, 0, math.inf),
}
"""Between which numbers an argument must lie."""


def check_bounds(call: Call, self: Tensor, name: str, args: Sequence[object]) -> None:
    """Complains about a probability above 1, a negative width and the like."""
    at, low, high = BOUNDS.get(name, (0, -math.inf, math.inf))
    value = args[at] if len(args) > at else None
    strict = name in ("geometric_", "cauchy_", "log_normal_", "exponential_")
    if isinstance(value, (int, float)):
        fits = low < value < high if strict and high == 1 else low <= value <= high
        if not fits or (strict and value == low):
            error = f"RuntimeError: {value} does not lie between {low} and {high}"
            call.fail(ALWAYS_RAISES, error=error)
    if name == "uniform_" and all(isinstance(a, (int, float)) for a in args[:2]):
        first, last = args[:2]
        # Of complex numbers the parts are filled, and looked at no sooner.
        filled = self.dtype not in COMPLEXES or (self.known and 0 not in self.sizes)
        if filled and first > last:  # type: ignore[operator]
            error = f"RuntimeError: there are no numbers from {first} to {last}"
            call.fail(ALWAYS_RAISES, error=error)


for _name, (_signature, _refused) in REFILLED.items():
    declare_refilled(_name, _signature, _refused)


OTHER_TYPES["torch.Tensor.copy_"] = "other:Tf non_blocking:b"


@method("copy_")
def copy_(call: Call, self: AnyRank, other: AnyRank, non_blocking: object = False) -> Tensor:
    """Complains where the source does not broadcast to the tensor."""
    overwritten(self, other)
    writable(call, self)
    if self.known and other.known:
        fits(call, self.sizes, other.sizes, at="other")
        if other.rank > self.rank and 1 in other.sizes[: other.rank - self.rank]:
            error = f"RuntimeError: a tensor of {other.rank} dimensions is copied to {self.rank}"
            call.report(ALWAYS_RAISES, at="other", error=error)
    return self


def overwritten(self: Tensor, source: Tensor) -> None:
    """Other numbers are in the tensor from here on, of sources that can no longer be told."""
    self.data = None
    links = (source.seen, *source.axes)
    if any(links):
        self.seen = joined(self.seen, lost(*links))
