"""Activations, dropouts and softmax."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import AXES, tensors, torch
from tests.ops._tensors import ANY, FLAGS, functional, modules, typed
from tests.ops.table import draw, layer, together

NUMBERS = st.sampled_from([-1, 0, 1, 0.5, -0.5, 20.0])

# -- element by element -----------------------------------------------------------------------

draw(functional("relu relu6 selu hardsigmoid hardswish silu mish"), ANY, inplace=FLAGS)
layer(modules("ReLU ReLU6 SELU Hardsigmoid Hardswish SiLU Mish"), (), (ANY,), inplace=FLAGS)
draw(functional("relu_ selu_"), ANY)
draw("torch.relu torch.selu torch.selu_ torch.tanh torch.sigmoid", ANY)
draw(functional("tanhshrink softsign tanh sigmoid logsigmoid"), ANY)
layer(modules("Tanhshrink Softsign Tanh Sigmoid LogSigmoid"), (), (ANY,))
draw(functional("elu celu"), ANY, alpha=NUMBERS, inplace=FLAGS)
draw(functional("elu_ celu_"), ANY, alpha=NUMBERS)
draw("torch.celu torch.celu_", ANY, alpha=NUMBERS)
layer(modules("ELU CELU"), (), (ANY,), alpha=NUMBERS, inplace=FLAGS)
draw(functional("leaky_relu"), ANY, negative_slope=NUMBERS, inplace=FLAGS)
draw(functional("leaky_relu_"), ANY, negative_slope=NUMBERS)
layer(modules("LeakyReLU"), (), (ANY,), negative_slope=NUMBERS, inplace=FLAGS)
RANDOM = {"lower": NUMBERS, "upper": st.sampled_from([1, 20.5])}
draw(functional("rrelu"), ANY, **RANDOM, training=FLAGS, inplace=FLAGS)
draw(f"torch.rrelu torch.rrelu_ {functional('rrelu_')}", ANY, **RANDOM, training=FLAGS)
layer(modules("RReLU"), (), (ANY,), **RANDOM, inplace=FLAGS)
draw(functional("hardtanh"), ANY, min_val=NUMBERS, max_val=NUMBERS, inplace=FLAGS)
draw(functional("hardtanh_"), ANY, min_val=NUMBERS, max_val=NUMBERS)
layer(modules("Hardtanh"), (), (ANY,), min_val=NUMBERS, max_val=NUMBERS, max_value=NUMBERS)
draw(functional("gelu"), ANY, approximate=st.sampled_from(["none", "tanh", "erf"]))
layer(modules("GELU"), (), (ANY,), approximate=st.sampled_from(["none", "tanh", "erf"]))
draw(functional("threshold"), ANY, NUMBERS, NUMBERS, inplace=FLAGS)
draw(f"torch.threshold torch.threshold_ {functional('threshold_')}", ANY, NUMBERS, NUMBERS)
layer(modules("Threshold"), (NUMBERS, NUMBERS), (ANY,), inplace=FLAGS)
draw(f"torch.hardshrink {functional('hardshrink softshrink')}", ANY, lambd=NUMBERS)
layer(modules("Hardshrink Softshrink"), (), (ANY,), lambd=NUMBERS)
draw(functional("softplus"), ANY, beta=NUMBERS, threshold=NUMBERS)
layer(modules("Softplus"), (), (ANY,), beta=NUMBERS, threshold=NUMBERS)

# -- with weights, in halves ------------------------------------------------------------------

WEIGHTS = st.sampled_from([(), (1,), (1,), (3,), (4,), (1, 3), (0,)]).map(torch.ones)
ALIKE = st.tuples(tensors(), WEIGHTS, st.sampled_from([torch.float32] * 3 + [torch.int64]))
together(f"torch.prelu {functional('prelu')}", ALIKE.map(lambda p: (p[0].to(p[2]), p[1].to(p[2]))))
WHOLE = typed(tensors(), torch.int64)
layer(modules("PReLU"), (st.sampled_from([1, 1, 3, 4, 0, -1]),), (WHOLE,), init=NUMBERS)
EVEN = st.sampled_from([(4,), (6, 3), (2, 2, 5), (3, 3)]).map(torch.ones)
draw(functional("glu"), typed(EVEN | tensors()), dim=AXES)
layer(modules("GLU"), (), (typed(EVEN | tensors()),), dim=AXES)

# -- dropout ----------------------------------------------------------------------------------

CHANCES = st.sampled_from([0, 0.5, 1, 1.0, 0.1, -0.1, 1.5])
KINDS = "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout"
draw(functional(KINDS), ANY, p=CHANCES, training=FLAGS, inplace=FLAGS)
RAW = "torch.dropout torch.feature_dropout torch.alpha_dropout torch.feature_alpha_dropout"
draw(f"{RAW} {'_ '.join(RAW.split())}_", ANY, CHANCES, FLAGS)
LAYERS = "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout"
layer(modules(LAYERS), (), (ANY,), p=CHANCES, inplace=FLAGS)

# -- softmax ----------------------------------------------------------------------------------

DTYPES = st.sampled_from([torch.float64, torch.float32, torch.int64, None])
SOFT = "torch.softmax torch.log_softmax torch.special.softmax torch.special.log_softmax"
draw(SOFT, ANY, AXES, dtype=DTYPES)
draw(functional("softmax log_softmax softmin"), ANY, AXES | st.none(), dtype=DTYPES)
draw(functional("gumbel_softmax"), ANY, tau=NUMBERS, hard=FLAGS, dim=AXES)
layer(modules("Softmax LogSoftmax Softmin"), (), (ANY,), dim=AXES | st.none())
layer(modules("Softmax2d"), (), (typed(tensors(2, 5)),))
layer(modules("Identity"), (), (ANY,))
