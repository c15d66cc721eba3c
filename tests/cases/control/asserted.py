# run: Net() (2, 3, 16, 16)
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        if x.isnan().any():
            torch._assert(False, "the input is broken")
        if x.mean() > 1000:
            raise ValueError("not normalised")
        if torch.isinf(x).any():
            assert False, "infinite"
        torch._assert(x.dim() == 4, "four dimensions")
        assert x.max() < 1000
        return x[:, 0]  # shape: (2, 16, 16)
