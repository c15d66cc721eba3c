# run: Net() (2, 3, H, W)
# sizes: H=16 W=24; H=8 W=8
import torch.nn as nn
from einops import rearrange, reduce, repeat
from einops.layers.torch import Rearrange


class Net(nn.Module):
    def __init__(self, p=4):
        super().__init__()
        self.patches = nn.Sequential(
            Rearrange("b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=p, p2=p),
            nn.Linear(p * p * 3, 16),
        )

    def forward(self, x):
        y = self.patches(x)  # shape: (2, (H//4)*(W//4), 16)
        z = reduce(x, "b c h w -> b c", "mean")  # shape: (2, 3)
        heads = rearrange(y, "b n (h d) -> b h n d", h=2)  # shape: (2, 2, (H//4)*(W//4), 8)
        token = repeat(z, "b c -> b n c", n=5)  # shape: (2, 5, 3)
        return heads, token
