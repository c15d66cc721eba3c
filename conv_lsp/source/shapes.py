"""Shapes written by a person."""

from __future__ import annotations

import ast
import keyword
import re
from typing import TypeAlias

MAX_RANK = 64
"""Axes of a shape written by a person (torch has the same bound)."""

Shape: TypeAlias = "tuple[int | str, ...]"


class ShapeTextError(ValueError):
    """A text that is no shape; the message names the place and what is accepted."""


_EXAMPLE = "write whole numbers or names, such as (N, 3, 224, 224)"


def parse_shape(text: str, expressions: bool = False) -> Shape:
    """Read "(N, 3, 224, 224)", "N, 3, 224, 224" or "1x3x32x32"; a name is a symbol.

    With `expressions` a size may also be a Python expression such as `(H + 1)//2`.
    """
    inner = text.strip()
    if not inner:
        raise ShapeTextError(f"a shape is missing; {_EXAMPLE}")
    if inner[0] in "([":
        written, rest = brackets(inner)
        close = ")" if inner[0] == "(" else "]"
        if not written.endswith(close) or (rest and not expressions):
            what = f"{rest.strip()!r} after it" if rest.strip() else f"no closing '{close}'"
            if rest.strip() or not written.endswith(close):
                raise ShapeTextError(f"the shape {_short(inner)} has {what}; {_EXAMPLE}")
        if not rest.strip():
            inner = written[1:-1].strip()
            if not inner:
                return ()
    parts = _sizes(inner)
    if len(parts) > MAX_RANK:
        raise ShapeTextError(f"a shape has at most {MAX_RANK} sizes, not {len(parts)}")
    return tuple(_size(part, place, expressions) for place, part in enumerate(parts, 1))


def parse_inputs(text: str) -> tuple[Shape, ...]:
    """One shape per input: `(N, 3, 224, 224) (N, 10)`. Raises ShapeTextError."""
    shapes: list[Shape] = []
    rest = text.strip()
    while rest.startswith(("(", "[")):
        written, rest = brackets(rest)
        shapes.append(parse_shape(written))
        rest = rest.strip().removeprefix(",").strip()
    if rest or not shapes:
        shapes.append(parse_shape(text))
    return tuple(shapes)


def _sizes(inner: str) -> list[str]:
    if "," in inner:
        parts = [part.strip() for part in re.split(r",(?![^(\[]*[)\]])", inner)]
        return parts[:-1] if len(parts) > 1 and not parts[-1] else parts
    parts = re.split(r"\s+[x×*]\s+|×", inner)
    if len(parts) == 1:
        parts = inner.split("x")
        if not all(re.fullmatch(r"\d+|[A-Z]\w*", part, re.ASCII) for part in parts):
            parts = [inner]
    return [part.strip() for part in parts]


def _size(part: str, place: int, expressions: bool) -> int | str:
    if re.fullmatch(r"[0-9]{1,18}", part):
        return int(part)
    if re.fullmatch(r"[A-Za-z_]\w*", part, re.ASCII) and not keyword.iskeyword(part):
        return part
    if expressions and _is_size_expression(part):
        return part
    if re.fullmatch(r"[0-9]+", part):
        raise ShapeTextError(f"size {place} is too large to be a size; {_EXAMPLE}")
    if re.fullmatch(r"-\s*[0-9]+", part):
        raise ShapeTextError(f"size {place} is {part[:20]}, and no size is negative; {_EXAMPLE}")
    what = f"{_short(part)} is no size" if part else "there is nothing"
    raise ShapeTextError(f"in place {place} {what}; {_EXAMPLE}")


_EXPRESSION = re.compile(r"(?!.*\d[A-Za-z_])[\w\s+\-*/%(),]{1,200}", re.ASCII)
_PARTS = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.USub, ast.Name, ast.Load),
    *(ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod),
)


def _is_size_expression(part: str) -> bool:
    if not _EXPRESSION.fullmatch(part):
        return False
    try:
        tree = ast.parse(part, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(_is_size_part(node) for node in ast.walk(tree))


def _is_size_part(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name) and node.func.id in ("min", "max")
        return named and not node.keywords
    return isinstance(node, _PARTS)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def brackets(text: str) -> tuple[str, str]:
    """A bracketed text at the front, and the rest; all of it if the bracket is not closed."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth == 0:
            return text[: index + 1], text[index + 1 :]
    return text, ""
