"""Weights that are computed from others, and what changes a module in place."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.ops._kinds import Text
from tests.ops.table import program

MODULES = st.sampled_from(
    [
        "nn.Linear(3, 4)",
        "nn.Conv2d(3, 4, 2)",
        "nn.LSTM(3, 4)",
        "nn.ReLU()",
    ]
).map(Text)
NAMES = st.sampled_from(["weight", "weight", "weight_hh_l0", "none"])
DIMS = st.sampled_from([0, 1, -1, None, 3])
program(
    "torch.nn.utils.weight_norm",
    "made = torch.nn.utils.weight_norm({0}, {1}, {2})\n([p for p in made.parameters()], getattr(made, {1}))",
    MODULES,
    NAMES,
    DIMS,
)
program(
    "torch.nn.utils.parametrizations.weight_norm",
    "made = torch.nn.utils.parametrizations.weight_norm({0}, {1}, {2})\n"
    "([p for p in made.parameters()], getattr(made, {1}))",
    MODULES,
    NAMES,
    DIMS,
)
program(
    "torch.nn.utils.spectral_norm torch.nn.utils.parametrizations.spectral_norm",
    "made = torch.nn.utils{0}.spectral_norm({1}, {2})\n([p for p in made.parameters()], getattr(made, {2}))",
    st.sampled_from(["", ".parametrizations"]).map(Text),
    MODULES,
    NAMES,
)
program(
    "torch.nn.utils.parametrizations.orthogonal",
    "made = torch.nn.utils.parametrizations.orthogonal({0}, {1})\n"
    "([p for p in made.parameters()], getattr(made, {1}))",
    MODULES,
    NAMES,
)
