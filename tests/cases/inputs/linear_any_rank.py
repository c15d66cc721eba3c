# guess: Net() (2, 5, 10)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(10)
        self.mlp = nn.Sequential(nn.Linear(10, 40), nn.GELU(), nn.Linear(40, 10))

    def forward(self, x):
        y = self.mlp(self.norm(x))
        b, t, c = y.shape
        z = y.transpose(1, 2)
        return z[:, :, -1] + y.mean(dim=1), x.unflatten(2, (2, 5)), y.size(2)
