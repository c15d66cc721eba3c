# run: Net(False) (2, 3, 16, 16)
# run: Net(True) (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, features_only):
        super().__init__()
        self.features_only = features_only
        self.conv = nn.Conv2d(3, 8, 3, 2)
        self.head = nn.Linear(8 * 7 * 7, 4)

    def run(self, x):
        x = self.conv(x)  # shape: (2, 8, 7, 7)
        if self.features_only:
            return x  # shape: (2, 8, 7, 7)
        return self.head(x.flatten(1))  # shape: (2, 4)

    def forward(self, x):
        return self.run(x)  # shape: (2, 4) | (2, 8, 7, 7)
