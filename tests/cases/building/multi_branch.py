# run: Inception() (2, 6, 20, 20)
import torch
import torch.nn as nn


class Inception(nn.Module):
    def __init__(self, inp=6, sizes=(1, 3, 5)):
        super().__init__()
        self.branches = nn.ModuleList([nn.Conv2d(inp, 4, k, padding=k // 2) for k in sizes])
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(inp, 2, 1))

    def forward(self, x):
        outputs = [branch(x) for branch in self.branches]  # shape: (2, 4, 20, 20), (2, 4, 20, 20), (2, 4, 20, 20)
        outputs.append(self.pool(x))
        y = torch.cat(outputs, 1)  # shape: (2, 14, 20, 20) field: 5x5
        z = sum(outputs[:-1])  # shape: (2, 4, 20, 20)
        a, *rest = outputs
        best = max(o.size(1) for o in rest)
        return {"y": y, "z": z, "n": best}  # shape: (2, 14, 20, 20), (2, 4, 20, 20)
