"""torchvision's data sets, and summaries, which call a model on an input of their own."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.ops.table import entries, program, unjudged

FAKE = """\
import torchvision
d = torchvision.datasets.FakeData(8, {}, transform=torchvision.transforms.ToTensor())
next(iter(torch.utils.data.DataLoader(d, batch_size={})))"""
program(
    "torchvision.datasets.FakeData",
    FAKE,
    st.sampled_from([(3, 8, 6), (3, 4, 4)]),
    st.integers(1, 3),
)
unjudged(
    " ".join(
        entry
        for entry in entries()
        if entry.startswith("torchvision.datasets.") and not entry.endswith(".FakeData")
    ),
    "needs its files",
)
SUMMARY = """\
import {0}
model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
{0}.summary(model, {1})
model(torch.zeros(2, 3, 8, 8))"""
program("torchinfo.summary", SUMMARY.format("torchinfo", "(1, 3, 8, 8), verbose=0"))
unjudged(
    "torchsummary.summary torchsummary.summary_string torchsummary.torchsummary.summary",
    "writes to the terminal; it gives nothing with a size",
)
