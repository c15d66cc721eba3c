# run: Net(norm="gn", act="leaky") (2, 3, 16, 16)
import torch.nn as nn


def norm_layer(kind: str, channels: int) -> nn.Module:
    kind = kind.lower()
    if kind in ("bn", "batch"):
        return nn.BatchNorm2d(channels)
    elif kind == "gn":
        groups = 32
        while channels % groups != 0:
            groups //= 2
        return nn.GroupNorm(groups, channels)
    raise NotImplementedError(f"norm {kind!r}")


class Net(nn.Module):
    def __init__(self, norm, act, width=24):
        super().__init__()
        acts = nn.ModuleDict([["relu", nn.ReLU()], ["leaky", nn.LeakyReLU(0.2)]])
        self.conv = nn.Sequential(nn.Conv2d(3, width, 3, bias=norm is None), norm_layer(norm, width), acts[act])

    def forward(self, x):
        return self.conv(x)  # shape: (2, 24, 14, 14) field: global
