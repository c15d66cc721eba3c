"""What is not known, and why; and the one value that says that there is none."""

from __future__ import annotations

from typing import Any, Final, Protocol, TypeAlias

from conv_lsp.dims import Comparison, Dim, Expr, symbol, unknown_size

Value: TypeAlias = Any
"""Anything that interpreted code can hold."""

Implied: TypeAlias = tuple[tuple[Comparison, ...], tuple[Comparison, ...]]
"""What holds of sizes where a value is true, and where it is false."""

NOTHING_IMPLIED: Final[Implied] = ((), ())


class Unknown:
    """A value that is not known, and why. Never becomes a number or a default.

    `name`: what to call it where it is used as a size (a constructor parameter without a value).
    `parameter`: the entry's input whose size this is, so that its first use can refine it.
    `truth`: whether it is true, if that much is known. `usual`: what it is as a condition where
    nobody has set anything up. `implied`: what holds of sizes where it is true, and where it is false.
    `number`: whether it is certainly a plain number, which with a tensor keeps its shape.
    `lacks`: the path of the operator that it is and that the library lacks, and what it is bound to.
    """

    __slots__ = (
        "_size",
        "implied",
        "lacks",
        "name",
        "number",
        "parameter",
        "truth",
        "usual",
        "why",
    )

    def __init__(self, why: str, name: str = "", parameter: str = "") -> None:
        self.why = why
        self.name = name
        self.parameter = parameter
        self.usual: bool | None = None
        self.truth: bool | None = None
        self.number = False
        self.implied: Implied = NOTHING_IMPLIED
        self.lacks: tuple[str, tuple[Value, ...]] | None = None
        self._size: Dim | None = None

    def size(self) -> Dim:
        """The same symbol at every use of this value, so that what is unknown once stays equal."""
        if self._size is None:
            self._size = symbol(self.name) if self.name else unknown_size()
        return self._size

    def __repr__(self) -> str:
        return f"Unknown({self.why!r})"


def implied_by(value: Value) -> Implied:
    """What a condition that is not decided says of sizes."""
    if isinstance(value, Expr):
        return (("!=", value, 0),), (("==", value, 0),)
    return value.implied if isinstance(value, Unknown) else NOTHING_IMPLIED


class Answers(Protocol):
    """What is known of operators that the library lacks. A snapshot: its answers do not change."""

    @property
    def witness(self) -> str:
        """Who answers, as in "torch 2.13"; empty where nobody does."""

    @property
    def silence(self) -> str:
        """Why what is not answered is not."""

    def get(self, question: str) -> object:
        """The answer to a question, both in the JSON of `conv_lsp.library.asking`; None for none."""


class Missing:
    """The one value that says "there is none"; never seen by interpreted code."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


def unknown_number(why: str) -> Unknown:
    """A plain number that is not known."""
    made = Unknown(why)
    made.number = True
    return made
