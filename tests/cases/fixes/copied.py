# run: Copied() (2, 1, 28, 28)
import torch
from torch import nn


class Copied(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 5, padding=2),
            nn.BatchNorm2d(16),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 5, padding=2),
            nn.BatchNorm2d(16),
            nn.MaxPool2d(2),
        )
        self.head = nn.Linear(32 * 7 * 7, 10)

    def forward(self, x):
        x = self.features(x)  # error: norm-features "features.4: input has 32 features; the layer normalises 16"
        return self.head(torch.flatten(x, 1))
