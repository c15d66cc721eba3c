import itertools

import torch

sizes = (n for n in (1, 4))
a = torch.zeros(*sizes)  # shape: (1, 4)
b = torch.zeros(2, *sizes)  # shape: (2,)
pairs = zip([2, 3], [4, 5])
first = next(pairs)
c = torch.zeros(len(list(pairs)), *first)  # shape: (1, 2, 4)
doubled = map(lambda n: 2 * n, [1, 2, 3])
d = torch.zeros(next(doubled), sum(doubled), sum(doubled) + 1)  # shape: (2, 10, 1)
runs = [len(list(group)) for _, group in itertools.groupby("aabbb")]
e = torch.zeros(runs)  # shape: (2, 3)
