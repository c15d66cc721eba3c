# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        y = self.conv(x)  # shape: (2, 8, 14, 14)
        if y.mean() > 100:
            y = self.conv(y)  # warning: conv-channels "8 channels; the layer takes 3"
        return y
