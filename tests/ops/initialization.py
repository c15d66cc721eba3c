"""torch.nn.init."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._kinds import SIZE, SOME, shaped
from tests.ops.table import draw, unjudged

TYPES = st.sampled_from([*[torch.float32] * 6, torch.float64])
ANY = st.lists(SIZE, max_size=4).flatmap(lambda s: shaped(*s, dtype=TYPES))
FULL = st.lists(SOME, max_size=5).flatmap(lambda s: shaped(*s, dtype=TYPES))
NUMBERS = st.sampled_from([0.0, 1, 0.5])
MODES = st.sampled_from(["fan_in", "fan_out", "fan"])
NONLINEARITIES = st.sampled_from(["relu", "tanh", "linear", "selu", "leaky_relu", "conv2d", "gelu"])

draw("torch.nn.init.uniform_ torch.nn.init.uniform", ANY, a=st.just(-1.0), b=NUMBERS)
draw("torch.nn.init.normal_ torch.nn.init.normal", ANY, mean=NUMBERS, std=NUMBERS)
draw("torch.nn.init.trunc_normal_", FULL, mean=NUMBERS, std=st.just(1.0))
draw("torch.nn.init.constant_ torch.nn.init.constant", ANY, NUMBERS)
draw("torch.nn.init.ones_ torch.nn.init.zeros_", ANY)
draw("torch.nn.init.eye_ torch.nn.init.eye", ANY)
draw("torch.nn.init.dirac_ torch.nn.init.dirac", FULL, groups=st.integers(1, 3))
XAVIER = "xavier_uniform_ xavier_normal_ xavier_uniform xavier_normal"
draw(" ".join(f"torch.nn.init.{name}" for name in XAVIER.split()), FULL, gain=NUMBERS)
KAIMING = "kaiming_uniform_ kaiming_normal_ kaiming_uniform kaiming_normal"
draw(
    " ".join(f"torch.nn.init.{name}" for name in KAIMING.split()),
    FULL,
    a=NUMBERS,
    mode=MODES,
    nonlinearity=NONLINEARITIES,
)
PLAIN = st.lists(SOME, max_size=4).map(torch.zeros)
draw("torch.nn.init.orthogonal_ torch.nn.init.orthogonal", PLAIN, gain=NUMBERS)
draw("torch.nn.init.sparse_ torch.nn.init.sparse", FULL, NUMBERS)
draw("torch.nn.init.calculate_gain", NONLINEARITIES, param=st.sampled_from([None, 0.2, 1, "x"]))
draw("torch.nn.init._calculate_fan_in_and_fan_out", ANY)
draw("torch.nn.init._calculate_correct_fan", FULL, MODES)
unjudged("torch.nn.init._no_grad_trunc_normal_", "what trunc_normal_ calls, which is judged")
