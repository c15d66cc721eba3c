# run: Net() (2, 3, 16, 16)
# unjudged: would need more memory and time than there are
import copy

import torch.nn as nn

DOUBLED = []
for _ in range(200):
    DOUBLED = [DOUBLED, DOUBLED]
COPIED = str(DOUBLED) == repr(DOUBLED)
DEEP = copy.deepcopy(DOUBLED)
KEYED = {str(DOUBLED): 1}
SEEN = DOUBLED in [DEEP, 1]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.doubled = DOUBLED
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 8, 14, 14)
        return x
