import copy

import torch

sizes = [1, 2, 3]
alias = sizes
alias.append(4)
sizes += [5]
a = torch.zeros(len(sizes), len(alias))  # shape: (5, 5)
sizes = sizes + [6]
b = torch.zeros(len(sizes), len(alias))  # shape: (6, 5)


def collect(n, seen=[]):
    seen.append(n)
    return len(seen)


c = torch.zeros(collect(1), collect(1), collect(1))  # shape: (1, 2, 3)
rows = [[0] * 2] * 3
rows[0].append(1)
d = torch.zeros([len(row) for row in rows])  # shape: (3, 3, 3)
nested = {"a": [1, 2]}
shallow, deep = copy.copy(nested), copy.deepcopy(nested)
nested["a"].append(3)
e = torch.zeros(len(shallow["a"]), len(deep["a"]))  # shape: (3, 2)
late = [lambda: n for n in (1, 2)]
bound = [lambda n=n: n for n in (1, 2)]
f = torch.zeros(*[g() for g in late], *[g() for g in bound])  # shape: (2, 2, 1, 2)
sizes[1:4] = [9]
del sizes[0]
g = torch.zeros(*sizes)  # shape: (9, 5, 6)
h = torch.zeros(-7 // 2 + 10, -7 % 5, int(-3.7) + 5, round(2.5), round(3.5))  # shape: (6, 3, 2, 2, 4)
