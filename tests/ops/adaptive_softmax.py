"""Losses that have weights of their own."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.ops._kinds import FLAGS, FLOATS, SOME, shaped
from tests.ops.losses import CLASSES, OPTIONS
from tests.ops.table import layers_together, program, together

CUTOFFS = st.sampled_from([[2], [2, 5], [1, 2, 3], [5, 2], [2, 2], [], [8], [0]])


@st.composite
def adaptive(draw: Any) -> Any:
    batch = draw(st.lists(SOME, max_size=1))
    inputs = draw(shaped(*batch, 4)), draw(shaped(*batch, dtype=CLASSES))
    return (4, 8, draw(CUTOFFS)), inputs


layers_together(
    "torch.nn.AdaptiveLogSoftmaxWithLoss",
    adaptive(),
    div_value=st.sampled_from([1.0, 2, 4.0]),
    head_bias=FLAGS,
    dtype=FLOATS,
)
program(
    "torch.nn.AdaptiveLogSoftmaxWithLoss",
    "made = nn.AdaptiveLogSoftmaxWithLoss({}, 9, {}, div_value={})\nx = torch.zeros(3, {})\n"
    "(made.log_prob(x), made.predict(x), *made.parameters())",
    st.sampled_from([4, 8]),
    CUTOFFS,
    st.sampled_from([1.0, 2.0, 4.0]),
    st.sampled_from([4, 8]),
)


@st.composite
def projected(draw: Any) -> Any:
    batch, features, count = draw(SOME), draw(SOME), draw(SOME)
    inputs = draw(shaped(batch, features)), draw(shaped(count, features))
    return [*inputs, draw(shaped(batch, dtype=CLASSES))]


together(
    "torch.nn.functional.linear_cross_entropy",
    projected(),
    reduction=OPTIONS["reduction"],
    label_smoothing=st.sampled_from([0.0, 0.1]),
)


@st.composite
def projecting(draw: Any) -> Any:
    given, weight, target = draw(projected())
    return (given.shape[-1], weight.shape[0]), (given, target)


layers_together(
    "torch.nn.LinearCrossEntropyLoss",
    projecting().filter(lambda d: d[0][0] > 0),
    bias=FLAGS,
    dtype=FLOATS,
    reduction=OPTIONS["reduction"],
)
