# run: Net() (1, 4, 16, 18)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2)
        self.norm = nn.LPPool2d(2, 3, stride=2)

    def forward(self, x):
        y, indices = self.pool(x)  # shape: (1, 4, 8, 9), (1, 4, 8, 9)
        y = self.unpool(y, indices)  # shape: (1, 4, 16, 18)
        return self.norm(y)  # shape: (1, 4, 7, 8)
