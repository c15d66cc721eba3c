# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, scale=2):
        super().__init__()
        self.conv = nn.Conv2d(3, 10, 3, padding=1)
        self.shuffle = nn.PixelShuffle(scale)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 10, 16, 16)
        return self.shuffle(x)  # error: always-raises "10 channels are not divisible by 4"
