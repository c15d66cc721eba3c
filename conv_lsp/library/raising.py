"""Saying that a line certainly raises one of Python's own exceptions."""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import NoReturn

from conv_lsp.findings import RULES, Rule
from conv_lsp.library.registry import Call


@cache
def always_raises(kind: str) -> Rule:
    """`always-raises` for one class of exceptions, so that a handler of that class catches it."""
    # A copy, not a new Rule: making one would declare a second rule under the same code.
    rule = copy(RULES["always-raises"])
    object.__setattr__(rule, "raises", kind)
    return rule


def certainly_raises(call: Call, kind: str, message: str, *, at: str = "") -> NoReturn:
    """Give up: the call raises `kind(message)` whatever the sizes are."""
    call.fail(always_raises(kind), at=at, error=f"{kind}: {message}")
