# guess: Net() (N, 3, H, W)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3)
        self.b = nn.Conv2d(16, 8, 3)

    def forward(self, x):
        x = self.a(x)  # shape: (N, 8, H - 2, W - 2)
        return self.b(x)  # error: conv-channels "8 channels; the layer takes 16"
