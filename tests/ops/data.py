"""Data sets and the batches of their items; what trains on them is judged as programs."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.ops._kinds import Text
from tests.ops.table import program, unjudged

COUNT = st.integers(1, 7)
INDEX = st.integers(-3, 7)
TENSORS = "torch.utils.data.TensorDataset(torch.zeros({0}, 2), torch.zeros({0}, dtype=torch.int64))"

program(
    "torch.utils.data.TensorDataset",
    f"data = {TENSORS}\n(torch.zeros(len(data)), *data[{{1}}])",
    COUNT,
    INDEX,
)
program(
    "torch.utils.data.TensorDataset",
    "torch.utils.data.TensorDataset(torch.zeros({}, 2), torch.zeros({}))[0]",
    st.integers(1, 3),
    st.integers(1, 3),
)
program(
    "torch.utils.data.Subset",
    f"data = torch.utils.data.Subset({TENSORS}, {{1}})\n(torch.zeros(len(data)), *data[0])",
    COUNT,
    st.lists(st.integers(0, 2), min_size=1, max_size=3),
)
program(
    "torch.utils.data.ConcatDataset",
    f"first = {TENSORS}\nsecond = torch.utils.data.TensorDataset(*first[:{{1}}])\n"
    "data = torch.utils.data.ConcatDataset([first, second])\n"
    "(torch.zeros(len(data)), torch.zeros(len(first + second)), *data[0])",
    COUNT,
    st.integers(1, 3),
)
program(
    "torch.utils.data.random_split torch.utils.data.dataset.random_split",
    f"parts = torch.utils.data.random_split({TENSORS}, {{1}})\n"
    "(torch.zeros(len(parts)), *[torch.zeros(len(p)) for p in parts], *parts[0][0])",
    COUNT,
    st.sampled_from([[3, 1], [1, 1, 1], [0.5, 0.5], [4], [1.0], [0.8, 0.3], [2, 2]]),
)
ITEMS = st.sampled_from(
    [
        "torch.zeros({}, 2)",
        "1",
        "2.5",
        "(torch.zeros(3), 1)",
        "{{'x': torch.zeros(2), 'y': 3}}['x']",
        "[torch.zeros(2), 0.5]",
        "torch.zeros(2, dtype=torch.int64)",
    ]
).map(lambda text: Text(text.format(3)))
program(
    "torch.utils.data.default_collate torch.utils.data.dataloader.default_collate",
    "torch.utils.data.default_collate([{}] * {})",
    ITEMS,
    st.integers(0, 3),
)
program(
    "torch.utils.data.default_collate",
    "torch.utils.data.default_collate([torch.zeros({}), torch.zeros({})])",
    st.integers(1, 2),
    st.integers(1, 2),
)
OWN = """\
class Own(torch.utils.data.Dataset):
    def __len__(self):
        return {0}
    def __getitem__(self, index):
        return torch.zeros({1}, 3), index
"""
program(
    "torch.utils.data.Dataset",
    OWN + "data = Own()\n(torch.zeros(len(data)), data[0][0], torch.zeros(len(data + data)))",
    COUNT,
    COUNT,
)
STREAM = """\
class Stream(torch.utils.data.IterableDataset):
    def __iter__(self):
        for i in range({0}):
            yield torch.zeros({1})
"""
program(
    "torch.utils.data.IterableDataset",
    STREAM + "torch.stack([x for x in Stream()])",
    st.integers(0, 3),
    COUNT,
)
unjudged(
    "torch.utils.data.DataLoader torch.utils.data.Sampler",
    "batches are judged by the cases of loaders; the order of items is random",
)
unjudged("torch.utils.data.get_worker_info", "None in the process itself")
