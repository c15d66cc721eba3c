# guess: Net() (N, 3, H, W)

from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = self.conv1(x)  # shape: (N, 8, H - 2, W - 2)
        return self.poll(x)  # error: missing-attribute "did you mean 'pool'"
