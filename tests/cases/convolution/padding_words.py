# run: Net() (2, 3, 20, 31)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.same = nn.Conv2d(3, 4, (3, 4), padding="same", dilation=(3, 1))
        self.valid = nn.Conv2d(4, 4, 5, stride=2, padding="valid")
        self.mirrored = nn.Conv2d(4, 4, 3, padding=1, padding_mode="reflect")

    def forward(self, x):
        x = self.same(x)  # shape: (2, 4, 20, 31) field: 7x4
        x = self.valid(x)  # shape: (2, 4, 8, 14) field: 11x8
        return self.mirrored(x)  # shape: (2, 4, 8, 14) field: 15x12
