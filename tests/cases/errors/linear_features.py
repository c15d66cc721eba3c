# run: LeNet() (4, 1, 28, 28)
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # shape: (4, 6, 12, 12)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # shape: (4, 16, 4, 4)
        x = x.view(x.size(0), -1)  # shape: (4, 256)
        x = F.relu(self.fc1(x))  # error: linear-features "input has 256 features; the layer takes 400"
        return self.fc2(x)  # shape: (4, 10)
