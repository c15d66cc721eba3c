# run: Net() (2, 3, 8, 8)
import torch.nn.functional as F
from torch import nn

HAS_SILU = "silu" in dir(F)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        assert "pool" not in dir(self)
        self.pool = nn.MaxPool2d(2 if HAS_SILU else 4)
        self.width = 8 if "pool" in dir(self) else 9
        self.conv = nn.Conv2d(3, self.width, 1)

    def forward(self, x):
        x = self.pool(x)  # shape: (2, 3, 4, 4)
        return self.conv(x)  # shape: (2, 8, 4, 4)
