# run: Net() (2, 3, 16, 16)
# unjudged: would need more memory and time than there are
import itertools
import math
import re

import torch
import torch.nn as nn

FORMATTED = "{:>1000000000}".format(1) + format(1, "1000000000d") + "%.1000000000f" % 1.0
STARRED = "%*d" % (10**9, 3)
CENTRED = "x".center(10**10) + "\t".expandtabs(10**10)
REPLACED = ("a" * 10**5).replace("a", "b" * 10**6)
JOINED = ("b" * 10**5).join("a" * 10**5)
POWERS = pow(2, 10**10), pow(10, 10**9), math.pow(2, 10.0), 10**10**10
FACTORIAL = math.factorial(10**7) + math.comb(10**7, 10**6)
TUPLES = list(itertools.product(range(1000), repeat=10))
ORDERS = list(itertools.permutations(range(100)))
ENDLESS = list(itertools.count())
CHAINED = list(itertools.chain.from_iterable(range(10**9) for _ in range(10**9)))
PATTERN = re.match(r"(a+)+$", "a" * 40 + "b")
DIGITS = int("9" * 10**5), str(10**10**5)
SORTED = sorted(range(10**9)), max(range(10**10)), set(range(10**10)), dict.fromkeys(range(10**10))
GROWN = "x"
for _ in range(200):
    GROWN += GROWN


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 8, 14, 14)
        parts = x.split(1, dim=0) * 10**9
        y = torch.zeros(10**9).tolist()
        return x
