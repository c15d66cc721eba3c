"""Summaries of networks, which run them on an input of a size."""

from __future__ import annotations

import importlib.util

from hypothesis import strategies as st

from tests.ops.table import program, unjudged

NET = "net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(144, 2))"
TWO = """\
class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(3, 2), nn.Linear(4, 2)
    def forward(self, a, b, scale=1):
        return self.first(a) + self.second(b) * scale
"""
AFTER = "net(torch.zeros(1, 3, 8, 8)), torch.zeros(int(net.training))"
SIZES = st.sampled_from([(1, 3, 8, 8), (2, 3, 8, 8), [1, 3, 8, 8], [(1, 3, 8, 8)], (1, 4, 8, 8)])
BAD = st.sampled_from([(3, 8, 8), (1, 3, 9, 8), (0, 3, 8, 8), (-1, 3, 8, 8), 8, (1, 3)])
MODE = st.sampled_from(["train", "eval", None, "none"])
PATH = "torchinfo.summary"
if importlib.util.find_spec("torchinfo"):
    CALL = f"import torchinfo\n{NET}\ntorchinfo.summary(net, verbose=0, "
    program(PATH, CALL + "input_size={}, mode={})\n" + AFTER, SIZES | BAD, MODE)
    program(
        PATH, CALL + "input_size={}, batch_dim={})\n" + AFTER, st.just((3, 8, 8)), st.integers(0, 2)
    )
    program(
        PATH,
        CALL + "input_data=torch.zeros({}))\n" + AFTER,
        st.sampled_from([(1, 3, 8, 8), (1, 3, 7, 8)]),
    )
    PAIR = f"import torchinfo\n{TWO}net = Two()\ntorchinfo.summary(net, verbose=0, "
    DONE = "\nnet(torch.zeros(1, 3), torch.zeros(1, 4))"
    BOTH = st.sampled_from([[(1, 3), (1, 4)], ((2, 3), (2, 4)), [(1, 3), (1, 5)], [(1, 3)]])
    program(PATH, PAIR + "input_size={})" + DONE, BOTH)
    GIVEN = "input_data={}(a=torch.zeros(1, 3), b=torch.zeros(1, {})))" + DONE
    program(PATH, PAIR + GIVEN.replace("{}", "dict", 1), st.integers(3, 4))
    program(PATH, PAIR + "input_size=[(1, 3), (1, 4)], scale={})" + DONE, st.integers(1, 2))
else:
    unjudged(PATH, "torchinfo is not installed")
if importlib.util.find_spec("torchsummary"):
    CALL = f"import torchsummary\n{NET}\ntorchsummary.summary(net, "
    CASES = st.sampled_from([(3, 8, 8), [(3, 8, 8)], (4, 8, 8), (3, 7, 8)])
    program("torchsummary.summary", CALL + "{}, device='cpu')\n" + AFTER, CASES)
else:
    unjudged("torchsummary.summary", "torchsummary is not installed")
unjudged("torchsummary.summary_string", "of another package of the same name")
