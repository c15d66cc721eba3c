"""Tuples in tuples are ordered by the first elements that differ."""

import torch

release, suffix = (1, 6, 1), (3, 0, 0)
older = (0, release, suffix) <= (0, (1, 2), suffix)
newer = (0, release, suffix) > (0, (1, 2), suffix)
longer = (0, release) < (0, release, suffix)
same = [release, suffix] >= [release, suffix]
x = torch.zeros(3 if older else 4, 5 if newer else 6, 7 if longer else 8, 9 if same else 10)
x.sum(0)  # shape: (5, 7, 9)


def widths(n):
    first = torch.zeros(2 if (1, "a", n) < (2, "a", 3) else 3)  # shape: (2,)
    return torch.zeros(2 if (1, "a", n) < (1, "a", 3) else 3), first


widths(2)[0].abs()  # shape: (2,)
