"""Short-time Fourier transforms, frequencies, and integrals by the trapezoidal rule."""

from __future__ import annotations

from typing import Final, NamedTuple

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, maximum, proves_less, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.algebra import COMPLEX, PARTS, promote, show
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.registry import OPS, Call, method, op, size_of
from conv_lsp.library.taking import FLOATING, REAL, at_least, floats, takes
from conv_lsp.values import MISSING, SCATTERED, Tensor, Unknown, Value

_TYPES: Final = "input:T n_fft:i hop_length:in win_length:in window:Tn normalized:b onesided:bn"
OTHER_TYPES["torch.stft"] = f"{_TYPES} return_complex:bn align_to_window:bn"
OTHER_TYPES["torch.functional.stft"] = OTHER_TYPES["torch.Tensor.stft"] = OTHER_TYPES["torch.stft"]
OTHER_TYPES["torch.Tensor.istft"] = f"{_TYPES} center:b length:in return_complex:b"
UNKNOWN: Final = "the frames of the transform are not known"


class Frames(NamedTuple):
    """How a signal is cut."""

    n_fft: Dim
    hop: Dim
    win: Dim
    dtype: str
    """That of the signal times the window."""

    @property
    def is_complex(self) -> bool:
        return self.dtype.startswith("complex")


def frames(
    call: Call, name: str, input: Tensor, n_fft: Dim | None, hop: Value, win: Value, window: Value
) -> Frames | None:
    """Checks what both directions take; None where something is not known."""
    if n_fft is None:
        call.fail(CALL_ARGUMENTS, at="n_fft", name=name, problem="n_fft is None, no integer")
    at_least(call, name, "n_fft", n_fft, 1)
    step = n_fft // 4 if hop is None else size_of(hop)
    width = n_fft if win is None else size_of(win)
    if step is None or width is None or isinstance(window, Unknown):
        return None
    at_least(call, name, "hop_length", step, 1)
    at_least(call, name, "win_length", width, 1)
    if proves_less(n_fft, width):
        problem = f"the window has {width} numbers for n_fft = {n_fft}"
        call.fail(CALL_ARGUMENTS, at="win_length", name=name, problem=problem)
    if not isinstance(window, Tensor) or not window.known:
        return Frames(n_fft, step, width, input.dtype)
    if window.rank != 1 or proves_unequal(window.sizes[0], width):
        problem = f"takes a window of {width} numbers, not {show(window.shape)}"
        call.fail(CALL_ARGUMENTS, at="window", name=name, problem=problem)
    return Frames(n_fft, step, width, promote(input.dtype, window.dtype))


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
    takes(call, "stft", FLOATING, input.dtype)
    cut = frames(call, "stft", input, n_fft, hop_length, win_length, window)
    padded = call.host.truth(center)
    if cut is None or padded is None or any(isinstance(f, Unknown) for f in (onesided, window)):
        return Tensor(Unknown(UNKNOWN))
    if padded and align_to_window is not None:
        problem = "align_to_window is for signals that are not padded: center=False"
        call.fail(CALL_ARGUMENTS, at="align_to_window", name="stft", problem=problem)
    takes(call, "stft", "fc", cut.dtype)
    if return_complex is None and not cut.is_complex:
        problem = "return_complex has to be given for an input of real numbers"
        call.fail(CALL_ARGUMENTS, name="stft", problem=problem)
    if onesided is True and cut.is_complex:
        problem = "onesided frequencies are those of real numbers"
        call.fail(CALL_ARGUMENTS, at="onesided", name="stft", problem=problem)
    signal = padded_signal(call, input, n_fft // 2, pad_mode) if padded else input
    return transformed(call, signal, cut, onesided, return_complex, align_to_window)


def padded_signal(call: Call, input: Tensor, by: Dim, mode: Value) -> Tensor:
    """As torch does it, which takes the signals for channels."""
    ones = (1,) * (3 - input.rank)
    channels = input.like((*ones, *input.sizes), (*(None for _ in ones), *input.axes))
    wide = OPS["torch.nn.functional.pad"](call, (channels, (by, by), mode), {})
    if not isinstance(wide, Tensor) or not wide.known:
        return Tensor(Unknown(UNKNOWN), dtype=input.dtype)
    return wide.like(wide.sizes[len(ones) :], wide.axes[len(ones) :])


def transformed(
    call: Call, signal: Tensor, cut: Frames, onesided: Value, whole_numbers: Value, aligned: Value
) -> Tensor:
    """The frequencies of each frame."""
    if not signal.known or not isinstance(whole_numbers, (bool, type(None))):
        return Tensor(Unknown(UNKNOWN))
    length = signal.sizes[-1]
    if proves_less(length, cut.n_fft):
        problem = f"n_fft is {cut.n_fft} for {length} numbers"
        call.fail(CALL_ARGUMENTS, at="n_fft", name="stft", problem=problem)
    half = onesided is not False and not (onesided is None and cut.is_complex)
    count = (length - (cut.win if aligned is True else cut.n_fft)) // cut.hop + 1
    sizes = (cut.n_fft // 2 + 1 if half else cut.n_fft, count)
    link = whole(signal.axes[-1])
    parts, links = ((2,), (None,)) if whole_numbers is False else ((), ())
    dtype = COMPLEX.get(cut.dtype, cut.dtype)
    return Tensor(
        (*signal.sizes[:-1], *sizes, *parts),
        (*signal.axes[:-1], link, link, *links),
        dtype=PARTS.get(dtype, dtype) if whole_numbers is False else dtype,
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
    takes(call, "istft", "c", input.dtype)
    if input.rank not in (2, 3):
        problem = f"takes a tensor of 2 or 3 dimensions, not {input.rank}"
        call.fail(CALL_ARGUMENTS, at="input", name="istft", problem=problem)
    if 0 in input.sizes:
        call.fail(CALL_ARGUMENTS, at="input", name="istft", problem="takes no empty tensor")
    cut = frames(call, "istft", input, n_fft, hop_length, win_length, window)
    flags = (center, onesided, return_complex)
    asked = size_of(length) if length is not None else None
    if cut is None or any(isinstance(f, Unknown) for f in (*flags, length, window)):
        return Tensor(Unknown("the length of the signal is not known"))
    if proves_less(cut.win, cut.hop):
        problem = f"steps of {cut.hop} leave gaps between windows of {cut.win} numbers"
        call.fail(CALL_ARGUMENTS, at="hop_length", name="istft", problem=problem)
    check_frequencies(call, input.sizes[-2], cut, onesided, return_complex)
    trimmed = 2 * (n_fft // 2) if center else 0
    size = n_fft + cut.hop * (input.sizes[-1] - 1) - trimmed if length is None else asked
    if size is None:
        return Tensor(Unknown("the length of the signal is not known"))
    if proves_less(size, 1):
        problem = f"the signal has a length of {size}"
        call.fail(CALL_ARGUMENTS, at="length", name="istft", problem=problem)
    if isinstance(window, Tensor) and return_complex is not True:
        takes(call, "istft", REAL, window.dtype, at="window")
    dtype = cut.dtype if return_complex is True else PARTS.get(cut.dtype, cut.dtype)
    link = whole(*input.axes[-2:])
    return Tensor(
        (*input.sizes[:-2], size), (*input.axes[:-2], link), dtype=dtype, strides=SCATTERED
    )


def check_frequencies(
    call: Call, count: Dim, cut: Frames, onesided: Value, return_complex: Value
) -> None:
    """There are n_fft frequencies, or about half of them, of which no complex numbers come."""
    every = not proves_unequal(count, cut.n_fft)
    half = not proves_unequal(count, cut.n_fft // 2 + 1)
    fits = {True: half, False: every}.get(onesided, half or every)
    if not fits:
        problem = f"{count} frequencies are not those of n_fft = {cut.n_fft}"
        call.fail(CALL_ARGUMENTS, at="n_fft", name="istft", problem=problem)
    if return_complex is True and (onesided is True or (onesided is None and not every)):
        problem = "no complex numbers are made of half of the frequencies"
        call.fail(CALL_ARGUMENTS, at="return_complex", name="istft", problem=problem)


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
        at_least(call, name, "M", M, 0)
        kind = dtype_name(dtype, "float32")
        takes(call, name, "f", kind, at="dtype")
        return Tensor((M,), dtype=kind)


for _name in WINDOWS:
    window(_name)
    # Most give a window of one number before they look at what counted it.
    OTHER_TYPES[f"torch.signal.windows.{_name}"] = "M:i" if _name == "cosine" else "M:ib"


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
