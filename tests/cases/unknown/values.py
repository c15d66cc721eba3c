# run: Net() (2, 3, 16, 16)
# unjudged: a file is read
import json

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        with open("config.json") as file:
            config = json.load(file)
        self.conv = nn.Conv2d(3, config["width"], 3)
        self.tail = nn.Conv2d(config["width"], 4, 1)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, _, 14, 14)
        x = self.tail(x)  # shape: (2, 4, 14, 14)
        k = int(x.sum())
        return x[:, :k], x.repeat(1, 1, k, 1)  # shape: (2, _, 14, 14), (2, 4, _, 14)
