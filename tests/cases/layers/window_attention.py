# run: Windows() (2, 8, 12, 6)
import torch
import torch.nn as nn


def partition(x, size):
    B, H, W, C = x.shape
    x = x.view(B, H // size, size, W // size, size, C)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, size, size, C)  # shape: (12, 4, 4, 6)


def reverse(windows, size, H, W):
    B = int(windows.shape[0] / (H * W / size / size))
    x = windows.view(B, H // size, W // size, size, size, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, -1)  # shape: (2, 8, 12, 6)


class Windows(nn.Module):
    def __init__(self, size=4):
        super().__init__()
        self.size = size
        coords = torch.stack(torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")).flatten(1)  # shape: (2, 16)
        relative = coords[:, :, None] - coords[:, None, :]  # shape: (2, 16, 16)
        self.register_buffer("index", relative.sum(0))
        self.table = nn.Parameter(torch.zeros((2 * size - 1) ** 2, 3))

    def forward(self, x):
        H, W = x.shape[1:3]
        x = torch.roll(x, shifts=(-2, -2), dims=(1, 2))
        x = partition(x, self.size)
        bias = self.table[self.index.view(-1)].view(16, 16, -1)  # shape: (16, 16, 3)
        mask = x.new_zeros((1, H, W, 1))
        for h in (slice(0, -4), slice(-4, -2), slice(-2, None)):
            mask[:, h] = 1
        return reverse(x, self.size, H, W)  # shape: (2, 8, 12, 6)
