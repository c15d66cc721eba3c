# run: Net(3, width=16, num_classes=7) (2, 3, 32, 40)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, in_channels, width=32, num_classes=10):
        super().__init__()
        hidden = width * 2
        self.stem = nn.Conv2d(in_channels, width, 3, padding=1)
        self.down = nn.Conv2d(width, hidden, kernel_size=3, stride=2, padding=1)
        self.head = nn.Linear(hidden * 16 * 20, num_classes)

    def forward(self, x):
        x = self.stem(x)  # shape: (2, 16, 32, 40) field: 3x3
        x = self.down(x)  # shape: (2, 32, 16, 20) field: 5x5
        x = x.flatten(1)  # shape: (2, 10240)
        return self.head(x)  # shape: (2, 7)
