# run: Convolution() (2, 3, 16, 16)
# run: Depthwise() (2, 8, 16, 16)
# run: Keyword() (2, 3, 16, 16)
# run: Head() (2, 3, 16, 16)
# run: Pooled() (2, 8, 16, 16)
# run: Stacked() (2, 8, 4, 4)
# run: Batch() (2, 8, 16, 16)
# run: Group() (2, 8, 16, 16)
# run: Last() (2, 16, 12)
# run: Shaped() (2, 16, 12)
# run: Recurrent() (2, 7, 12)
# run: Blocks() (2, 3, 16, 16)
# run: Images() (2, 16, 12, 3)
import torch.nn as nn


class Convolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 3)
        self.b = nn.Conv2d(8, 16, 3)

    def forward(self, x):
        return self.b(self.a(x))  # error: conv-channels "16 channels; the layer takes 8"


class Depthwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(4, 16, 3, groups=4)

    def forward(self, x):
        return self.a(x)  # error: conv-channels "8 channels; the layer takes 4"


class Keyword(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.a = nn.Conv2d(
            kernel_size=3,
            in_channels=width,  # of the image
            out_channels=4,
        )

    def forward(self, x):
        return self.a(x)  # error: conv-channels "3 channels; the layer takes 8"


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(4 * 16 * 16, 10)

    def forward(self, x):
        x = self.a(x).flatten(1)
        return self.fc(x)  # error: linear-features "784 features; the layer takes 1024"


class Pooled(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.pool(x))  # error: linear-features "1 features; the layer takes 8"


class Stacked(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.ReLU(), nn.Linear(8 * 4 * 4, 10))

    def forward(self, x):
        return self.body(x)  # error: linear-features "4 features; the layer takes 128"


class Batch(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.BatchNorm2d(4)

    def forward(self, x):
        return self.a(x)  # error: norm-features "8 features; the layer normalises 4"


class Group(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.GroupNorm(2, 6)

    def forward(self, x):
        return self.a(x)  # error: norm-features "8 features; the layer normalises 6"


class Last(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.LayerNorm(16)

    def forward(self, x):
        return self.a(x)  # error: norm-features "12 features; the layer normalises 16"


class Shaped(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.LayerNorm((12, 16))

    def forward(self, x):
        return self.a(x)  # error: norm-features "(16, 12)"


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(10, 20, batch_first=True)

    def forward(self, x):
        y, _ = self.lstm(x)  # error: linear-features "12 features; the layer takes 10"
        return y


class Block(nn.Module):
    def __init__(self, inp, out):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 3)

    def forward(self, x):
        return self.conv(x)  # error: conv-channels "8 channels; the layer takes 16"


class Blocks(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Block(3, 8)
        self.b = Block(16, 8)

    def forward(self, x):
        return self.b(self.a(x))


class Images(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return self.conv(x)  # error: conv-channels "16 channels; the layer takes 3"
