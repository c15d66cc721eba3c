"""What is taken in from a container that is not known, and calls with such arguments."""

import os

import torch

CORES = os.cpu_count() or 1

table = {}
widths = [1]
if CORES > 1_000:
    table["a"] = 1
    table["n"] = 2
    widths.append(2)


class Holder:
    def __init__(self):
        self.n = 3

    def set(self, **given):
        self.n = given.get("n", 5)


def grow(to, *more):
    to.extend(more)


updated = {}
updated.update(table)
x = torch.zeros(1, len(updated))  # shape: (1, _)
x = torch.zeros(1, 2 if "a" in updated else 3)  # shape: (1, _)
named = {}
named.update(b=1, **table)
x = torch.zeros(1, len(named))  # shape: (1, _)
numbers = {1}
numbers.update(widths)
x = torch.zeros(1, len(numbers))  # shape: (1, _)
x = torch.zeros(1, 2 if 7 in numbers else 3)  # shape: (1, _)
sliced = [0, 0]
sliced[1:] = widths
x = torch.zeros(1, len(sliced))  # shape: (1, _)
grown = []
grow(grown, *widths)
x = torch.zeros(1, len(grown))  # shape: (1, _)
holder = Holder()
holder.set(**table)
x = torch.zeros(1, holder.n)  # shape: (1, _)
x = torch.zeros(1, 2 if CORES > 1_000 else 3)  # shape: (1, _)
x = torch.zeros(1, {1: 2}.get(CORES, 4))  # shape: (1, _)
