# guess: Net() (2, 3, 8, 8)
import torch.nn as nn
from einops.layers.torch import Rearrange


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Sequential(
            Rearrange("b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=4, p2=4), nn.Linear(48, 7)
        )

    def forward(self, x):
        y = self.patches(x)
        return y.transpose(1, 2), x.mean((2, 3))
