# run: Net() (2, 3, 16, 16)
import torch.nn as nn

loop = []
loop.append(loop)
table = {}
table["self"] = table


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.parts = [self.conv]
        self.parts.append(self.parts)
        self.config = {"table": table, "loop": loop}

    def forward(self, x):
        return self.parts[1][1][0](x)  # shape: (2, 8, 14, 14)
