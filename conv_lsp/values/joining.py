"""What is known of a value that is one thing on one path and another on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conv_lsp.axes import lost
from conv_lsp.dims import Expr, equal, unknown_size
from conv_lsp.values.containers import Dict, List
from conv_lsp.values.kinds import Derived
from conv_lsp.values.tensors import SCATTERED, UNTYPED, Tensor
from conv_lsp.values.unknown import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterable


def same(a: Value, b: Value) -> bool:
    """Whether two values are certainly equal and interchangeable."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, (List, Dict)) and (a.vague or b.vague):
        return False
    if isinstance(a, Derived):
        return False  # it has attributes besides
    if isinstance(a, Tensor):
        return (
            a.known
            and b.known
            and a.shape == b.shape
            and a.dtype == b.dtype
            and a.axes == b.axes
            and a.seen == b.seen
            and a.strides == b.strides
            and a.data == b.data
        )
    if isinstance(a, (int, float, str, bytes, bool, complex, Expr, range)) or a is None:
        return bool(a == b)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return False


def join(a: Value, b: Value, why: str) -> Value:
    """What is known of a value that is `a` on one path and `b` on another.

    Equal parts stay, different parts become Unknown(why).
    """
    if same(a, b):
        return a
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return join_tensors(a, b, why)
    if isinstance(a, tuple) and type(a) is type(b) and len(a) == len(b):
        parts = [join(x, y, why) for x, y in zip(a, b, strict=True)]
        return type(a)(*parts) if hasattr(a, "_fields") else type(a)(parts)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return Unknown(a.why if isinstance(a, Unknown) else b.why)
    return Unknown(why)


def join_tensors(a: Tensor, b: Tensor, why: str) -> Tensor:
    """Of two tensors: sizes that are equal stay, others become unknown sizes."""
    if not a.known or not b.known or a.rank != b.rank:
        unknown = a.shape if isinstance(a.shape, Unknown) else b.shape
        return Tensor(unknown if isinstance(unknown, Unknown) else Unknown(why))
    shape = tuple(
        x if equal(x, y) else unknown_size() for x, y in zip(a.sizes, b.sizes, strict=True)
    )
    axes = tuple(x if x is y else lost(x, y) for x, y in zip(a.axes, b.axes, strict=True))
    return Tensor(
        shape,
        axes,
        seen=a.seen if a.seen is b.seen else lost(a.seen, b.seen),
        dtype=a.dtype if a.dtype == b.dtype else UNTYPED,
        strides=a.strides if a.strides == b.strides else SCATTERED,
    )


def tensors_in(value: Value, depth: int = 0) -> Iterable[Tensor]:
    """Every tensor in a value, through tuples, lists and dicts."""
    if isinstance(value, Tensor):
        yield value
    elif depth < 4 and isinstance(value, (tuple, list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from tensors_in(part, depth + 1)
