"""torch.utils.data and torchvision.datasets: batches."""

from __future__ import annotations

from hypothesis import strategies as st

from conv_lsp.library.vision_datasets import ALL, PAIRS
from tests.ops import _compiled
from tests.ops.table import program, unjudged

D = "torch.utils.data."
HEAD = """\
from torch.utils.data import *
a, b = torch.zeros(10, 3, 4), torch.zeros(10, dtype=torch.int64)
data = TensorDataset(a, b)
class Own(Dataset):
    def __init__(self, count=7): self.count = count
    def __len__(self): return self.count
    def __getitem__(self, at): return dict(x=torch.zeros(2, 5), y=at, z=(1.5, True), n=np.zeros(3))
def first(loader):
    for batch in loader: return batch
"""
SIZE, FLAG = st.integers(1, 12), st.booleans()
LOADED = HEAD + "batch = first(DataLoader({}, batch_size={}, drop_last={}))\n"
KEYS = "batch['x'], batch['y'], batch['z'][0], batch['z'][1], batch['n']"
NUMBER = st.sampled_from([1, 2, 5, 0, -1])
program(f"{D}DataLoader", LOADED.format("data", "{}", "{}") + "batch[0], batch[1]", NUMBER, FLAG)
program(f"{D}Dataset", LOADED.format("Own()", "{}", "{}") + KEYS, st.integers(1, 7), st.just(False))
COUNTS = (
    HEAD + "size = {}\nloader = DataLoader(Own(size), {}, drop_last={})\ntorch.zeros(len(loader))"
)
program(f"{D}DataLoader", COUNTS, SIZE, st.integers(1, 4), FLAG)
ROWS = st.sampled_from([10, 9, 11])
program(f"{D}TensorDataset", HEAD + "TensorDataset(a, torch.zeros({}, 2))[3][1]", ROWS)
program(
    f"{D}Subset",
    HEAD + "first(DataLoader(Subset(data, range({})), 3))[0]",
    SIZE.filter(lambda n: n < 10),
)
program(f"{D}ConcatDataset", HEAD + "torch.zeros(len(ConcatDataset([data, Own({})])))", SIZE)
program(
    f"{D}StackDataset",
    HEAD + "first(DataLoader(StackDataset(u=data, v=a), {}))['u'][0]",
    st.integers(1, 4),
)
CHAINED = """\
class Stream(IterableDataset):
    def __iter__(self): return iter([torch.zeros(2, 3)] * 6)
"""
program(
    f"{D}IterableDataset", HEAD + CHAINED + "first(DataLoader(Stream(), {}))", st.integers(1, 6)
)
CHAIN = "first(DataLoader(ChainDataset([Stream(), Stream()]), {}))"
program(f"{D}ChainDataset", HEAD + CHAINED + CHAIN, st.integers(1, 6))
PARTS = st.sampled_from([[7, 3], [0.8, 0.2], [0.5, 0.25, 0.25], [7, 2], [0.33, 0.33, 0.34], [10]])
SPLIT = HEAD + "parts = random_split(data, {})\n"
program(f"{D}random_split", SPLIT + "torch.zeros([len(p) for p in parts])", PARTS)
COLLATED = HEAD + "default_collate([{}] * {})"
for text in (
    "torch.zeros(2)",
    "1",
    "1.5",
    "True",
    "(1, torch.zeros(3))",
    "np.zeros(3)",
    "None",
    "[1, 2]",
):
    program(f"{D}default_collate", COLLATED.replace("{}", text, 1), st.integers(1, 3))
WHOLE = {
    "SequentialSampler": "SequentialSampler(data)",
    "RandomSampler": "RandomSampler(data, num_samples=4)",
    "SubsetRandomSampler": "SubsetRandomSampler([1, 2, 3])",
    "WeightedRandomSampler": "WeightedRandomSampler([1.0] * 10, 6)",
    "BatchSampler": "BatchSampler(RandomSampler(data), 4, False)",
    "DistributedSampler": "DistributedSampler(data, 3, 0)",
}
for name, text in WHOLE.items():
    program(
        f"{D}{name}",
        HEAD + f"from torch.utils.data.distributed import *\ntorch.zeros(len({text}), {{}})",
        SIZE,
    )
SAMPLED = "first(DataLoader(data, batch_size={}, sampler=SubsetRandomSampler([1, 2])))[0]"
program(f"{D}SubsetRandomSampler", HEAD + SAMPLED, st.integers(1, 4))
BATCHED = "first(DataLoader(data, batch_sampler=BatchSampler(RandomSampler(data), {}, False)))[0]"
program(f"{D}BatchSampler", HEAD + BATCHED, st.integers(1, 4))
unjudged(f"{D}Sampler", "a base class")
unjudged(f"{D}get_worker_info", "gives None")

# -- images -----------------------------------------------------------------------------------

V = "torchvision.datasets."
FAKE = """\
import torchvision.transforms as T
from torchvision.datasets import FakeData
from torch.utils.data import DataLoader
steps = T.Compose([T.Resize({}), T.RandomCrop({}), T.ToTensor(), T.Normalize({}, {})])
for x, y in DataLoader(FakeData(9, (3, 12, 14), transform=steps), {}, drop_last=True): break
"""
SIDES = st.integers(4, 12)
MEANS = st.sampled_from([(0.5,), (0.5, 0.5, 0.5), (0.5, 0.5)])
if _compiled.loaded():
    program(f"{V}FakeData", FAKE + "x, y", SIDES, SIDES, MEANS, MEANS, st.integers(1, 9))
    RAW = "import torchvision\nfrom torch.utils.data import DataLoader\n"
    RAW += "for x, y in DataLoader(torchvision.datasets.FakeData({})): break\nx"
    program(f"{V}FakeData", RAW, st.integers(1, 3))
else:
    unjudged(f"{V}FakeData", "torchvision is not installed")
WHY = "the data would have to be there"
unjudged(" ".join(V + name for name in (*ALL, *PAIRS, "DatasetFolder", "VisionDataset")), WHY)
