"""Types, limits, comparisons, samplers: what stands between the operators of a network."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.ops._numbers import broadcast
from tests.ops.table import program, together, unjudged

together(
    "Tensor.__eq__ Tensor.__ne__ Tensor.__lt__ Tensor.__le__ Tensor.__gt__ Tensor.__ge__",
    broadcast("ffffib"),
)
program("Tensor.__abs__", "torch.zeros({}).__abs__()", st.sampled_from([(2,), ()]))
program("torch.Size", "torch.zeros(torch.Size({}))", st.sampled_from([(2, 3), (), [4]]))
program("torch.Tensor", "torch.Tensor({}, {})", st.integers(0, 3), st.integers(0, 3))
program("torch.Tensor", "torch.Tensor({})", st.sampled_from([[1.0, 2.0], [[1], [2]], 3]))
program("torch.device", "torch.zeros(2, device=torch.device('cpu'))")
program("torch.iinfo", "torch.zeros(torch.iinfo(torch.uint8).max // 85)")
program("torch.finfo", "torch.full((2,), torch.finfo(torch.float32).min)")
program("operator.index", "import operator\ntorch.zeros(operator.index({}))", st.integers(0, 3))
program("operator.itemgetter", "import operator\noperator.itemgetter(1)([1, torch.zeros(3)])")
program("operator.attrgetter", "import operator\noperator.attrgetter('T')(torch.zeros(3, 2))")
unjudged("torch.dtype torch.memory_format", "types, which make nothing")
unjudged(
    "torch.nn.UninitializedParameter torch.nn.parameter.UninitializedParameter",
    "has no shape before a layer gives it one",
)
LENGTH = "torch.zeros(len(torch.utils.data.{}))"
SAMPLERS = {
    "SequentialSampler": "SequentialSampler(range(5))",
    "RandomSampler": "RandomSampler(range(5))",
    "SubsetRandomSampler": "SubsetRandomSampler([1, 3])",
    "WeightedRandomSampler": "WeightedRandomSampler([0.5, 0.5], 4)",
    "BatchSampler": (
        "BatchSampler(torch.utils.data.SequentialSampler(range(5)), batch_size=2, drop_last=False)"
    ),
}
for _name, _made in SAMPLERS.items():
    program(f"torch.utils.data.{_name}", LENGTH.replace("{}", _made))
unjudged("torch.utils.data.DistributedSampler", "needs other processes")
unjudged("torch.utils.data.ChainDataset", "has no length and no items by number")
program(
    "torch.utils.data.StackDataset",
    "d = torch.utils.data.StackDataset(torch.zeros(4, 2), torch.zeros(4))\n"
    "next(iter(torch.utils.data.DataLoader(d, batch_size=2)))",
)
unjudged(
    "torch.utils._pytree.tree_flatten torch.utils._pytree.tree_leaves torch.utils._pytree.tree_map "
    "torch.utils._pytree.tree_unflatten torch.autograd.functional.hessian "
    "torch.autograd.functional.jacobian",
    "what it gives is unknown, and said to be",
)
