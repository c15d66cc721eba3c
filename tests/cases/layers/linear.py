# run: Net() (4, 6, 10)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(10, 32), nn.GELU(), nn.Dropout(0.1), nn.Linear(32, 10))
        self.pair = nn.Bilinear(10, 10, 3)
        self.split = nn.Sequential(nn.Unflatten(2, (2, 5)), nn.Flatten(0, 1))

    def forward(self, x):
        y = self.mlp(x)  # shape: (4, 6, 10)
        z = self.pair(x, y)  # shape: (4, 6, 3)
        return self.split(y), z.T if z.dim() == 2 else z  # shape: (24, 2, 5), (4, 6, 3)
