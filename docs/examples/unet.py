"""A U-Net whose input size is not said: sizes are symbols."""

import torch
from torch import nn


def block(in_channels, out_channels):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, padding=1),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
        nn.Conv2d(out_channels, out_channels, 3, padding=1),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    def __init__(self, classes=2, width=32):
        super().__init__()
        self.down1 = block(3, width)
        self.down2 = block(width, 2 * width)
        self.bottom = block(2 * width, 4 * width)
        self.pool = nn.MaxPool2d(2)
        self.up2 = nn.ConvTranspose2d(4 * width, 2 * width, 2, stride=2)
        self.join2 = block(4 * width, 2 * width)
        self.up1 = nn.ConvTranspose2d(2 * width, width, 2, stride=2)
        self.join1 = block(2 * width, width)
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, image):
        d1 = self.down1(image)
        d2 = self.down2(self.pool(d1))
        x = self.bottom(self.pool(d2))
        x = self.join2(torch.cat([self.up2(x), d2], dim=1))
        x = self.join1(torch.cat([self.up1(x), d1], dim=1))
        return self.head(x)
