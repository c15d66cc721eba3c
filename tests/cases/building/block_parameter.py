# run: ResNet(Bottleneck, [1, 2]) (2, 8, 32, 40)
import torch.nn as nn


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inplanes, planes, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inplanes, planes, 3, stride, 1)

    def forward(self, x):
        return self.conv(x)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inplanes, planes, stride=1):
        super().__init__()
        self.reduce = nn.Conv2d(inplanes, planes, 1)
        self.conv = nn.Conv2d(planes, planes, 3, stride, 1)
        self.expand = nn.Conv2d(planes, planes * self.expansion, 1)
        self.shortcut = None
        if stride != 1 or inplanes != planes * self.expansion:
            self.shortcut = nn.Conv2d(inplanes, planes * self.expansion, 1, stride)

    def forward(self, x):
        out = self.expand(self.conv(self.reduce(x)))
        if self.shortcut is not None:
            x = self.shortcut(x)
        return out + x  # shape: (2, 32, 32, 40) | (2, 64, 16, 20)


class ResNet(nn.Module):
    def __init__(self, block, layers):
        super().__init__()
        self.inplanes = 8
        self.layer1 = self._make_layer(block, 8, layers[0])
        self.layer2 = self._make_layer(block, 16, layers[1], stride=2)
        self.head = nn.Linear(16 * block.expansion, 5)

    def _make_layer(self, block, planes, blocks, stride=1):
        layers = [block(self.inplanes, planes, stride)]
        self.inplanes = planes * block.expansion
        for _ in range(1, blocks):
            layers.append(block(self.inplanes, planes))
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.layer1(x)  # shape: (2, 32, 32, 40) field: 3x3
        x = self.layer2(x)  # shape: (2, 64, 16, 20) field: 9x9
        x = x.mean([2, 3])  # shape: (2, 64) field: global
        return self.head(x)  # shape: (2, 5)
