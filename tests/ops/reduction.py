"""Reductions, orderings, norms and distances."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import AXES, tensors, torch
from tests.ops.table import draw

FULL = tensors(0, 4, 1)
FLAGS = st.booleans()
SEVERAL = st.none() | AXES | st.lists(st.integers(-3, 3), max_size=3).map(tuple)

draw("torch.sum torch.nansum torch.mean torch.nanmean", FULL, SEVERAL, FLAGS)
draw("torch.all torch.any", FULL, SEVERAL, FLAGS)
draw("torch.argmax torch.argmin", FULL, st.none() | AXES, FLAGS)
draw("torch.cumsum torch.cumprod torch.cummax torch.cummin torch.logcumsumexp", FULL, AXES)
draw("torch.quantile", FULL, st.sampled_from([0.5, torch.tensor([0.1, 0.2])]), st.none() | AXES)
