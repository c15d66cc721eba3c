"""Fourier transforms: sizes along the transformed axes, and their types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, Expr, proves_less
from conv_lsp.findings import AXIS_RANGE, CALL_ARGUMENTS
from conv_lsp.library.algebra import COMPLEX, PARTS, axes_of, is_floating
from conv_lsp.library.registry import Call, op, size_of
from conv_lsp.library.taking import takes
from conv_lsp.values import SCATTERED, UNTYPED, List, Tensor, Unknown, Value

NORMS: Final = (None, "forward", "backward", "ortho")


def transformed(
    call: Call, input: Tensor, sizes: Sequence[Dim | None], axes: Sequence[int], dtype: str
) -> Tensor:
    """The axes with new sizes (None: as they were); each unit then depends on all of them."""
    shape, links = list(input.sizes), list(input.axes)
    for axis, size in zip(axes, sizes, strict=True):
        shape[axis] = shape[axis] if size is None else size
        links[axis] = whole(links[axis])
    result = input.like(tuple(shape), tuple(links), dtype=dtype)
    result.strides = SCATTERED
    return result


def half(size: Dim) -> Dim:
    """What is kept of a real signal's transform, whose other half is its mirror."""
    return size // 2 + 1


def result_type(call: Call, name: str, dtype: str, real: str) -> str:
    """The dtype of a transform. `real` is the side of real numbers, if one is."""
    # Half precision is not transformed on a CPU.
    takes(call, name, "bif" if real == "input" else "bifc", dtype)
    if dtype == UNTYPED:
        return UNTYPED
    floating = PARTS.get(dtype, dtype if is_floating(dtype) else "float32")
    return floating if real == "output" else COMPLEX[floating]


def checked(
    call: Call, name: str, input: Tensor, sizes: list[Dim | None], axes: Sequence[int], real: str
) -> list[Dim | None]:
    """The sizes that come out, of those asked for (None: the input's)."""
    if len(set(axes)) < len(axes):
        problem = "one axis is transformed twice"
        call.fail(CALL_ARGUMENTS, at="dim", name=name, problem=problem)
    sizes = [None if size == -1 else size for size in sizes]
    for at, (axis, size) in enumerate(zip(axes, sizes, strict=True)):
        taken = input.sizes[axis] if size is None else size
        if real == "output" and at == len(axes) - 1 and size is None:
            taken = 2 * (taken - 1)
            sizes[at] = taken
        if proves_less(taken, 1):
            problem = f"dimension {axis} would have {taken} numbers"
            call.fail(CALL_ARGUMENTS, at="input", name=name, problem=problem)
    if real == "input" and axes:
        last = sizes[-1]
        sizes[-1] = half(input.sizes[axes[-1]] if last is None else last)
    return sizes


def check_norm(call: Call, name: str, norm: Value) -> None:
    if not isinstance(norm, Unknown) and norm not in NORMS:
        problem = f"norm is 'forward', 'backward' or 'ortho', not {norm!r}"
        call.fail(CALL_ARGUMENTS, at="norm", name=name, problem=problem)


def integers(value: Value) -> list[int] | None:
    """A list of plain integers; None for what is not all known."""
    if not isinstance(value, (tuple, list)) or (isinstance(value, List) and value.vague):
        return None
    return list(value) if all(type(v) is int for v in value) else None


def declare(name: str, *, several: int, real: str = "") -> None:
    """One transform: of one axis, of two, or of all; `real` is the side that is real."""
    if several == 1:

        @op(f"torch.fft.{name}")
        def one(
            call: Call,
            input: Tensor,
            n: object = None,
            dim: int = -1,
            norm: object = None,
            *,
            out: object = None,
        ) -> Tensor:
            """One axis: n numbers; n/2 + 1 of a real signal; 2(n - 1) of half a spectrum."""
            check_norm(call, name, norm)
            if not input.rank:
                call.fail(AXIS_RANGE, at="input", dim=dim, rank=0)
            kind = result_type(call, name, input.dtype, real)
            axes = [call.axis(input.rank, dim)]
            asked = size_of(n) if n is not None else None
            if n is not None and asked is None:
                return Tensor(Unknown("the size of the transform is not known"))
            if asked == -1:
                call.fail(CALL_ARGUMENTS, at="n", name=name, problem="n is -1, not 1 or more")
            return transformed(
                call, input, checked(call, name, input, [asked], axes, real), axes, kind
            )

        return

    default = (-2, -1) if several == 2 else None

    @op(f"torch.fft.{name}")
    def many(
        call: Call,
        input: Tensor,
        s: object = None,
        dim: object = default,
        norm: object = None,
        *,
        out: object = None,
    ) -> Tensor:
        """Each axis: as many numbers as asked for; n/2 + 1 or 2(n - 1) on the last of a real side."""
        check_norm(call, name, norm)
        kind = result_type(call, name, input.dtype, real)
        sizes = [size_of(v) for v in s] if isinstance(s, (tuple, list)) else None
        if isinstance(s, int):
            sizes = [s]
        if isinstance(dim, int):
            dim = (dim,)
        chosen = integers(dim) if dim is not None else None
        unknown = (s is not None and sizes is None) or (dim is not None and chosen is None)
        if unknown or (sizes is not None and None in sizes):
            return Tensor(Unknown("the axes of the transform are not known"))
        if chosen is None:
            count = input.rank if sizes is None else len(sizes)
            chosen = list(range(-count, 0))
        if sizes is not None and len(sizes) != len(chosen):
            problem = f"{len(sizes)} sizes are given for {len(chosen)} axes"
            call.fail(CALL_ARGUMENTS, at="s", name=name, problem=problem)
        if (real or several == 2) and not chosen:
            problem = "at least one axis is transformed"
            call.fail(CALL_ARGUMENTS, at="dim", name=name, problem=problem)
        if chosen and not input.rank:
            call.fail(AXIS_RANGE, at="dim", dim=chosen[0], rank=0)
        axes = [call.axis(input.rank, at) for at in chosen]
        asked: list[Dim | None] = [*sizes] if sizes is not None else [None] * len(axes)
        return transformed(call, input, checked(call, name, input, asked, axes, real), axes, kind)


for _side, _prefix in (("", ""), ("input", "r"), ("output", "h")):
    for _suffix, _several in (("fft", 1), ("fft2", 2), ("fftn", 3)):
        declare(f"{_prefix}{_suffix}", several=_several, real=_side)
for _side, _prefix in (("", "i"), ("output", "ir"), ("input", "ih")):
    for _suffix, _several in (("fft", 1), ("fft2", 2), ("fftn", 3)):
        declare(f"{_prefix}{_suffix}", several=_several, real=_side)


@op("torch.fft.fftshift", "torch.fft.ifftshift")
def shift(call: Call, input: Tensor, dim: object = None) -> Tensor:
    """The same sizes, turned around along the axes."""
    if not input.rank:
        call.fail(AXIS_RANGE, at="input", dim=0, rank=0)
    if isinstance(dim, (Unknown, Expr)) or (isinstance(dim, List) and dim.vague):
        axes = list(range(input.rank))
    else:
        axes = axes_of(call, input.rank, dim)
    return transformed(call, input, [None] * len(axes), axes, input.dtype)
