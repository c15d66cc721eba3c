"""What is done to the parameters of modules."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import tensors
from tests.ops._kinds import FLAGS, SOME, Text
from tests.ops.table import draw, program, unjudged

MODULES = st.sampled_from(["nn.Linear(3, 4)", "nn.Conv2d(3, 4, 2)", "nn.ReLU()"]).map(Text)
SAID = "(torch.zeros(1), *[p for p in made.parameters()], *[b for b in made.buffers()])"
VECTOR = "torch.nn.utils.parameters_to_vector(nn.Linear({}, {}).parameters())"
PRUNE = "made = nn.Linear({}, 3)\ntorch.nn.utils.prune.%s(made, 'weight', %s)\n" + SAID

program("torch.nn.utils.parameters_to_vector", VECTOR, SOME, SOME)
program(
    "torch.nn.utils.vector_to_parameters",
    "made = nn.Linear({}, {})\n"
    "torch.nn.utils.vector_to_parameters(torch.zeros({}), made.parameters())\n" + SAID,
    SOME,
    SOME,
    st.integers(1, 12),
)
draw("torch.nn.utils.get_total_norm", st.lists(tensors(), max_size=3))
program("torch.nn.utils.skip_init", "torch.nn.utils.skip_init(nn.Linear, {}, 3).weight", SOME)
program(
    "torch.nn.utils.fuse_conv_bn_eval",
    "conv = nn.Conv2d(2, {0}, 3, bias={1}).train({2})\nmade = torch.nn.utils.fuse_conv_bn_eval(conv, "
    "nn.BatchNorm2d({0}).eval())\n(*made.parameters(), made(torch.zeros(1, 2, 5, 5)))",
    SOME,
    FLAGS,
    st.sampled_from([False, False, True]),
)
program(
    "torch.nn.utils.fuse_linear_bn_eval",
    "made = torch.nn.utils.fuse_linear_bn_eval(nn.Linear(2, {0}, bias={1}).eval(), "
    "nn.BatchNorm1d({0}).eval())\n(*made.parameters(), made(torch.zeros(3, 2)))",
    SOME,
    FLAGS,
)
program(
    "torch.nn.utils.fuse_conv_bn_weights",
    "torch.nn.utils.fuse_conv_bn_weights(torch.zeros({0}, 2, 3, 3), None, torch.zeros({0}), "
    "torch.ones({0}), 1e-5, None, None)",
    SOME,
)
program(
    "torch.nn.utils.fuse_linear_bn_weights",
    "torch.nn.utils.fuse_linear_bn_weights(torch.zeros({0}, 2), None, torch.zeros({0}), "
    "torch.ones({0}), 1e-5, torch.ones({0}), torch.ones({0}))",
    SOME,
)
for _name, _more in (("l1_unstructured", "0.5"), ("random_structured", "0.5, 0"), ("identity", "")):
    program(
        f"torch.nn.utils.prune.{_name} torch.nn.utils.prune.identity",
        "import torch.nn.utils.prune\n" + PRUNE % (_name, _more),
        SOME,
    )
program(
    "torch.nn.utils.prune.remove",
    "import torch.nn.utils.prune\nmade = torch.nn.utils.prune.identity(nn.Linear({}, 3), 'weight')\n"
    "pruned = torch.nn.utils.prune.is_pruned(made)\n"
    "torch.nn.utils.prune.remove(made, 'weight')\n(torch.zeros(int(pruned)), *made.parameters(), "
    "*made.buffers())",
    SOME,
)
program(
    "torch.nn.utils.prune.is_pruned torch.nn.utils.prune.global_unstructured",
    "import torch.nn.utils.prune as prune\nmade = nn.Sequential(nn.Linear({}, 3), nn.Linear(3, 2))\n"
    "prune.global_unstructured([(m, 'weight') for m in made], prune.L1Unstructured, amount=0.5)\n"
    "(torch.zeros(int(prune.is_pruned(made))), *made.parameters(), *made.buffers())",
    SOME,
)
unjudged("torch.nn.utils.clip_grads_with_norm_", "it changes gradients and gives nothing")

STEP = """\
import torch.nn.utils.parametrize as P
class Step(nn.Module):
    def forward(self, x):
        return {0}
made = nn.Linear(3, {1})
P.register_parametrization(made, {2}, Step(){3})
"""
STEPS = st.sampled_from(["x.tril()", "x[:1]", "x * 2"]).map(Text)
NAMES = st.sampled_from(["weight", "weight", "bias", "none"])
UNSAFE = st.sampled_from(["", ", unsafe=True"]).map(Text)
program(
    "torch.nn.utils.parametrize.register_parametrization torch.nn.utils.parametrize.is_parametrized",
    STEP
    + "(made.weight, made.bias, *made.parameters(), torch.zeros(int(P.is_parametrized(made))), "
    "torch.zeros(int(P.is_parametrized(made, 'bias'))))",
    STEPS,
    SOME,
    NAMES,
    UNSAFE,
)
program(
    "torch.nn.utils.parametrize.remove_parametrizations",
    STEP + "P.remove_parametrizations(made, 'weight', {4})\n(made.weight, *made.parameters())",
    STEPS,
    SOME,
    NAMES,
    UNSAFE,
    FLAGS,
)
for _norm in "weight", "spectral":
    program(
        "torch.nn.utils.remove_weight_norm torch.nn.utils.remove_spectral_norm",
        f"made = torch.nn.utils.{_norm}_norm({{}})\n"
        f"made = torch.nn.utils.remove_{_norm}_norm(made, {{}})\n" + SAID,
        st.sampled_from(["nn.Linear(3, 4)", "nn.Conv2d(3, 4, 2)"]).map(Text),
        NAMES,
    )
