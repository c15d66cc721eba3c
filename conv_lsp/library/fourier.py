"""Fourier transforms: sizes along the transformed axes, and their types."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.axes import whole
from conv_lsp.dims import Dim
from conv_lsp.library.algebra import axes_of
from conv_lsp.library.registry import Call, op, size_of
from conv_lsp.values import Tensor, Unknown, Value


def transformed(
    call: Call, input: Tensor, sizes: Sequence[Dim | None], axes: Sequence[int], dtype: str
) -> Tensor:
    """The axes with new sizes (None: as they were); each unit then depends on all of them."""
    shape, links = list(input.sizes), list(input.axes)
    for axis, size in zip(axes, sizes, strict=True):
        shape[axis] = shape[axis] if size is None else size
        links[axis] = whole(links[axis])
    return input.like(tuple(shape), tuple(links), dtype=dtype)


def given(value: Value, count: int) -> list[Dim | None]:
    """Sizes that were asked for, None where the input's stay."""
    if isinstance(value, (tuple, list)):
        return [size_of(v) for v in value]
    return [None if value is None else size_of(value)] * count


def half(size: Dim) -> Dim:
    """What is kept of a real signal's transform, whose other half is its mirror."""
    return size // 2 + 1


def declare(name: str, *, several: int, real: str = "") -> None:
    """One transform: of one axis, of two, or of all; `real` is the side that is real."""

    def sizes_of(input: Tensor, asked: list[Dim | None], axes: Sequence[int]) -> list[Dim | None]:
        last = axes[-1]
        if real == "input":
            asked[-1] = half(input.sizes[last] if asked[-1] is None else asked[-1])
        elif real == "output" and asked[-1] is None:
            asked[-1] = 2 * (input.sizes[last] - 1)
        return asked

    kind = "float32" if real == "output" else "complex64"

    if several == 1:

        @op(f"torch.fft.{name}")
        def one(
            call: Call, input: Tensor, n: object = None, dim: int = -1, norm: object = None
        ) -> Tensor:
            axes = [call.axis(input.rank, dim)]
            return transformed(call, input, sizes_of(input, given(n, 1), axes), axes, kind)

        return

    default = (-2, -1) if several == 2 else None

    @op(f"torch.fft.{name}")
    def many(
        call: Call,
        input: Tensor,
        s: object = None,
        dim: object = default,
        norm: object = None,
    ) -> Tensor:
        if isinstance(s, Unknown) or isinstance(dim, Unknown):
            return Tensor(Unknown("the axes of the transform are not known"))
        chosen = dim
        if chosen is None and isinstance(s, (tuple, list)):
            chosen = tuple(range(-len(s), 0))
        axes = axes_of(call, input.rank, chosen)
        return transformed(call, input, sizes_of(input, given(s, len(axes)), axes), axes, kind)


for _side, _prefix in (("", ""), ("input", "r")):
    for _suffix, _several in (("fft", 1), ("fft2", 2), ("fftn", 3)):
        declare(f"{_prefix}{_suffix}", several=_several, real=_side)
for _side, _prefix in (("", "i"), ("output", "ir")):
    for _suffix, _several in (("fft", 1), ("fft2", 2), ("fftn", 3)):
        declare(f"{_prefix}{_suffix}", several=_several, real=_side)


@op("torch.fft.fftshift", "torch.fft.ifftshift")
def shift(call: Call, input: Tensor, dim: object = None) -> Tensor:
    axes = axes_of(call, input.rank, None if isinstance(dim, Unknown) else dim)
    return transformed(call, input, [None] * len(axes), axes, input.dtype)
