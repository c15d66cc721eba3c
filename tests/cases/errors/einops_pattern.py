# run: Net() (2, 30, 16)
import torch.nn as nn
from einops import rearrange


class Net(nn.Module):
    def forward(self, x):
        y = rearrange(x, "b (h d) n -> b h n d", h=6)  # shape: (2, 6, 16, 5)
        return rearrange(y, "b h n d -> b n (h d) c")  # error: einops-pattern "c"
