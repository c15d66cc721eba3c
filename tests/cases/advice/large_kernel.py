# run: Net() (1, 3, 32, 32)
# run: Fine() (1, 8, 4, 4)
# run: Net() (N, 3, H, W)
# sizes: N=2 H=32 W=32
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.MaxPool2d(32)
        self.conv = nn.Conv2d(3, 8, 3, padding=1)  # info: large-kernel "only 1 of the kernel's 9 taps can meet an input of 1×1; the others read padding"
        self.atrous = nn.Conv2d(3, 8, 3, padding=36, dilation=36)  # info: large-kernel "only 1 of the kernel's 9 taps can meet an input of 32×32"

    def forward(self, x):
        return self.conv(self.down(x)), self.atrous(x)


class Fine(nn.Module):
    """A kernel of 2·4 − 1, every tap of which meets some of the input."""

    def __init__(self):
        super().__init__()
        self.large = nn.Conv2d(8, 8, 7, padding=3, groups=8)
        self.larger = nn.Conv2d(8, 8, 9, padding=4, groups=8)  # info: large-kernel "only 49 of the kernel's 81 taps"
        self.whole = nn.Conv2d(8, 8, 4)
        self.pool = nn.MaxPool2d(3, 1, 1)

    def forward(self, x):
        return self.pool(self.whole(self.larger(self.large(x))))
