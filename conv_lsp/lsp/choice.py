"""What a person wants to see of a file that runs in more than one way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants to see of a file: one context of those there are, or one call's."""

    context: str = ""
    run: str = ""

    @classmethod
    def of(cls, text: str) -> Choice:
        """A call ends in a bracket, and is run; anything else is a context's label."""
        return cls(run=text) if text.endswith(")") and "›" not in text else cls(context=text)


FIRST = Choice()
"""What is shown at first."""
