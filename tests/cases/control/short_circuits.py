# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=None, act=None):
        super().__init__()
        width = width or 8
        self.act = act if act is not None else nn.ReLU()
        self.pool = width > 4 and nn.MaxPool2d(2)
        self.conv = nn.Conv2d(3, width, 3)
        self.kinds = {k: v for k, v in (("a", 1), ("b", 2)) if k not in {"b"}}

    def forward(self, x, mask=None):
        x = self.act(self.conv(x))  # shape: (2, 8, 14, 14)
        if mask is None and isinstance(self.act, (nn.ReLU, nn.GELU)) or x.size(0) == 99:
            x = self.pool(x)  # shape: (2, 8, 7, 7)
        if (n := len(self.kinds)) == 1 and not 0 < n < 1:
            x = x[:, : n + 1]  # shape: (2, 2, 7, 7)
        return x if x.dim() != 4 else x.flatten(1)  # shape: (2, 98)
