# run: Net(8) (1, 3, 8, 8)
# run: Net(8) (1, 3, 32, 32)
# run: Residual() (1, 3, 8, 8)
# run: Decoder() (1, 3, 8, 8)
# levels: receptive-field-small=off
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.body = nn.Sequential(*[
            nn.Conv2d(3, 3, 3, padding=1)  # info: beyond-receptive-field "every path into this layer already sees 9×9 of an input of 8×8: it and 3 later convolutions see no more of it (body.4)"
            for _ in range(depth)
        ])
        self.point = nn.Conv2d(3, 3, 1)
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        return self.pool(self.point(self.body(x))).flatten(1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        return x + self.conv(x)


class Residual(nn.Module):
    """The smallest path goes by all convolutions."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(*[Block() for _ in range(8)])
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        return self.pool(self.body(x)).flatten(1)


class Decoder(nn.Module):
    """No classifier."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(*[nn.Conv2d(3, 3, 3, padding=1) for _ in range(8)])

    def forward(self, x):
        return self.body(x)
