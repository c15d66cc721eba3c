# run: build() (2, 3, 16, 16)
import torch.nn as nn

WIDTH = 4
LAYERS = []


def configure(width):
    global WIDTH
    WIDTH = width
    LAYERS.extend([width, width * 2])


class Counter:
    made = 0

    def __init__(self):
        Counter.made += 1
        self.number = Counter.made


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, WIDTH, 3)
        self.tail = nn.Conv2d(WIDTH, LAYERS[-1] + Counter().number + Counter().number, 1)

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 6, 14, 14)
        return self.tail(x)  # shape: (2, 15, 14, 14)


def build():
    configure(6)
    return Net()
