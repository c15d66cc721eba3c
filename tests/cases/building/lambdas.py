# run: Net() (2, 3, 20, 20)
import torch.nn as nn
import torch.nn.functional as F

make = {
    "conv": lambda i, o: nn.Conv2d(i, o, 3, padding=1),
    "skip": lambda i, o, *_: nn.Conv2d(i, o, 1) if i != o else nn.Identity(),
}


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = make["conv"](3, 8)
        self.skip = make["skip"](3, 8)
        self.same = make["skip"](8, 8)
        self.pad = Lambda(lambda x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 4, 4)))

    def forward(self, x):
        x = self.conv(x) + self.skip(x)  # shape: (2, 8, 20, 20) field: 3x3
        x = self.same(x)  # shape: (2, 8, 20, 20)
        return self.pad(x)  # shape: (2, 16, 10, 10) field: 3x3
