# run: Net() (2, 4, H, W)
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        a = x.sum()  # shape: ()
        b, index = x.max(dim=1)  # shape: (2, H, W), (2, H, W)
        c = x.flatten(2).topk(5, dim=-1).values  # shape: (2, 4, 5)
        d = x.argmax(-1, keepdim=True)  # shape: (2, 4, H, 1)
        e = torch.cumsum(x, 1).std((2, 3))  # shape: (2, 4)
        f = torch.norm(x, p=2, dim=1)  # shape: (2, H, W)
        return a, b, c, d, e.var(), f.softmax(1)  # shape: (), (2, H, W), (2, 4, 5), (2, 4, H, 1), (), (2, H, W)
