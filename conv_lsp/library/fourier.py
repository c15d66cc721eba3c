"""Fourier transforms: sizes along the transformed axes, and their types."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, Expr
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import axes_of, show
from conv_lsp.library.registry import Call, op, size_of
from conv_lsp.library.tables import declare
from conv_lsp.library.taking import at_least, complexes, parts, takes
from conv_lsp.values import MISSING, SCATTERED, Tensor, Unknown

NORMS: Final = (None, "forward", "backward", "ortho")


def transformed(
    call: Call,
    name: str,
    input: Tensor,
    sizes: Sequence[Dim | None],
    axes: Sequence[int],
    norm: object,
) -> Tensor:
    """The axes with new sizes (None: as they were); each unit then depends on all of them.

    Of real numbers half of the transform is kept, as the other is its mirror: along the last axis.
    """
    real = "input" if name in REAL_INPUT else "output" if name in REAL_OUTPUT else ""
    takes(call, name, "bif" if real == "input" else "bifc", input.dtype)
    if isinstance(norm, str) and norm not in NORMS:
        problem = f"norm is None, 'forward', 'backward' or 'ortho', not {norm!r}"
        call.fail(CALL_ARGUMENTS, at="norm", name=name, problem=problem)
    if len(set(axes)) < len(axes) or (real and not axes):
        problem = "transforms no dimension twice" if axes else "transforms one dimension or more"
        call.fail(CALL_ARGUMENTS, at="dim", name=name, problem=problem)
    shape, links = list(input.sizes), list(input.axes)
    for axis, size in zip(axes, sizes, strict=True):
        shape[axis] = shape[axis] if size is None else size
        links[axis] = whole(links[axis])
    if real == "output" and sizes[-1] is None:
        shape[axes[-1]] = 2 * (shape[axes[-1]] - 1)
    for axis in axes:
        at_least(call, name, f"the size of dimension {axis}", shape[axis], 1)
    if axes and 0 in input.sizes and 0 in shape:
        problem = f"{show(input.shape)} has no elements to transform"
        call.fail(CALL_ARGUMENTS, at="input", name=name, problem=problem)
    if real == "input":
        shape[axes[-1]] = shape[axes[-1]] // 2 + 1
    kind = complexes(input.dtype)
    result = input.like(tuple(shape), tuple(links), dtype=parts(kind) if real == "output" else kind)
    # Transforms of other axes than the last are made in an order that torch chooses.
    plain = input.strides is None and list(axes) in ([], [input.rank - 1])
    result.strides = None if plain else SCATTERED
    return result


REAL_INPUT: Final = frozenset("rfft rfft2 rfftn ihfft ihfft2 ihfftn".split())
REAL_OUTPUT: Final = frozenset("irfft irfft2 irfftn hfft hfft2 hfftn".split())


def _one(
    name: str, call: Call, input: Tensor, n: object = None, dim: int = -1, norm: object = None
) -> Tensor:
    """Along one axis."""
    if not input.rank:
        call.fail(INPUT_RANK, at="input", name=f"{name}()", got=0, want="at least 1")
    if isinstance(n, int):
        at_least(call, name, "n", n, 1)
    size = None if n is None else size_of(n)
    return transformed(call, name, input, [size], [call.axis(input.rank, dim)], norm)


def _many(name: str, call: Call, input: Tensor, s: object, dim: object, norm: object) -> Tensor:
    """Along several axes: those named, the last ones that have a size, or all."""
    if isinstance(s, (Unknown, Expr)) or isinstance(dim, (Unknown, Expr)):
        return Tensor(Unknown("the axes of the transform are not known"))
    asked = [s] if isinstance(s, int) else s
    if isinstance(asked, (tuple, list)):
        if dim is None and len(asked) > input.rank:
            problem = f"{len(asked)} sizes for {input.rank} dimensions"
            call.fail(CALL_ARGUMENTS, at="s", name=name, problem=problem)
        dim = tuple(range(-len(asked), 0)) if dim is None else dim
    none = isinstance(dim, (tuple, list)) and not dim
    axes = [] if none else axes_of(call, input.rank, dim)
    if axes and not input.rank:
        call.fail(INPUT_RANK, at="input", name=f"{name}()", got=0, want="at least 1")
    sizes: list[Dim | None] = [None] * len(axes)
    if isinstance(asked, (tuple, list)):
        if len(asked) != len(axes):
            problem = f"{len(asked)} sizes for {len(axes)} dimensions"
            call.fail(CALL_ARGUMENTS, at="s", name=name, problem=problem)
        sizes = [None if size == -1 else size_of(size) for size in asked]
    return transformed(call, name, input, sizes, axes, norm)


def _two(
    name: str,
    call: Call,
    input: Tensor,
    s: object = None,
    dim: object = MISSING,
    norm: object = None,
) -> Tensor:
    if dim is None:
        call.fail(CALL_ARGUMENTS, at="dim", name=name, problem="takes dimensions for dim, not None")
    return _many(name, call, input, s, (-2, -1) if dim is MISSING else dim, norm)


_COMPLEX: Final = (
    "The shape of the input, or as many along an axis as are asked for; complex numbers"
)
_HALVED: Final = "The last transformed axis L, or as asked for, becomes ⌊L/2⌋ + 1; complex numbers"
_DOUBLED: Final = "The last transformed axis L becomes 2·(L − 1), or as asked for"
SAID: Final = {
    "fft": _COMPLEX,
    "ifft": _COMPLEX,
    "rfft": _HALVED,
    "ihfft": _HALVED,
    "irfft": f"{_DOUBLED}; real numbers",
    "hfft": f"{_DOUBLED}; real numbers",
}

for _name, _said in SAID.items():
    _signature = "input: Tensor, n=None, dim: int=-1, norm=None"
    declare(partial(_one, _name), _signature, f"torch.fft.{_name}", said=_said)
    _two_axes = partial(_two, f"{_name}2")
    _signature = "input: Tensor, s=None, dim=ABSENT, norm=None"
    declare(_two_axes, _signature, f"torch.fft.{_name}2", said=_said)
    _all_axes = partial(_many, f"{_name}n")
    _signature = "input: Tensor, s=None, dim=None, norm=None"
    declare(_all_axes, _signature, f"torch.fft.{_name}n", said=_said)


@op("torch.fft.fftshift", "torch.fft.ifftshift")
def shift(call: Call, input: Tensor, dim: object = None) -> Tensor:
    """The same shape, its halves exchanged along axes."""
    if isinstance(dim, (Unknown, Expr)):
        return input.like()
    axes = axes_of(call, input.rank, dim)
    if not axes or not input.rank or dim in ((), []):
        call.fail(CALL_ARGUMENTS, at="dim", name="fftshift", problem="shifts one dimension or more")
    links = [whole(a) if i in axes else a for i, a in enumerate(input.axes)]
    result = input.like(input.sizes, tuple(links))
    result.strides = None
    return result
