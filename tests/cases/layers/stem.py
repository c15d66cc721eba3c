# run: Net() (2, 3, 64, 80)
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.tall = nn.Conv2d(64, 64, 3, stride=(2, 1), padding=1)

    def forward(self, x):
        x = self.stem(x)  # shape: (2, 64, 32, 40) field: 7x7
        x = F.max_pool2d(x, 3, 2, padding=1)  # shape: (2, 64, 16, 20) field: 11x11
        x = self.tall(x)  # shape: (2, 64, 8, 20) field: 19x19
        return self.stem(x)  # error: conv-channels "64 channels; the layer takes 3"
