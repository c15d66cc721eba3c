"""`# shape: (N, 64, H//2, W//2)`: a claim about the tensor of its line, which is compared in full."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from conv_lsp.comments.subjects import Subject
from conv_lsp.dims import Dim, maximum, minimum, proves_unequal, symbol, symbols
from conv_lsp.findings import SHAPE_COMMENT, Finding
from conv_lsp.source import ShapeClaim, Source


def check_claims(
    claims: Iterable[ShapeClaim], source: Source, by_line: Mapping[int, Subject]
) -> dict[int, Finding | None]:
    """For each line with a claim that was decided: None if it holds, or what is wrong."""
    found: dict[int, Finding | None] = {}
    for claim in claims:
        line = source.subject_line(claim)
        subject = by_line.get(line)
        if subject is None or subject.layer:
            continue
        names = {name for shape in subject.shapes for size in shape for name in symbols(size)}
        shapes = subject.sure or [s for s in subject.shapes if len(s) == len(claim.shape)]
        verdicts = [holds(claim.shape, shape, names) for shape in shapes]
        if any(verdict is True for verdict in verdicts):
            found[line] = None
        elif shapes and all(verdict is False for verdict in verdicts):
            found[line] = finding_of(claim, subject, shapes)
    return found


def holds(claim: Sequence[int | str], shape: Sequence[Dim], names: set[str]) -> bool | None:
    """Whether a claim holds of a shape; None where that is not decided.

    A name that is no symbol of the tensor stands for any size, but for one only.
    """
    if len(claim) != len(shape):
        return False
    bound: dict[str, Dim] = {}
    decided = True
    for told, size in zip(claim, shape, strict=True):
        want = dim_of(told, names, bound)
        if want is None:
            if isinstance(told, str) and told.isidentifier():
                bound[told] = size
            else:
                decided = False
        elif proves_unequal(want, size):
            return False
        elif want != size:
            decided = False
    return True if decided else None


def dim_of(told: int | str, names: set[str], bound: Mapping[str, Dim]) -> Dim | None:
    """A size as it is told; None if it has a name whose size is not known."""
    if isinstance(told, int):
        return told
    try:
        return value_of(ast.parse(told, mode="eval").body, names, bound)
    except (SyntaxError, KeyError, TypeError, ZeroDivisionError, ValueError):
        return None


def value_of(node: ast.expr, names: set[str], bound: Mapping[str, Dim]) -> Dim:
    """The size of an expression. Raises KeyError at a name that is not known."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name):
        return known(node.id, names, bound)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return 0 - value_of(node.operand, names, bound)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        parts = [value_of(arg, names, bound) for arg in node.args]
        return minimum(*parts) if node.func.id == "min" else maximum(*parts)
    if not isinstance(node, ast.BinOp):
        raise TypeError(ast.dump(node))
    left, right = value_of(node.left, names, bound), value_of(node.right, names, bound)
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    if isinstance(node.op, ast.Mult):
        return left * right
    if isinstance(node.op, ast.FloorDiv):
        return left // right
    if isinstance(node.op, ast.Mod):
        return left % right
    raise TypeError(ast.dump(node))


def known(name: str, names: set[str], bound: Mapping[str, Dim]) -> Dim:
    """The size that a name stands for. Raises KeyError if there is none."""
    if name in bound:
        return bound[name]
    if name not in names:
        raise KeyError(name)
    return symbol(name)


def finding_of(claim: ShapeClaim, subject: Subject, shapes: Sequence[tuple[Dim, ...]]) -> Finding:
    """What is wrong with a claim, and the shape that there is.

    Of another input than the one that we thought of, the claim may hold: then it is a warning.
    """
    got, want = text_of(claim.shape), text_of(shapes[0])
    return SHAPE_COMMENT.finding(
        claim.span,
        severity="error" if subject.certain and subject.sure else "warning",
        data=(("new", want),) if len(set(shapes)) == 1 else (),
        got=got,
        want=want,
    )


def text_of(sizes: Sequence[object]) -> str:
    """(N, 64, 56, 56)."""
    inner = ", ".join(map(str, sizes))
    return f"({inner},)" if len(sizes) == 1 else f"({inner})"
