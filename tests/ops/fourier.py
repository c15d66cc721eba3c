"""Fourier transforms over one axis, two or all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import AXES
from tests.ops._numbers import numbers
from tests.ops.table import draw

SIZES = st.none() | st.integers(-1, 6)
NORMS = st.sampled_from([None, "forward", "backward", "ortho", "other"])
PAIRS = st.none() | st.lists(st.integers(0, 5), max_size=3).map(tuple)
SEVERAL = st.none() | st.lists(AXES, max_size=3).map(tuple)
SIGNALS = numbers("ffffibhc", 0, 3)
for _name in "fft ifft rfft irfft hfft ihfft".split():
    draw(f"torch.fft.{_name}", SIGNALS, n=SIZES, dim=AXES, norm=NORMS)
    draw(f"torch.fft.{_name}2", SIGNALS, s=PAIRS, dim=SEVERAL.filter(bool), norm=NORMS)
    draw(f"torch.fft.{_name}n", SIGNALS, s=PAIRS, dim=SEVERAL, norm=NORMS)
draw("torch.fft.fftshift torch.fft.ifftshift", numbers("ffibc", 0, 3), dim=SEVERAL | AXES)
