# run: Net() (1, 4, H, 25)
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.floor = nn.MaxPool2d(3, stride=2)
        self.ceil = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.padded = nn.AvgPool2d(2, stride=2, padding=1, ceil_mode=True)

    def forward(self, x):
        a = self.floor(x)  # shape: (1, 4, (H - 1)//2, 12) field: 3x3
        b = self.ceil(x[..., :20, :24])  # shape: (1, 4, min(H, 20)//2, 12)
        c = self.padded(x)  # shape: (1, 4, H//2 + 1, 13) field: 2x2
        d = F.max_pool2d(x, 2, dilation=3)  # shape: (1, 4, H//2 - 1, 11) field: 4x4 (dilated)
        return a, b, c, d
