"""Sizes, shapes and layers as text."""

from __future__ import annotations

from functools import lru_cache

from conv_lsp.dims import Dim, Expr, has_anonymous
from conv_lsp.library.module import Layer
from conv_lsp.values import Class, Module, Shape, Tensor, Unknown, Value


def size_text(d: Dim) -> str:
    """A size; "?" where it is not known."""
    return expression_text(d) if isinstance(d, Expr) else str(d)


@lru_cache(maxsize=4096)
def expression_text(d: Expr) -> str:
    """A size that is not a number; the same ones stand in many lines."""
    return "?" if has_anonymous(d) else str(d).replace("-", "−")


def shape_text(shape: Shape | Unknown) -> str:
    """(1, 64, 112, 112)."""
    return "?" if isinstance(shape, Unknown) else _sizes_text(shape)


@lru_cache(maxsize=4096)
def _sizes_text(shape: Shape) -> str:
    """The same shapes stand in many lines and contexts."""
    inner = ", ".join(map(size_text, shape))
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def map_text(shape: Shape | Unknown) -> str:
    """A feature map without its batch: 64×112×112."""
    if isinstance(shape, Unknown):
        return "?"
    return "×".join(map(factor_text, shape[1:] if len(shape) > 1 else shape)) or "()"


def factor_text(d: Dim) -> str:
    """A size as a factor, in brackets where it is a sum."""
    text = size_text(d).replace(" ", "")
    return (
        f"({text})" if isinstance(d, Expr) and len(text) > 1 and not text.isidentifier() else text
    )


def value_text(value: Value) -> str:
    """A tensor's shape, or a container's."""
    if isinstance(value, Tensor):
        return shape_text(value.shape)
    if isinstance(value, (tuple, list)):
        parts = [value_text(v) for v in value]
        if len(parts) > 4:
            parts = [*parts[:3], f"… {len(parts)} in all"]
        return f"[{', '.join(parts)}]"
    return "·"


def layer_text(value: Value) -> str:
    """A layer's output without the batch."""
    if isinstance(value, Tensor):
        return map_text(value.shape)
    if isinstance(value, (tuple, list)):
        return ", ".join(layer_text(v) for v in value if isinstance(v, Tensor))
    return value_text(value)


def unknown(value: Value) -> bool:
    """Whether nothing is known of a value."""
    return isinstance(value, Unknown) or (isinstance(value, Tensor) and not value.known)


def layer_head(module: Module) -> str:
    """The layer in a line."""
    if isinstance(module.kind, Class):
        return module.kind.name
    return module.describe() if isinstance(module, Layer) else type(module).__name__


def is_told(count: Dim) -> bool:
    """Whether there is something to count, and it is known how much."""
    return count > 0 if isinstance(count, int) else not has_anonymous(count)


def number_text(count: Dim) -> str:
    """A count with separators, in millions and more with a letter."""
    if isinstance(count, Expr):
        return size_text(count)
    for limit, letter in ((10**12, "T"), (10**9, "G"), (10**6, "M")):
        if count >= limit:
            return f"{count / limit:.1f} {letter}"
    return f"{count:,}"


def minus(number: int) -> str:
    """A number with the sign that is as wide as a plus."""
    return str(number).replace("-", "−")
