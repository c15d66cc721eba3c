# run: Net() (2, 3, 16, 16)
# unjudged: the package does not exist
import torch.nn as nn
from nowhere import attention, build_head


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.head = build_head(8)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 8, 14, 14)
        y = self.head(x)  # unknown: "nowhere"
        z = attention(y)  # unknown: "nowhere"
        return x + 1  # shape: (2, 8, 14, 14)
