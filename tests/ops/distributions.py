"""Distributions: what they draw, and the log-probabilities of that."""

from __future__ import annotations

from hypothesis import strategies as st

from conv_lsp.library.distributions import SCALAR
from tests.ops.table import program, unjudged

SHAPES = st.sampled_from([(), (3,), (2, 3), (2, 1), (1, 3), (4,)])
OUTER = st.sampled_from([(), (5,), (2, 2)])
PLACE = "torch.distributions"
COUNTS = {name: len([n for n in names.split() if n != "logits"]) for name, names in SCALAR.items()}
for _name, _count in COUNTS.items():
    _options = "probs" in SCALAR[_name].split()
    # Probabilities lie between 0 and 1, bounds are in order.
    _values = ["torch.full({}, 0.5)"] * _count
    if _name == "Uniform":
        _values = ["torch.zeros({})", "torch.ones({})"]
    if _name in ("Binomial", "NegativeBinomial"):
        _values[0] = "torch.full({}, 3.0)"
    _made = f"{PLACE}.{_name}({', '.join(_values)})"
    _shapes = [SHAPES] * _count
    program(f"{PLACE}.{_name}", f"d = {_made}\nd.sample({{}})", *_shapes, OUTER)
    program(f"{PLACE}.{_name}", f"d = {_made}\nd.log_prob(d.sample({{}}))", *_shapes, OUTER)
program(f"{PLACE}.Normal", "torch.distributions.Normal(0.0, 1.0).rsample({})", OUTER)
program(f"{PLACE}.Normal", "torch.distributions.Normal(torch.zeros({}), 1.0).mean", SHAPES)

ROWS = st.sampled_from([(3,), (2, 3), (5, 2, 4), ()])
for _name in "Categorical OneHotCategorical OneHotCategoricalStraightThrough".split():
    for _word in ("probs", "logits"):
        _made = f"d = {PLACE}.{_name}({_word}=torch.ones({{}}))"
        program(f"{PLACE}.{_name}", f"{_made}\nd.sample({{}})", ROWS, OUTER)
        program(f"{PLACE}.{_name}", f"{_made}\nd.log_prob(d.sample({{}}))", ROWS, OUTER)
        program(f"{PLACE}.{_name}", f"{_made}\nd.entropy()", ROWS)
for _made in ("Dirichlet(torch.ones({}))", "Multinomial(4, torch.ones({}))"):
    _path = f"{PLACE}.{_made.partition('(')[0]}"
    program(_path, f"d = {PLACE}.{_made}\nd.sample({{}})", ROWS, OUTER)
    program(_path, f"d = {PLACE}.{_made}\nd.log_prob(d.sample({{}}))", ROWS, OUTER)
for _word in ("covariance_matrix", "precision_matrix", "scale_tril"):
    _made = f"d = {PLACE}.MultivariateNormal(torch.zeros({{}}), {_word}=torch.eye({{}}))"
    _sizes = (st.sampled_from([(3,), (2, 3), (2,), ()]), st.sampled_from([3, 3, 3, 2]))
    program(f"{PLACE}.MultivariateNormal", f"{_made}\nd.sample({{}})", *_sizes, OUTER)
    program(f"{PLACE}.MultivariateNormal", f"{_made}\nd.log_prob(torch.zeros({{}}))", *_sizes, ROWS)
_base = f"{PLACE}.Normal(torch.zeros({{}}), 1.0)"
_made = f"d = {PLACE}.Independent({_base}, {{}})"
program(f"{PLACE}.Independent", f"{_made}\nd.sample({{}})", SHAPES, st.integers(0, 2), OUTER)
program(
    f"{PLACE}.Independent", f"{_made}\nd.log_prob(d.sample({{}}))", SHAPES, st.integers(0, 2), OUTER
)
program(
    f"{PLACE}.MixtureSameFamily",
    f"d = {PLACE}.MixtureSameFamily({PLACE}.Categorical(torch.ones(4)), "
    f"{PLACE}.Normal(torch.zeros(4), 1.0))\nd.sample({{}})",
    OUTER,
)
program(
    f"{PLACE}.kl_divergence",
    f"{PLACE}.kl_divergence({PLACE}.Normal(torch.zeros({{}}), 1.0), "
    f"{PLACE}.Normal(torch.zeros({{}}), 2.0))",
    SHAPES,
    SHAPES,
)
unjudged(f"{PLACE}.kl.kl_divergence", "another path of torch.distributions.kl_divergence")
