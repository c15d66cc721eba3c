# run: Net() (2, 3, 64, 64)
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        while x.shape[-1] > 10:
            x = F.avg_pool2d(x, 2)  # shape: (2, 3, 32, 32) | (2, 3, 16, 16) | (2, 3, 8, 8)
        for i in range(10):
            if i == 1:
                continue
            if i > 2:
                break
            x = F.pad(x, (i, 0))  # shape: (2, 3, 8, 8) | (2, 3, 8, 10)
        else:
            x = x.flatten()
        for step, (low, high) in enumerate([(0, 4), (2, 6)], start=1):
            y = x[..., low * step : high]  # shape: (2, 3, 8, 4) | (2, 3, 8, 2)
        return self.conv(y)  # shape: (2, 3, 8, 2)
