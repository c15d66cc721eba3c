import torch
from torch import nn
import itertools, math
from itertools import (
    product,
    chain,
    accumulate,
    repeat,
    pairwise,
    groupby,
    islice,
    count,
    cycle,
    zip_longest,
    combinations,
    permutations,
    starmap,
    takewhile,
    tee,
    compress,
)

y = torch.zeros(len(list(product([1, 2], [3, 4]))), len(list(combinations(range(4), 2))))  # shape: (4, 6)
y2 = torch.zeros(*chain([1, 2], (3,)), *chain.from_iterable([[2], [3]]))  # shape: (1, 2, 3, 2, 3)
y3 = torch.zeros(*accumulate([1, 2, 3]))  # shape: (1, 3, 6)
y4 = torch.zeros(*repeat(2, 3), *[a + b for a, b in pairwise([1, 2, 3])])  # shape: (2, 2, 2, 3, 5)
y5 = torch.zeros(*[len(list(g)) for k, g in groupby("aabccc")])  # shape: (2, 1, 3)
y6 = torch.zeros(*islice(count(1), 3), *islice(cycle([4, 5]), 3))  # shape: (1, 2, 3, 4, 5, 4)
y7 = torch.zeros(*[a + b for a, b in zip_longest([1, 2], [3], fillvalue=7)])  # shape: (4, 9)
y8 = torch.zeros(*starmap(pow, [(2, 2), (3, 1)]), *takewhile(lambda x: x < 3, [1, 2, 3]))  # shape: (4, 3, 1, 2)
y9 = torch.zeros(*accumulate([1, 2, 3], lambda a, b: a * b + 1))  # shape: (1, 3, 10)
a, b = tee([1, 2])
y10 = torch.zeros(*a, *b)  # shape: (1, 2, 1, 2)
y11 = torch.zeros(
    math.ceil(2.3),
    math.floor(3.7),
    int(math.log2(8)),
    math.prod([2, 3]),
    math.gcd(8, 12),
    int(math.sqrt(16)),
    math.isqrt(17),
    int(math.pow(2, 3)),
)  # shape: (3, 3, 3, 6, 4, 4, 4, 8)
y12 = torch.zeros(int(math.inf > 3) + 1, int(math.pi), math.comb(4, 2))  # shape: (2, 3, 6)
y13 = torch.zeros(*list(accumulate([2, 3], initial=1)))  # shape: (1, 3, 6)
c = count(5)
y14 = torch.zeros(next(c), next(c))  # shape: (5, 6)
dpr = iter([1, 2, 3])
y15 = torch.zeros(*[next(dpr) for _ in range(3)])  # shape: (1, 2, 3)
y16 = torch.zeros(*compress([1, 2, 3], [1, 0, 1]))  # shape: (1, 3)
y17 = torch.zeros(*[k for k, g in groupby(sorted([3, 1, 3, 2]), key=lambda v: v % 4)])  # shape: (1, 2, 3)
