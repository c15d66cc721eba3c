# run: LeNet() (1, 1, 28, 28)
# run: VGG() (1, 3, 64, 64)
# run: ResNet() (1, 3, 224, 224)
# run: UNet() (1, 3, 64, 64)
# run: Generator() (1, 100, 1, 1)
# run: Discriminator() (1, 3, 64, 64)
# run: MobileNet() (1, 3, 224, 224)
# run: DeepLab() (1, 3, 129, 129)
# run: ConvNeXt() (1, 3, 224, 224)
# run: Autoencoder() (1, 1, 28, 28)
# What is usual is not advised against: the one hint is at the shortcut that skips pixels.
import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(torch.flatten(x, 1))))


class VGG(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        channels = 3
        for made in (64, "M", 128, "M", 256, 256, "M", 512, 512, "M"):
            if made == "M":
                layers.append(nn.MaxPool2d(2, 2))
            else:
                layers += [nn.Conv2d(channels, made, 3, padding=1), nn.ReLU(True)]
                channels = made
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(512 * 4 * 4, 10)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class Bottleneck(nn.Module):
    def __init__(self, channels, planes, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, 4 * planes, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * planes)
        self.downsample = None
        if stride > 1 or channels != 4 * planes:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, 4 * planes, 1, stride, bias=False),  # hint: stride-skips-input "1 of 4 positions are read (stages.1.0.downsample.0, in 3 contexts)"
                nn.BatchNorm2d(4 * planes),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        stages = []
        channels = 64
        for planes, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
            stage = []
            for i in range(blocks):
                stage.append(Bottleneck(channels, planes, stride if i == 0 else 1))
                channels = 4 * planes
            stages.append(nn.Sequential(*stage))
        self.stages = nn.Sequential(*stages)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2048, 1000)

    def forward(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        return self.fc(self.avgpool(self.stages(x)).flatten(1))


class Double(nn.Sequential):
    def __init__(self, channels, made):
        super().__init__(
            nn.Conv2d(channels, made, 3, padding=1, bias=False),
            nn.BatchNorm2d(made),
            nn.ReLU(inplace=True),
            nn.Conv2d(made, made, 3, padding=1, bias=False),
            nn.BatchNorm2d(made),
            nn.ReLU(inplace=True),
        )


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = (16, 32, 64, 128)
        self.down = nn.ModuleList(Double(a, b) for a, b in zip((3, *sizes), sizes))
        self.up = nn.ModuleList(nn.ConvTranspose2d(2 * a, a, 2, stride=2) for a in (64, 32, 16))
        self.joined = nn.ModuleList(Double(2 * a, a) for a in (64, 32, 16))
        self.head = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        kept = []
        for i, down in enumerate(self.down):
            x = down(F.max_pool2d(x, 2) if i else x)
            kept.append(x)
        for up, join, skip in zip(self.up, self.joined, reversed(kept[:-1])):
            x = join(torch.cat([skip, up(x)], 1))
        return self.head(x)


class Generator(nn.Module):
    """DCGAN."""

    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(100, 128, 4, 1, 0, bias=False),
            nn.BatchNorm2d(128),
            nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False),
            nn.BatchNorm2d(64),
            nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.main(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, 64, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(64, 128, 4, 2, 1, bias=False),
            nn.BatchNorm2d(128),
            nn.Conv2d(128, 256, 4, 2, 1, bias=False),
            nn.BatchNorm2d(256),
            nn.Conv2d(256, 512, 4, 2, 1, bias=False),
            nn.BatchNorm2d(512),
            nn.Conv2d(512, 1, 4, 1, 0, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.main(x).view(-1, 1).squeeze(1)


class Inverted(nn.Module):
    def __init__(self, channels, made, stride, kernel):
        super().__init__()
        hidden = 6 * channels
        self.skip = stride == 1 and channels == made
        self.conv = nn.Sequential(
            nn.Conv2d(channels, hidden, 1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, hidden, kernel, stride, kernel // 2, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, made, 1, bias=False),
            nn.BatchNorm2d(made),
        )

    def forward(self, x):
        return x + self.conv(x) if self.skip else self.conv(x)


class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6()]
        channels = 32
        plan = ((16, 1, 1, 3), (24, 2, 2, 3), (40, 2, 2, 5), (80, 3, 2, 3), (96, 2, 1, 5), (192, 4, 2, 5))
        for made, count, stride, kernel in plan:
            for i in range(count):
                layers.append(Inverted(channels, made, stride if i == 0 else 1, kernel))
                channels = made
        self.layers = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(192, 1000))

    def forward(self, x):
        return self.classifier(self.layers(x).mean([2, 3]))


class DeepLab(nn.Module):
    """Dense convolutions before the dilated ones read every position."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 16, 3, 2, 1))
        self.body = nn.Sequential(
            nn.Conv2d(16, 16, 3, padding=1),
            nn.Conv2d(16, 16, 3, padding=2, dilation=2),
            nn.Conv2d(16, 16, 3, padding=2, dilation=2),
            nn.Conv2d(16, 16, 3, padding=4, dilation=4),
        )
        rates = (6, 12, 18)
        self.branches = nn.ModuleList(nn.Conv2d(16, 8, 3, padding=r, dilation=r) for r in rates)
        self.point = nn.Conv2d(16, 8, 1)
        self.project = nn.Conv2d(32, 8, 1)

    def forward(self, x):
        size = x.shape[-2:]
        x = self.body(self.stem(x))
        x = self.project(torch.cat([self.point(x), *[b(x) for b in self.branches]], 1))
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


class ConvNeXt(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 4, 4)
        self.block = nn.Conv2d(32, 32, 7, padding=3, groups=32)
        self.norm = nn.GroupNorm(1, 32)
        self.down = nn.Conv2d(32, 64, 2, 2)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = self.stem(x)
        x = x + self.norm(self.block(x))
        return self.head(self.down(x).mean([-2, -1]))


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(16, 8, 3, stride=2, padding=1)
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(8, 16, 2, stride=2), nn.ReLU(), nn.ConvTranspose2d(16, 1, 2, stride=2)
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))
