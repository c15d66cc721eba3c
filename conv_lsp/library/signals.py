"""Short-time Fourier transforms, frequencies, and integrals by the trapezoidal rule."""

from __future__ import annotations

from typing import Final

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, maximum, proves_less
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.algebra import COMPLEX
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.registry import Call, method, op, size_of
from conv_lsp.library.taking import at_least, floats, takes
from conv_lsp.values import MISSING, SCATTERED, Tensor, Unknown


@op("torch.stft", "torch.functional.stft")
@method("stft")
def stft(
    call: Call,
    input: Tensor,
    n_fft: Dim,
    hop_length: object = None,
    win_length: object = None,
    window: object = None,
    center: object = True,
    pad_mode: object = "reflect",
    normalized: object = False,
    onesided: object = None,
    return_complex: object = None,
    align_to_window: object = None,
) -> Tensor:
    """(*, L) gives (*, n_fft/2 + 1, frames), complex; all n_fft frequencies of complex signals."""
    if input.rank not in (1, 2):
        problem = f"takes a tensor of 1 or 2 dimensions, not {input.rank}"
        call.fail(CALL_ARGUMENTS, at="input", name="stft", problem=problem)
    takes(call, "stft", "fc", input.dtype)
    is_complex = input.dtype.startswith("complex")
    if return_complex is None and not is_complex:
        problem = "return_complex has to be given for an input of real numbers"
        call.fail(CALL_ARGUMENTS, name="stft", problem=problem)
    hop = size_of(hop_length) if hop_length is not None else n_fft // 4
    if hop is None or not isinstance(center, bool) or not isinstance(return_complex, bool):
        return Tensor(Unknown("the frames of the transform are not known"))
    length = input.sizes[-1] + (2 * (n_fft // 2) if center else 0)
    if proves_less(length, n_fft) or hop == 0:
        problem = f"n_fft is {n_fft} for {length} numbers in steps of {hop}"
        call.fail(CALL_ARGUMENTS, at="n_fft", name="stft", problem=problem)
    half = onesided is not False and not (onesided is None and is_complex)
    sizes = (n_fft // 2 + 1 if half else n_fft, (length - n_fft) // hop + 1)
    link = whole(input.axes[-1])
    parts, links = ((), ()) if return_complex else ((2,), (None,))
    return Tensor(
        (*input.sizes[:-1], *sizes, *parts),
        (*input.axes[:-1], link, link, *links),
        dtype=COMPLEX.get(input.dtype, input.dtype) if return_complex else input.dtype,
        strides=SCATTERED,
    )


@op("torch.istft")
@method("istft")
def istft(
    call: Call,
    input: Tensor,
    n_fft: Dim,
    hop_length: object = None,
    win_length: object = None,
    window: object = None,
    center: object = True,
    normalized: object = False,
    onesided: object = None,
    length: object = None,
    return_complex: object = False,
) -> Tensor:
    """(*, frequencies, frames) gives (*, length), by default what the frames cover."""
    if input.rank not in (2, 3):
        problem = f"takes a tensor of 2 or 3 dimensions, not {input.rank}"
        call.fail(CALL_ARGUMENTS, at="input", name="istft", problem=problem)
    hop = size_of(hop_length) if hop_length is not None else n_fft // 4
    asked = size_of(length) if length is not None else None
    if hop is None or not isinstance(center, bool) or (length is not None and asked is None):
        return Tensor(Unknown("the length of the signal is not known"))
    cut = 2 * (n_fft // 2) if center else 0
    size = asked if asked is not None else n_fft + hop * (input.sizes[-1] - 1) - cut
    real = {kind: part for part, kind in COMPLEX.items()}.get(input.dtype, input.dtype)
    dtype = input.dtype if return_complex is True else real
    link = whole(*input.axes[-2:])
    return Tensor(
        (*input.sizes[:-2], size), (*input.axes[:-2], link), dtype=dtype, strides=SCATTERED
    )


@op("torch.fft.fftfreq")
def fftfreq(
    call: Call,
    n: Dim,
    d: object = 1.0,
    *,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """(n,)."""
    at_least(call, "fftfreq", "n", n, 0)
    kind = dtype_name(dtype, "float32")
    takes(call, "fftfreq", "hf", kind, at="dtype")
    return Tensor((n,), dtype=kind)


@op("torch.fft.rfftfreq")
def rfftfreq(
    call: Call,
    n: Dim,
    d: object = 1.0,
    *,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """(n/2 + 1,)."""
    kind = dtype_name(dtype, "float32")
    takes(call, "rfftfreq", "hf", kind, at="dtype")
    size = n // 2 + 1
    if isinstance(n, int) and n < 0:  # torch divides towards zero
        size = -(-n // 2) + 1
        at_least(call, "rfftfreq", "n", n, -3)
    return Tensor((size,), dtype=kind)


WINDOWS: Final = "bartlett blackman cosine hamming hann nuttall".split()
"""torch.signal.windows of a size alone; the others take a shape's parameter besides."""


def window(name: str) -> None:
    @op(f"torch.signal.windows.{name}")
    def made(
        call: Call,
        M: Dim,
        *,
        sym: object = True,
        dtype: object = None,
        layout: object = None,
        device: object = None,
        requires_grad: object = False,
    ) -> Tensor:
        """(M,)."""
        return Tensor((maximum(M, 0),), dtype=dtype_name(dtype, "float32"))


for _name in WINDOWS:
    window(_name)


def integrated(call: Call, name: str, y: Tensor, x: object, dim: int, *, all: bool) -> Tensor:
    if x is None or not y.rank:
        problem = "takes a tensor of at least 1 dimension, and places that are one"
        call.fail(CALL_ARGUMENTS, at="x" if x is None else "y", name=name, problem=problem)
    axis = call.axis(y.rank, dim)
    if isinstance(x, Tensor) and x.rank > 1 and x.shape != y.shape:
        return Tensor(Unknown("places of several axes are not followed"))
    sizes, links = list(y.sizes), list(y.axes)
    link = whole(links[axis])
    if all:
        sizes[axis], links[axis] = maximum(sizes[axis] - 1, 0), link
    else:
        del sizes[axis], links[axis]
    return Tensor(tuple(sizes), tuple(links), seen=link, dtype=floats(y.dtype))


@op("torch.trapezoid", "torch.trapz")
def trapezoid(
    call: Call, y: Tensor, x: object = MISSING, *, dx: object = None, dim: int = -1
) -> Tensor:
    """Without the axis."""
    return integrated(call, "trapezoid", y, x, dim, all=False)


@op("torch.cumulative_trapezoid")
def cumulative_trapezoid(
    call: Call, y: Tensor, x: object = MISSING, *, dx: object = None, dim: int = -1
) -> Tensor:
    """With one less along the axis."""
    return integrated(call, "cumulative_trapezoid", y, x, dim, all=True)
