# run: Decoder() (2, 7, 16)
import math

import torch
import torch.nn as nn


class Decoder(nn.Module):
    def __init__(self, dim=16, heads=2, length=32):
        super().__init__()
        assert dim % heads == 0
        self.heads, self.head = heads, dim // heads
        self.q, self.k, self.v = (nn.Linear(dim, dim) for _ in range(3))
        self.register_buffer("mask", torch.tril(torch.ones(length, length)).view(1, 1, length, length))

    def split(self, x):
        return x.view(x.size(0), -1, self.heads, self.head).transpose(1, 2)

    def forward(self, x, cache=None):
        b, t, c = x.size()
        q, k, v = (self.split(layer(x)) for layer in (self.q, self.k, self.v))
        q = q * 1.0  # shape: (2, 2, 7, 8)
        if cache is not None:
            k = torch.cat([cache[0], k], dim=2)
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.head)  # shape: (2, 2, 7, 7)
        scores = scores.masked_fill(self.mask[:, :, :t, :t] == 0, float("-inf"))  # shape: (2, 2, 7, 7)
        y = scores.softmax(dim=-1) @ v  # shape: (2, 2, 7, 8)
        return y.transpose(1, 2).contiguous().view(b, t, c), (k, v)  # shape: (2, 7, 16), (2, 2, 7, 8), (2, 2, 7, 8)
