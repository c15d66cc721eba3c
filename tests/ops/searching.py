"""Where values lie among others, combinations, covariances, frequencies and short-time transforms."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import AXES, tensors, torch
from tests.ops._tensors import typed
from tests.ops.table import draw

FLAG = st.booleans()
LINES = st.integers(0, 4).map(lambda n: torch.arange(float(n)))
ANY = tensors(0, 3, 1)
draw("torch.bucketize", ANY, LINES | tensors(0, 2, 1), out_int32=FLAG, right=FLAG)
draw("torch.searchsorted", LINES | tensors(1, 3, 1), ANY, out_int32=FLAG, right=FLAG)
# Of a number among the elements torch views the others as a row, which not every layout allows.
draw("torch.isin", ANY, ANY.map(torch.Tensor.contiguous))
draw("torch.isin", typed(tensors(), torch.bool, torch.int64, torch.complex64), st.just(2))
NUMBERS = st.sampled_from([(0,), (1,), (4,), (2, 3), ()]).map(torch.ones)
draw("torch.combinations", NUMBERS, st.integers(-1, 3), FLAG)
draw("torch.vander", NUMBERS, st.none() | st.integers(0, 4))
draw("torch.linalg.vander", NUMBERS, N=st.none() | st.integers(2, 4))
draw("torch.cov torch.corrcoef", tensors(1, 3, 2))
KINDS = st.sampled_from([torch.float64, torch.float16, torch.int64, torch.complex64])
draw("torch.fft.fftfreq torch.fft.rfftfreq", st.integers(-4, 9), d=st.just(0.5), dtype=KINDS)
WINDOWS = "bartlett blackman cosine hamming hann nuttall"
for _name in WINDOWS.split():
    draw(f"torch.signal.windows.{_name}", st.integers(1, 9), sym=FLAG)
draw("torch.trapezoid torch.trapz torch.cumulative_trapezoid", ANY, dim=AXES)
SIGNALS = st.sampled_from([(40,), (2, 40), (9,), (2, 3, 40)]).map(torch.ones)
draw(
    "torch.stft",
    SIGNALS,
    st.sampled_from([8, 16, 20]),
    st.sampled_from([None, 4, 5]),
    center=FLAG,
    onesided=FLAG,
    return_complex=st.booleans(),
)
NONE = st.none()
WINDOW = st.sampled_from([None, None, torch.ones(8), torch.ones(8, dtype=torch.float64)])
WAYS = (FLAG, st.just("reflect"), FLAG, FLAG, FLAG)
draw("torch.stft", SIGNALS, st.just(8), NONE, NONE, WINDOW, *WAYS)
SPECTRA = st.sampled_from([(5, 9), (2, 5, 9)]).map(lambda s: torch.ones(s, dtype=torch.complex64))
draw(
    "torch.istft",
    SPECTRA,
    st.just(8),
    st.sampled_from([None, 2]),
    length=st.sampled_from([None, 12]),
)
