"""A file that takes its sizes from the command line."""

# unjudged: torch runs it without arguments

import sys

import torch
from torch import nn

if len(sys.argv) > 1:
    width = int(sys.argv[1])
else:
    width = 8
conv = nn.Conv2d(3, width, 3)
x = conv(torch.zeros(2, 3, 16, 16))  # shape: (2, 8, 14, 14)
path = sys.argv[1]
_, source, target = sys.argv
first, second = sys.argv[1:]
