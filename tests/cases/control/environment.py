# An environment variable is usually not set; code that insists on one has it.
import os

import torch

x = torch.randn(2, 3, 8, 8)
if "NO_SUCH_WIDTH" in os.environ:
    width = int(os.environ["NO_SUCH_WIDTH"])
else:
    width = 4
y = torch.nn.Conv2d(3, width, 1)(x)  # shape: (2, 4, 8, 8)
size = int(os.environ["NO_SUCH_WIDTH"]) if "NO_SUCH_WIDTH" in os.environ else 3
z = torch.zeros(size)  # shape: (3,)


def place():
    if "NO_SUCH_PLACE" not in os.environ:
        raise RuntimeError("start it with a place")
    return int(os.environ["NO_SUCH_PLACE"])


def main():
    return torch.zeros(place(), 3)


if not "NO_SUCH_WIDTH" in os.environ:
    w = x[:, 0]  # shape?: (2, 8, 8)
