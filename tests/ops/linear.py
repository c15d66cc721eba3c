"""Linear and bilinear layers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import tensors
from tests.ops._kinds import DTYPES, FEW, FLAGS, FLOATS, SIZE, maybe, shaped
from tests.ops.table import draw, layer, layers_together, together

BOOLEANS = tensors(1, 2, 1).map(lambda t: t.bool())


@st.composite
def linear(draw: Any) -> Any:
    """Input, weight and bias."""
    rest, inside, out = draw(FEW), draw(SIZE), draw(SIZE)
    weight = (inside,) if draw(st.integers(0, 5)) == 5 else (out, inside)
    made = [draw(shaped(*rest, inside)), draw(shaped(*weight))]
    return [*made, draw(maybe(shaped(out)))]


@st.composite
def linear_layer(draw: Any) -> Any:
    inside, out = draw(st.integers(-1, 4)), draw(st.integers(-1, 4))
    return (inside, out), (draw(shaped(*draw(FEW), max(inside, 0))),)


together("torch.nn.functional.linear", linear())
draw("torch.nn.functional.linear", BOOLEANS, BOOLEANS)
layers_together("torch.nn.Linear", linear_layer(), bias=FLAGS, dtype=FLOATS)
layer(
    "torch.nn.LazyLinear", (SIZE,), (FEW.flatmap(lambda s: shaped(*s)),), bias=FLAGS, dtype=FLOATS
)


@st.composite
def bilinear(draw: Any) -> Any:
    rest, one, two, out = draw(FEW), draw(SIZE), draw(SIZE), draw(SIZE)
    inputs = draw(shaped(*rest, one)), draw(shaped(*rest, two))
    return [*inputs, draw(shaped(out, one, two)), draw(maybe(shaped(out)))]


@st.composite
def bilinear_layer(draw: Any) -> Any:
    rest, sizes = draw(FEW), [draw(st.integers(-1, 4)) for _ in range(3)]
    return sizes, [draw(shaped(*rest, max(s, 0), dtype=DTYPES)) for s in sizes[:2]]


together("torch.bilinear torch.nn.functional.bilinear", bilinear())
layers_together("torch.nn.Bilinear", bilinear_layer(), bias=FLAGS, dtype=FLOATS)
