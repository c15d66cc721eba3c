"""A small ResNet for 224-pixel images."""

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = None
        if stride != 1 or in_channels != channels:
            self.shortcut = nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        identity = x if self.shortcut is None else self.shortcut(x)
        return F.relu(out + identity)


class ResNet(nn.Module):
    def __init__(self, num_classes=1000, blocks=(2, 2, 2, 2)):
        super().__init__()
        self.in_channels = 64
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn = nn.BatchNorm2d(64)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = self.make_layer(64, blocks[0])
        self.layer2 = self.make_layer(128, blocks[1], stride=2)
        self.layer3 = self.make_layer(256, blocks[2], stride=2)
        self.layer4 = self.make_layer(512, blocks[3], stride=2)
        self.head = nn.Linear(512, num_classes)

    def make_layer(self, channels, count, stride=1):
        layers = []
        for i in range(count):
            layers.append(Block(self.in_channels, channels, stride if i == 0 else 1))
            self.in_channels = channels
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.pool(F.relu(self.bn(self.stem(x))))
        x = self.layer1(x)
        x = self.layer2(x)
        x = self.layer3(x)
        x = self.layer4(x)
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.head(x)


if __name__ == "__main__":
    model = ResNet(num_classes=10)
    logits = model(torch.randn(1, 3, 224, 224))
    print(logits.shape)
