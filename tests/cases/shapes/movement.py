# run: Net() (2, 3, H, W)
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        a = x.permute(0, 2, 3, 1)  # shape: (2, H, W, 3)
        b = a.transpose(1, -1).contiguous().view(2, -1)  # shape: (2, 3*H*W)
        c = x.unsqueeze(1).squeeze(0)  # shape: (2, 1, 3, H, W)
        d = c.expand(-1, 4, -1, -1, -1).movedim(1, -1)  # shape: (2, 3, H, W, 4)
        e = x.repeat(1, 2, 1, 1).roll(1, 2).flip(-1)  # shape: (2, 6, H, W)
        f = x.mT  # shape: (2, 3, W, H)
        return a, b, c, d, e, torch.swapaxes(f, 0, 1)  # shape: (2, H, W, 3), (2, 3*H*W), (2, 1, 3, H, W), (2, 3, H, W, 4), (2, 6, H, W), (3, 2, W, H)
