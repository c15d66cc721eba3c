# run: Net() (2, 8, 10)
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, q):
        k = q * 2
        scores = torch.matmul(q, k.transpose(1, 2))  # shape: (2, 8, 8)
        good = scores @ q  # shape: (2, 8, 10)
        return q @ k  # error: matmul-sizes "the left side ends in 10; the right side takes 8"
