# run: Net() (2, 4, H, W)
import math

import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        h, w = x.shape[-2:]
        ys = torch.linspace(-1, 1, h)  # shape: (H,)
        xs = torch.arange(w, device=x.device)  # shape: (W,)
        grid = torch.stack(torch.meshgrid(ys, xs.float(), indexing="ij"), -1)  # shape: (H, W, 2)
        mask = torch.ones(h, h).tril().bool()  # shape: (H, H)
        noise = torch.randn_like(x) * math.sqrt(2 / x.size(1))  # shape: (2, 4, H, W)
        eye = torch.eye(3)[None].repeat(2, 1, 1)  # shape: (2, 3, 3)
        t = torch.tensor([[1, 2, 3], [4, 5, 6]])  # shape: (2, 3)
        sampled = nn.functional.grid_sample(x, grid.expand(2, -1, -1, -1), align_corners=False)  # shape: (2, 4, H, W)
        return mask, noise, eye @ t[:, :, None].float(), sampled  # shape: (H, H), (2, 4, H, W), (2, 3, 1), (2, 4, H, W)
