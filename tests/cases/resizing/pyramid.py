# run: FPN() (1, 3, H, W)
import torch.nn as nn
import torch.nn.functional as F


class FPN(nn.Module):
    def __init__(self, widths=(8, 16, 32), out=12):
        super().__init__()
        self.stages = nn.ModuleList()
        for i, o in zip((3, *widths), widths):
            self.stages.append(nn.Conv2d(i, o, 3, stride=2, padding=1))
        self.lateral = nn.ModuleList([nn.Conv2d(w, out, 1) for w in widths])

    def forward(self, x):
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        top = self.lateral[-1](maps[-1])  # shape: (1, 12, (H - 1)//8 + 1, (W - 1)//8 + 1) field: 15x15
        for feature, lateral in zip(maps[-2::-1], self.lateral[-2::-1]):
            top = F.interpolate(top, size=feature.shape[-2:])
            top = top + lateral(feature)  # shape: (1, 12, (H - 1)//4 + 1, (W - 1)//4 + 1) | (1, 12, (H + 1)//2, (W + 1)//2)
        return top
