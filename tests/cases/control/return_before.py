"""After a return under a condition that is not decided, nothing is certain to run."""

# run: Net() (N, 3, H, W)
# sizes: N=1 H=9 W=8; N=2 H=8 W=9

from torch import nn


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.wide = nn.Conv2d(4, 8, 1)

    def forward(self, x):
        return self.wide(x)  # warning: conv-channels "8 channels; the layer takes 4"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 1)
        self.wide = nn.Conv2d(5, 8, 1)
        self.inner = Inner()

    def forward(self, x):
        x = self.conv(x)  # shape: (N, 8, H, W)
        if x.shape[-1] < x.shape[-2] or x.shape[-1] > x.shape[-2]:
            return x
        self.inner(x)
        return self.wide(x)  # warning: conv-channels "8 channels; the layer takes 5"
