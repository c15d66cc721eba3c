# run: Net() (2, 3, 16, 16)
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        widths, depths = torch.unique(torch.tensor([24, 8, 8, 16, 24, 8]), return_counts=True)
        rates = [r.tolist() for r in torch.linspace(0, 0.3, 6).split(depths.tolist())]
        stages = []
        channels = 3
        for width, depth, rate in zip(widths.tolist(), depths.tolist(), rates):
            assert len(rate) == depth
            stages += [nn.Conv2d(channels, width, depth), nn.Dropout(rate[0])]
            channels = width
        assert rates[0][0] == 0.0
        self.stages = nn.Sequential(*stages)
        self.last = nn.Conv2d(channels, len(torch.unique(torch.tensor([1.5, 2.0, 1.5]))), 1)

    def forward(self, x):
        x = self.stages(x)  # shape: (2, 24, 13, 13)
        return self.last(x)  # shape: (2, 2, 13, 13)
