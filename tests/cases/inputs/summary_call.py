# unjudged: the package is not installed
import torch.nn as nn
from torchsummary import summary


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.conv(x).flatten(1)  # shape: (2, 7200)


summary(Net(), (3, 32, 32))
