# run: Padding() (2, 3, 16, 16)
# run: PaddingOfFunction() (2, 3, 16, 16)
# run: Kernel() (2, 3, 4, 4)
# run: Even() (2, 3, 3, 3)
# run: Pool() (2, 3, 5, 5)
# run: Edge() (2, 3, 1, 1)
# run: Groups() (2, 10, 8, 8)
# run: NormGroups() (2, 10, 8, 8)
# run: Heads() (2, 5, 30)
# run: Up() (2, 3, 8, 8)
# run: Reflected() (2, 3, 4, 4)
import torch.nn as nn
import torch.nn.functional as F


class Padding(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2, stride=2, padding=2)

    def forward(self, x):
        return self.pool(x)  # error: pool-padding "padding 2"


class PaddingOfFunction(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(x, kernel_size=3, stride=1, padding=2)  # error: pool-padding "padding 2"


class Kernel(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3, dilation=2)

    def forward(self, x):
        return self.a(x)  # error: window-too-large "5×5"


class Even(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 4)

    def forward(self, x):
        return self.a(x)  # error: window-too-large "4×4"


class Pool(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(x, 7)  # error: pool-too-small "5"


class Edge(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        return self.pool(x)  # error: pool-too-small "1"


class Groups(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(10, 20, 3, groups=4)  # error: groups-divide "in_channels 10"

    def forward(self, x):
        return self.a(x)


class NormGroups(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.GroupNorm(4, 10)  # error: groups-divide "num_channels 10"

    def forward(self, x):
        return self.a(x)


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.MultiheadAttention(30, num_heads=4, batch_first=True)  # error: attention-heads "30"

    def forward(self, x):
        return self.a(x, x, x)[0]


class Up(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(3, 8, 3, stride=2, output_padding=3)

    def forward(self, x):
        return self.up(x)  # error: transpose-output-padding "3"


class Reflected(nn.Module):
    def __init__(self):
        super().__init__()
        self.pad = nn.ReflectionPad2d(4)

    def forward(self, x):
        return self.pad(x)  # error: pad-too-large "4"
