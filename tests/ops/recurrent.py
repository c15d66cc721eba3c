"""Recurrent networks and their cells."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.ops._kinds import DTYPES, FLAGS, FLOATS, shaped
from tests.ops.table import layers_together

SIZES = st.sampled_from([1, 2, 3, -1])
COUNT = st.sampled_from([1, 2, 1, 2, 3, 0])


@st.composite
def states(draw: Any, *shapes: Any) -> Any:
    """None, one state or a tuple of them; mostly as many as there are shapes."""
    if draw(FLAGS):
        return None
    made = [draw(shaped(*shape)) for shape in shapes]
    if not draw(st.integers(0, 9)):
        return draw(st.sampled_from([made[0], (made[0],), (made[0],) * 3]))
    return made[0] if len(made) == 1 else tuple(made)


@st.composite
def network(draw: Any, lstm: bool) -> Any:
    """Sizes and options, with an input and states that mostly fit."""
    inputs, hidden, layers = draw(COUNT), draw(COUNT), draw(COUNT)
    first, both = draw(FLAGS), draw(FLAGS)
    projected = draw(st.sampled_from([0, 0, 1, -1])) if lstm else 0
    length, batch = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    batched = bool(draw(st.integers(0, 3)))
    shape = [batch, length] if first else [length, batch]
    given = draw(shaped(*(shape if batched else [length]), inputs))
    rows = layers * (1 + both)
    out = max(projected, 0) or hidden
    sizes = [(rows, *[batch] * batched, n) for n in ([out, hidden] if lstm else [hidden])]
    options = (inputs, hidden, layers)
    more = (draw(FLAGS), first, draw(st.sampled_from([0.0, 0, 0.5, 2])), both)
    last = (projected,) if lstm else ()
    return (*options, *more, *last), (given, draw(states(*sizes)))


@st.composite
def elman(draw: Any) -> Any:
    made, inputs = draw(network(False))
    return (*made[:3], draw(st.sampled_from(["tanh", "relu", "elu"])), *made[3:]), inputs


layers_together("torch.nn.LSTM", network(True), dtype=FLOATS)
layers_together("torch.nn.GRU", network(False), dtype=FLOATS)
layers_together("torch.nn.RNN", elman(), dtype=FLOATS)


@st.composite
def cell(draw: Any, count: int) -> Any:
    inputs, hidden = draw(SIZES), draw(SIZES)
    batch = draw(st.lists(st.integers(0, 3), max_size=1))
    given = draw(shaped(*batch, max(inputs, 0), dtype=DTYPES))
    state = (*batch, max(hidden, 0))
    return (inputs, hidden, draw(FLAGS)), (given, draw(states(*[state] * count)))


layers_together("torch.nn.RNNCell", cell(1), nonlinearity=st.sampled_from(["tanh", "relu", "elu"]))
layers_together("torch.nn.GRUCell", cell(1), dtype=FLOATS)
layers_together("torch.nn.LSTMCell", cell(2), dtype=FLOATS)
