# run: Net() (1, 3, D, 48, 56)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv3d(3, 8, (3, 7, 7), stride=(1, 2, 2), padding=(1, 3, 3))
        self.pool = nn.MaxPool3d((1, 2, 2))
        self.conv2 = nn.Conv3d(8, 8, 3, padding=1, groups=2)

    def forward(self, x):
        x = self.conv1(x)  # shape: (1, 8, D, 24, 28) field: 3x7x7
        x = self.pool(x)  # shape: (1, 8, D, 12, 14) field: 3x9x9
        return self.conv2(x)  # shape: (1, 8, D, 12, 14) field: 5x17x17
