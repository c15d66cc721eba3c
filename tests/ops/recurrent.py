"""Recurrent networks and their cells."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._kinds import DTYPES, FLAGS, FLOATS, mostly, shaped
from tests.ops.table import layers_together, program, together

SIZES = st.sampled_from([1, 2, 3] * 4 + [-1])
LENGTH = st.sampled_from([1, 2, 3] * 3 + [0])
COUNT = st.sampled_from([1, 2, 3] * 4 + [0])


@st.composite
def states(draw: Any, *shapes: Any) -> Any:
    """None, one state or a tuple of them; mostly as many as there are shapes."""
    if draw(FLAGS):
        return None
    made = [draw(shaped(*shape)) for shape in shapes]
    if draw(st.integers(0, 9)) == 9:
        return draw(st.sampled_from([made[0], (made[0],), (made[0],) * 3]))
    return made[0] if len(made) == 1 else tuple(made)


@st.composite
def network(draw: Any, lstm: bool) -> Any:
    """Sizes and options, with an input and states that mostly fit."""
    inputs, hidden, layers = draw(COUNT), draw(COUNT), draw(COUNT)
    first, both = draw(FLAGS), draw(FLAGS)
    projected = draw(st.sampled_from([0, 0, 0, 1, 0, 1, -1])) if lstm else 0
    length, batch = draw(LENGTH), draw(LENGTH)
    batched = draw(st.integers(0, 3)) < 3
    shape = [batch, length] if first else [length, batch]
    given = draw(shaped(*(shape if batched else [length]), inputs))
    rows = layers * (1 + both)
    out = max(projected, 0) or hidden
    sizes = [(rows, *[batch] * batched, n) for n in ([out, hidden] if lstm else [hidden])]
    options = (inputs, hidden, layers)
    more = (draw(FLAGS), first, draw(st.sampled_from([0.0, 0, 0.5, 0.0, 0.5, 2])), both)
    last = (projected, None) if lstm else ()
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


# -- compiled functions -----------------------------------------------------------------------


@st.composite
def compiled(draw: Any, gates: int, count: int, fit: Any = mostly) -> Any:
    """Inputs, states, and the weights of one layer."""
    features, hidden, batch = (draw(SIZES.filter(lambda n: n > 0)) for _ in range(3))
    length = draw(st.integers(2, 3))
    first, both = draw(FLAGS), draw(FLAGS)
    shape = [batch, length] if first else [length, batch]
    given = torch.zeros(*shape, draw(fit(features)), dtype=draw(DTYPES))
    held = [torch.zeros(1 + both, batch, hidden) for _ in range(count)]
    weights = [torch.zeros(gates * hidden, n) for n in (features, hidden)] * (1 + both)
    return [
        given,
        tuple(held) if count > 1 else held[0],
        weights,
        False,
        1,
        0.0,
        False,
        both,
        first,
    ]


# What torch calls for the LSTM does not look at the features, and reads beyond the weights.
together("torch.lstm", compiled(4, 2, st.just))
together("torch.gru", compiled(3, 1))
together("torch.rnn_tanh", compiled(1, 1))
together("torch.rnn_relu", compiled(1, 1))


@st.composite
def step(draw: Any, gates: int, count: int) -> Any:
    features, hidden, batch = (draw(SIZES.filter(lambda n: n > 0)) for _ in range(3))
    held = [draw(shaped(batch, hidden)), *[torch.zeros(batch, hidden)] * (count - 1)]
    weights = [torch.zeros(gates * hidden, n) for n in (features, hidden)]
    return [draw(shaped(batch, features)), tuple(held) if count > 1 else held[0], *weights]


together("torch.lstm_cell", step(4, 2))
together("torch.gru_cell", step(3, 1))
together("torch.rnn_tanh_cell", step(1, 1))
together("torch.rnn_relu_cell", step(1, 1))
program(
    "torch.nn.RNNBase",
    "tuple(nn.RNNBase({}, {}, {}, {}, bidirectional={}).parameters())",
    st.sampled_from(["LSTM", "GRU", "RNN_TANH", "RNN_RELU", "RNN"]),
    COUNT,
    COUNT,
    COUNT,
    FLAGS,
)
program(
    "torch.nn.RNNCellBase",
    "(torch.zeros(1), *nn.RNNCellBase({}, {}, {}, {}).parameters())",
    SIZES,
    SIZES,
    FLAGS,
    st.integers(1, 4),
)
