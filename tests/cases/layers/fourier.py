# run: Net() (2, 4, 16, 16)
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 16, 9, 2))

    def forward(self, x):
        f = torch.fft.rfft2(x, norm="ortho")  # shape: (2, 4, 16, 9)
        f = f * torch.view_as_complex(self.weight)  # shape: (2, 4, 16, 9)
        x = torch.fft.irfft2(f, s=x.shape[-2:])  # shape: (2, 4, 16, 16)
        u, s, v = torch.linalg.svd(x[0, 0])  # shape: (16, 16), (16,), (16, 16)
        return x, s
