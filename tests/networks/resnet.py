"""Residual networks: ResNet-50 with dilated stages, TF-Slim's striding, and heads on them."""

import torch
from torch import nn
from torch.nn import functional as F

WIDTH = 4


def same(x, kernel, stride):
    """TensorFlow's SAME padding: what is needed at this size, the odd rest at the end."""
    ends = []
    for n in x.shape[:1:-1]:
        total = max((-(-n // stride) - 1) * stride + kernel - n, 0)
        ends += [total // 2, total - total // 2]
    return F.pad(x, ends)


class Bottleneck(nn.Module):
    def __init__(self, stride=1, dilation=1, project=False, pooled=False):
        super().__init__()
        self.conv1 = nn.Conv2d(WIDTH, WIDTH, 1)
        self.conv2 = nn.Conv2d(WIDTH, WIDTH, 3, stride, dilation, dilation)
        self.conv3 = nn.Conv2d(WIDTH, WIDTH, 1)
        if pooled:
            self.downsample = nn.MaxPool2d(1, stride)
        else:
            self.downsample = nn.Conv2d(WIDTH, WIDTH, 1, stride) if project else nn.Identity()

    def forward(self, x):
        y = self.conv3(F.relu(self.conv2(F.relu(self.conv1(x)))))
        return F.relu(y + self.downsample(x))


class ResNet(nn.Module):
    """torchvision's: the first block of a stage strides, or dilates from its second block on."""

    def __init__(self, depths=(3, 4, 6, 3), dilated=(False, False, False)):
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTH, 7, 2, 3)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        dilation = 1
        for i, depth in enumerate(depths, 1):
            before, stride = dilation, 1 if i == 1 else 2
            if i > 1 and dilated[i - 2]:
                dilation, stride = dilation * 2, 1
            blocks = [Bottleneck(stride, before, project=True)]
            blocks += [Bottleneck(1, dilation) for _ in range(depth - 1)]
            setattr(self, f"layer{i}", nn.Sequential(*blocks))

    def stages(self, x):
        x = self.maxpool(F.relu(self.conv1(x)))
        found = []
        for i in range(1, 5):
            x = getattr(self, f"layer{i}")(x)
            found.append(x)
        return found

    def forward(self, x):
        return self.stages(x)[-1]


class SlimResNet(nn.Module):
    """TF-Slim's: the last block of a stage strides, and its shortcut is a pool of one pixel."""

    def __init__(self, *depths):
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTH, 7, 2, 3)
        for i, depth in enumerate(depths, 1):
            stride = 1 if i == len(depths) else 2
            blocks = [Bottleneck() for _ in range(depth - 1)] + [Bottleneck(stride, pooled=True)]
            setattr(self, f"block{i}", nn.Sequential(*blocks))

    def forward(self, x):
        x = F.max_pool2d(same(self.conv1(x), 3, 2), 3, 2)
        return self.block4(self.block3(self.block2(self.block1(x))))


class FPN(nn.Module):
    """Feature pyramid (Lin et al. 2017) on a ResNet-50; `o`: the outputs, the finest first."""

    def __init__(self):
        super().__init__()
        self.bb = ResNet()
        self.lateral = nn.ModuleList(nn.Conv2d(WIDTH, WIDTH, 1) for _ in range(4))
        self.o = nn.ModuleList(nn.Conv2d(WIDTH, WIDTH, 3, padding=1) for _ in range(4))

    def forward(self, x):
        levels = [conv(y) for conv, y in zip(self.lateral, self.bb.stages(x), strict=True)]
        inner = levels[3]
        outs = [self.o[3](inner)]
        for i in (2, 1, 0):
            inner = levels[i] + F.interpolate(inner, scale_factor=2)
            outs.insert(0, self.o[i](inner))
        return outs[0]


class DeepLab(nn.Module):
    """The head of DeepLab v3 (Chen et al. 2017) at output stride 8, without the image's pooling."""

    def __init__(self):
        super().__init__()
        self.bb = ResNet(dilated=(False, True, True))
        self.a1 = nn.Conv2d(WIDTH, WIDTH, 1)
        self.a12 = nn.Conv2d(WIDTH, WIDTH, 3, padding=12, dilation=12)
        self.a24 = nn.Conv2d(WIDTH, WIDTH, 3, padding=24, dilation=24)
        self.a36 = nn.Conv2d(WIDTH, WIDTH, 3, padding=36, dilation=36)
        self.h = nn.Conv2d(4 * WIDTH, 2, 3, padding=1)

    def forward(self, x):
        x = self.bb(x)
        return self.h(torch.cat([self.a1(x), self.a12(x), self.a24(x), self.a36(x)], 1))


class FCN(nn.Module):
    """A head of two convolutions (Long et al. 2015), resized to the image."""

    def __init__(self):
        super().__init__()
        self.bb = ResNet(dilated=(False, True, True))
        self.head = nn.Sequential(nn.Conv2d(WIDTH, WIDTH, 3, padding=1), nn.Conv2d(WIDTH, 2, 1))

    def forward(self, x):
        y = self.head(self.bb(x))
        return F.interpolate(y, size=x.shape[-2:], mode="bilinear", align_corners=False)


class SlimAlexNet(nn.Sequential):
    """AlexNet v2 (Krizhevsky 2014) as TF-Slim pads it."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(3, 4, 11, 4),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(4, 4, 5, padding=2),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(4, 4, 3, padding=1),
            nn.Conv2d(4, 4, 3, padding=1),
            nn.Conv2d(4, 4, 3, padding=1),
            nn.MaxPool2d(3, 2),
        )


class Separable(nn.Module):
    """Depthwise and pointwise; `slim`: padded as TensorFlow does."""

    def __init__(self, a, b, stride, slim):
        super().__init__()
        self.stride, self.slim = stride, slim
        self.depthwise = nn.Conv2d(a, a, 3, stride, 0 if slim else 1, groups=a)
        self.pointwise = nn.Conv2d(a, b, 1)

    def forward(self, x):
        x = same(x, 3, self.stride) if self.slim else x
        return F.relu(self.pointwise(F.relu(self.depthwise(x))))


class MobileNet(nn.Module):
    """MobileNet v1 (Howard et al. 2017)."""

    def __init__(self, slim=False):
        super().__init__()
        self.slim = slim
        self.c0 = nn.Conv2d(3, 4, 3, 2, 0 if slim else 1)
        strides = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
        self.b = nn.Sequential(*(Separable(4, 4, stride, slim) for stride in strides))

    def forward(self, x):
        return self.b(F.relu(self.c0(same(x, 3, 2) if self.slim else x)))


def resnet(depths=(3, 4, 6, 3), *dilated):
    return ResNet(depths, dilated or (False, False, False))
