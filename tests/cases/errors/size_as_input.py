"""An input that is no tensor: in a network that nobody makes, any input may be a size."""

# guess: Up(4, 8) (N, 4, H, W)
# unjudged: its other inputs are not known

from torch import nn
from torch.nn import functional as F


class Up(nn.Module):
    def __init__(self, inp, out):
        super().__init__()
        self.unpool = nn.MaxUnpool2d(2, 2)
        self.deconv = nn.ConvTranspose2d(4, 8, 3, stride=2)

    def forward(self, x, indices, size, other):
        x = self.unpool(x, indices, output_size=size)
        x = self.deconv(x, output_size=other)
        return F.interpolate(x, size=size)
