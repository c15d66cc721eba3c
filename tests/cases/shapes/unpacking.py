# run: Net() (N, 12, H, W)
# sizes: N=2 H=8 W=10; N=3 H=7 W=9
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        n, c, *spatial = x.shape
        h, w = spatial
        y = x.view(n, 3, c // 3, h * w)  # shape: (N, 3, 4, H*W)
        z = torch.zeros(n, h + w, 2 * c)  # shape: (N, H + W, 24)
        total = x.shape[2:].numel()
        u = x.reshape(-1, total)  # shape: (12*N, H*W)
        v = x.flatten(0, 1).unflatten(0, (n, c))  # shape: (N, 12, H, W)
        m = x.new_ones(x.size(0), max(c, 5), x.dim())  # shape: (N, 12, 4)
        return y, z, u, v, m
