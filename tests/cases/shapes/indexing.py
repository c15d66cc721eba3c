# run: Net() (2, 6, H, 20)
# sizes: H=16; H=11
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        a = x[:, ::2, 1:]  # shape: (2, 3, H - 1, 20)
        b = x[0, ..., -5:]  # shape: (6, H, 5)
        c = x[:, None, 2:4, :, 3]  # shape: (2, 1, 2, H)
        d = x[:, [0, 3, 5]]  # shape: (2, 3, H, 20)
        e = x[x > 0]  # shape: (_,)
        x[:, 0] = 0
        f = x[:, :, ::2, 1::2]  # shape: (2, 6, (H + 1)//2, 10)
        g = torch.gather(x, 3, torch.zeros(2, 6, 4, 3, dtype=torch.long))  # shape: (2, 6, 4, 3)
        h = x.index_select(1, torch.arange(4)).narrow(3, 2, 7)  # shape: (2, 4, H, 7)
        return a, b, c, d, e, f, g, h
