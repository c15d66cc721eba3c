"""Fourier transforms."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import AXES
from tests.ops._numbers import numbers
from tests.ops.table import draw

NEAR = st.integers(-2, 1)
SIGNALS = numbers("fffffbhci", 0, 3)
FULL = numbers("ffc", 2, 3, 1)
SIZES = st.none() | st.integers(-1, 5)
NORM = st.sampled_from([None, "ortho", "forward", "backward", "strange"])
SEVERAL = st.none() | NEAR | st.lists(NEAR, max_size=3).map(tuple)
SHAPE = st.none() | st.lists(st.integers(-1, 5), max_size=3)


def paths(suffix: str) -> str:
    return " ".join(f"torch.fft.{p}fft{suffix}" for p in ("", "i", "r", "ir", "h", "ih"))


draw(paths(""), SIGNALS, SIZES, AXES, NORM)
draw(paths(""), FULL, n=st.integers(1, 5), dim=NEAR, norm=st.just("ortho"))
draw(f"{paths('2')} {paths('n')}", SIGNALS, s=SHAPE, dim=SEVERAL, norm=NORM)
PAIR = st.permutations([0, 1, -1]).map(lambda axes: tuple(axes[:2]))
SIZE = st.integers(2, 5)
draw(f"{paths('2')} {paths('n')}", FULL, s=st.none() | st.tuples(SIZE, SIZE), dim=PAIR)
draw("torch.fft.fftshift", SIGNALS, SEVERAL)
SOME = st.none() | st.lists(AXES, max_size=3).map(tuple)
draw(f"{paths('2')} {paths('n')}", SIGNALS, s=st.none() | st.lists(SIZE, max_size=3), dim=SOME)
draw("torch.fft.fftshift torch.fft.ifftshift", SIGNALS, dim=SOME | AXES)
