"""Patterns of einops: what they say, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

ELLIPSIS: Final = "…"


class PatternError(ValueError):
    """A pattern that einops does not take; the text says why, without the pattern."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the arrow: a group of names for each dimension; the ellipsis stands as ELLIPSIS.

    A number other than 1 is an axis without a name: "3#0", unlike any other. A 1 is an empty group.
    """

    groups: tuple[tuple[str, ...] | str, ...]
    nested_ellipsis: bool = False

    @property
    def names(self) -> set[str]:
        """All names, without the ellipsis."""
        flat = {name for group in self.groups if group != ELLIPSIS for name in group}
        return flat - {ELLIPSIS}

    @property
    def has_ellipsis(self) -> bool:
        """Whether there is one, in parentheses or not."""
        return self.nested_ellipsis or ELLIPSIS in self.groups

    def expanded(self, hidden: int) -> list[tuple[str, ...]]:
        """The groups with the ellipsis written out as so many axes."""
        axes = tuple(f"{ELLIPSIS}{i}" for i in range(hidden))
        found: list[tuple[str, ...]] = []
        for group in self.groups:
            if group == ELLIPSIS:
                found.extend((axis,) for axis in axes)
            else:
                found.append(
                    tuple(x for name in group for x in (axes if name == ELLIPSIS else (name,)))
                )
        return found


def number_of(name: str) -> int | None:
    """The size of an axis that is written as a number."""
    value, mark, _ = name.partition("#")
    return int(value) if mark else None


@lru_cache(1024)
def parse(pattern: str) -> tuple[Side, Side]:
    """Both sides of "left -> right"."""
    parts = pattern.split("->")
    if len(parts) != 2:
        raise PatternError("there has to be one '->'" if len(parts) > 2 else "there is no '->'")
    left, right = (parse_side(part, f"{i}") for i, part in enumerate(parts))
    if right.has_ellipsis and not left.has_ellipsis:
        raise PatternError("'...' is only on the right side")
    if left.nested_ellipsis:
        raise PatternError("'...' in parentheses on the left side")
    return left, right


def parse_side(text: str, mark: str = "", *, repeats: bool = False, blank: bool = False) -> Side:
    """One side; `mark` sets its numbers apart. einsum allows repeats, and `_` as a name."""
    if "." in text:
        if text.count(".") != 3 or text.count("...") != 1:
            raise PatternError("dots may stand only as '...', and once on a side")
        text = text.replace("...", f" {ELLIPSIS} ") if f"{ELLIPSIS}" not in text else text
    groups: list[tuple[str, ...] | str] = []
    inner: list[str] | None = None
    seen: set[str] = set()
    nested = False
    for word in text.replace("(", " ( ").replace(")", " ) ").split():
        if word == "(":
            if inner is not None:
                raise PatternError("parentheses inside parentheses")
            inner = []
        elif word == ")":
            if inner is None:
                raise PatternError("a ')' without its '('")
            groups.append(tuple(inner))
            inner = None
        elif word == "1":
            if inner is None:
                groups.append(())
        else:
            name = _name(word, f"{mark}{len(seen)}", blank=blank)
            if name in seen and not repeats and name != "_":
                raise PatternError(f"'{name}' is twice on one side")
            seen.add(name)
            if inner is not None:
                inner.append(name)
                nested = nested or name == ELLIPSIS
            else:
                groups.append(name if name == ELLIPSIS else (name,))
    if inner is not None:
        raise PatternError("a '(' without its ')'")
    return Side(tuple(groups), nested)


def _name(word: str, mark: str, *, blank: bool) -> str:
    if word == ELLIPSIS or (blank and word == "_"):
        return word
    strange = next((c for c in word if not (c.isalnum() or c == "_")), None)
    if strange is not None:
        raise PatternError(f"unknown character '{strange}'")
    if word.isdecimal():
        if int(word) == 0:
            raise PatternError("an axis of length 0")
        return f"{int(word)}#{mark}"
    check_name(word)
    return word


def check_name(word: str) -> None:
    """Axis names are Python identifiers without underscores at the ends."""
    if not word.isidentifier():
        raise PatternError(f"'{word}' is no name for an axis")
    if word[0] == "_" or word[-1] == "_":
        raise PatternError(f"'{word}' starts or ends with an underscore")


def agree(operation: str, left: Side, right: Side, given: set[str]) -> None:
    """Which names may be on one side only depends on the operation."""
    only_left, only_right = left.names - right.names, right.names - left.names
    if operation == "rearrange":
        numbers = sorted(n for n in only_left | only_right if number_of(n))
        if numbers:
            raise PatternError(f"'{number_of(numbers[0])}': rearrange takes no numbers but 1")
        if only_left | only_right:
            raise PatternError(f"{_listed(only_left | only_right)} on one side only")
    elif operation == "repeat":
        if only_left:
            raise PatternError(f"{_listed(only_left)} on the left side only")
        unsized = {n for n in only_right if not number_of(n)} - given
        if unsized:
            raise PatternError(f"the size of {_listed(unsized)} is not given")
    elif only_right:
        raise PatternError(f"{_listed(only_right)} on the right side only")
    if left.has_ellipsis and not right.has_ellipsis and operation in {"rearrange", "repeat"}:
        raise PatternError("'...' is only on the left side")
    for name in given:
        check_name(name)
        if name not in left.names | right.names:
            raise PatternError(f"'{name}' is not in the pattern")


def _listed(names: set[str]) -> str:
    plain = sorted(str(number_of(n) or n) for n in names)
    return ", ".join(f"'{n}'" for n in plain)
