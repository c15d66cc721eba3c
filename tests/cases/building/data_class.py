# run: Net(Config(width=12)) (2, 3, 16, 16)
from dataclasses import dataclass, field
from enum import Enum

import torch.nn as nn


class Norm(Enum):
    BATCH = "batch"
    GROUP = "group"


@dataclass
class Config:
    width: int = 8
    norm: Norm = Norm.GROUP
    dilations: list = field(default_factory=lambda: [1, 2])

    @property
    def groups(self):
        return self.width // 4


class Net(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.stem = nn.Conv2d(3, config.width, 1)
        if config.norm is Norm.BATCH:
            self.norm = nn.BatchNorm2d(999)
        else:
            self.norm = nn.GroupNorm(config.groups, config.width)
        self.convs = nn.ModuleList(
            [nn.Conv2d(config.width, config.width, 3, dilation=d) for d in config.dilations]
        )

    def forward(self, x):
        x = self.norm(self.stem(x))  # shape: (2, 12, 16, 16)
        for conv in self.convs:
            x = conv(x)  # shape: (2, 12, 14, 14) | (2, 12, 10, 10) field: global | global
        return x
