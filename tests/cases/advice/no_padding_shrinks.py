# run: Net() (N, 3, H, W)
# run: Whole() (1, 3, 5, 5)
# levels: no-padding-shrinks=info
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.plain = nn.Conv2d(3, 8, 3)  # info: no-padding-shrinks "without padding the map shrinks by 2×2; padding=1 keeps its size"
        self.spread = nn.Conv2d(8, 8, (3, 5), dilation=2)  # info: no-padding-shrinks "shrinks by 4×8; padding=(2, 4) keeps"
        self.even = nn.Conv2d(8, 8, 4)  # info: no-padding-shrinks "shrinks by 3×3; padding='same' keeps"
        self.kept = nn.Conv2d(8, 8, 3, padding=1)
        self.mirrored = nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect")
        self.point = nn.Conv2d(8, 8, 1)
        self.down = nn.Conv2d(8, 8, 2, stride=2)

    def forward(self, x):
        x = self.even(self.spread(self.plain(x)))
        x = self.plain.__class__(8, 8, 3).forward(F.pad(x, (1, 1, 1, 1)))
        return self.down(self.point(self.mirrored(self.kept(x))))


class Whole(nn.Module):
    """A kernel over the whole map is a linear layer."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 5)

    def forward(self, x):
        return self.conv(x)
