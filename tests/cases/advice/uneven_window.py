# run: Net() (1, 3, 32, 33)
# run: Padded() (1, 3, 32, 32)
# run: Net() (N, 3, H, W)
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, stride=2)  # info: uneven-window "the last 1 of 32, which nothing reads; 31 or 33, or 32 with padding=1, would be read whole"
        self.pool = nn.MaxPool2d(4)  # info: uneven-window "the last 3 of 15, which nothing reads; 12 or 16, or 15 with padding=1, would"
        self.rounded = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        x = self.a(x)  # shape: (1, 8, 15, 16) | (N, 8, (H - 1)//2, (W - 1)//2)
        x = self.pool(x)  # shape: (1, 8, 3, 4) | (N, 8, (H - 1)//8, (W - 1)//8)
        F.avg_pool2d(x, (3, 2))
        return self.rounded(x)


class Padded(nn.Module):
    """Only padding is left out on the right."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 7, stride=2, padding=3)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.reflected = nn.Conv2d(8, 8, 3, stride=2, padding=1, padding_mode="reflect")
        self.shortcut = nn.Conv2d(8, 8, 1, stride=2)  # hint: stride-skips-input "1 of 4"

    def forward(self, x):
        x = self.reflected(self.pool(self.stem(x)))  # shape: (1, 8, 4, 4)
        x = F.pad(x, (0, 1, 0, 1))
        return self.shortcut(F.avg_pool2d(x, 2))
