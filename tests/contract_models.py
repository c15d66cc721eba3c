"""Networks whose input contracts are compared with what torch accepts: small, and of all kinds."""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def double(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class UNet(nn.Module):
    """The encoder and decoder of Ronneberger et al., with padding."""

    def __init__(self, depth: int = 4, bilinear: bool = False) -> None:
        super().__init__()
        widths = [2 * (i + 1) for i in range(depth + 1)]
        pairs = list(pairwise(widths))
        self.first = double(3, widths[0])
        self.pool = nn.MaxPool2d(2)
        self.downs = nn.ModuleList(double(a, b) for a, b in pairs)
        self.ups = nn.ModuleList(
            nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
            if bilinear
            else nn.ConvTranspose2d(b, b, 2, 2)
            for _, b in pairs
        )
        self.blocks = nn.ModuleList(double(a + b, a) for a, b in pairs)
        self.head = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        skips = []
        for down in self.downs:
            skips.append(x)
            x = down(self.pool(x))
        steps = zip(reversed(skips), reversed(self.ups), reversed(self.blocks), strict=True)
        for skip, up, block in steps:
            x = block(torch.cat([skip, self.fitted(up(x), skip)], 1))
        return self.head(x)

    def fitted(self, x: Tensor, skip: Tensor) -> Tensor:
        return x


class PaddedUNet(UNet):
    """Pads what comes up to the size of the skip connection."""

    def fitted(self, x: Tensor, skip: Tensor) -> Tensor:
        down = skip.size(2) - x.size(2)
        right = skip.size(3) - x.size(3)
        return F.pad(x, [right // 2, right - right // 2, down // 2, down - down // 2])


class AddingUNet(nn.Module):
    """Strided convolutions of odd size down, transposed ones up, sums for skip connections."""

    def __init__(self, depth: int = 3) -> None:
        super().__init__()
        self.downs = nn.ModuleList(nn.Conv2d(3, 3, 3, 2, 1) for _ in range(depth))
        self.ups = nn.ModuleList(nn.ConvTranspose2d(3, 3, 3, 2, 1) for _ in range(depth))

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for down in self.downs:
            skips.append(x)
            x = down(x)
        for up in self.ups:
            x = up(x) + skips.pop()
        return x


class Vgg(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        blocks = [nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.MaxPool2d(2)) for _ in range(5)]
        self.features = nn.Sequential(*blocks)
        self.classifier = nn.Linear(3 * 7 * 7, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(self.features(x), 7), 1))


class ResNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 4, 7, 2, 3), nn.BatchNorm2d(4), nn.MaxPool2d(3, 2, 1)
        )
        self.stages = nn.Sequential(*[nn.Conv2d(4, 4, 3, 2, 1) for _ in range(3)])
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(4, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.pool(self.stages(self.stem(x))).flatten(1))


class AlexNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 11, 4, 2),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(4, 4, 5, padding=2),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(4, 4, 3, padding=1),
            nn.MaxPool2d(3, 2),
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.adaptive_avg_pool2d(self.features(x), 6)


class Classifier(nn.Module):
    """A flatten before a linear layer: the size is fixed."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.Sequential(
            nn.Conv2d(1, 4, 5), nn.MaxPool2d(2), nn.Conv2d(4, 4, 5), nn.MaxPool2d(2)
        )
        self.fc = nn.Linear(4 * 5 * 5, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.convs(x).flatten(1))


class SpaceToDepth(nn.Module):
    def __init__(self, factor: int = 4) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return F.pixel_unshuffle(x, self.factor)


class Blocks(nn.Module):
    """The same by hand, after a test of its own."""

    def __init__(self, factor: int = 3) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        r = self.factor
        if h % r != 0 or w % r != 0:
            raise ValueError(f"{h}x{w} is no multiple of {r}")
        x = x.view(n, c, h // r, r, w // r, r)
        return x.permute(0, 1, 3, 5, 2, 4).reshape(n, c * r * r, h // r, w // r)


class Windows(nn.Module):
    """The windows of a Swin transformer over patches of 4 by 4 pixels."""

    def __init__(self, size: int = 7, *, pad: bool = False) -> None:
        super().__init__()
        self.size = size
        self.pad = pad
        self.patches = nn.Conv2d(3, 4, 4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x).permute(0, 2, 3, 1)
        s = self.size
        if self.pad:
            _, h, w, _ = x.shape
            x = F.pad(x, (0, 0, 0, (s - w % s) % s, 0, (s - h % s) % s))
        n, h, w, c = x.shape
        x = x.view(n, h // s, s, w // s, s, c).permute(0, 1, 3, 2, 4, 5)
        return x.reshape(-1, s * s, c)


class ViT(nn.Module):
    """Takes the one size that its position embedding was made for, and says so."""

    def __init__(self, size: int = 48, patch: int = 8) -> None:
        super().__init__()
        self.size = size
        self.patches = nn.Conv2d(3, 4, patch, patch)
        self.position = nn.Parameter(torch.zeros(1, (size // patch) ** 2, 4))

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        assert (height, width) == (self.size, self.size), "another size"
        return self.patches(x).flatten(2).transpose(1, 2) + self.position


class Reflected(nn.Module):
    """Reflection padding takes less than there is."""

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(F.pad(x, (20, 20, 20, 20), mode="reflect"), torch.zeros(2, 3, 9, 9))


class Waves(nn.Module):
    """One dimension: an even kernel down, and up again."""

    def __init__(self, depth: int = 3) -> None:
        super().__init__()
        self.downs = nn.ModuleList(nn.Conv1d(2, 2, 4, 2, 1) for _ in range(depth))
        self.ups = nn.ModuleList(nn.ConvTranspose1d(2, 2, 4, 2, 1) for _ in range(depth))

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for down in self.downs:
            skips.append(x)
            x = F.relu(down(x))
        for up in self.ups:
            x = torch.cat([up(x), skips.pop()], 1)[:, :2]
        return x


class Volume(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv3d(1, 2, 3, 2, 1)
        self.up = nn.ConvTranspose3d(2, 1, 2, 2)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.up(self.down(x))], 1)


class Resized(nn.Module):
    """Interpolates to the size of the skip connection: any size will do."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(3, 3, 3, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + F.interpolate(self.down(x), size=x.shape[-2:], mode="bilinear")


class Either(nn.Module):
    """Pads only where it has to."""

    def forward(self, x: Tensor) -> Tensor:
        small = F.max_pool2d(x, 2)
        large = F.interpolate(small, scale_factor=2)
        if large.shape != x.shape:
            large = F.interpolate(large, size=x.shape[2:])
        return torch.cat([x, large], 1)


class Caught(nn.Module):
    """What an exception handler makes good is no condition."""

    def forward(self, x: Tensor) -> Tensor:
        large = F.interpolate(F.max_pool2d(x, 2), scale_factor=2)
        try:
            return torch.cat([x, large], 1)
        except RuntimeError:
            return x


class CaughtAgain(nn.Module):
    """The same call twice: one of them is made good, and the other one not on all sizes."""

    def __init__(self, first: bool) -> None:
        super().__init__()
        self.first = first

    def join(self, x: Tensor) -> Tensor:
        return torch.cat([x, F.interpolate(F.avg_pool2d(x, 1, 2), scale_factor=2)], 1)

    def forward(self, x: Tensor) -> Tensor:
        if self.first and x.shape[-1] > 7:
            x = self.join(x)[:, :3]
        try:
            return self.join(x)
        except RuntimeError:
            return x


class Named(nn.Module):
    """Called with arguments by name."""

    def forward(self, x: Tensor, *, skip: Tensor, scale: int = 2) -> Tensor:
        return torch.cat([F.interpolate(x, scale_factor=scale), skip], 1)


class Around(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = Named()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x=F.max_pool2d(x, 4), skip=x, scale=4)


class Early(nn.Module):
    """Odd widths go home before the rest."""

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[-1] % 2:
            return x
        return x + F.interpolate(F.max_pool2d(x, 4), scale_factor=4)


class Chain(nn.Module):
    """Steps down and up as they are listed, each up joined with what its level was before.

    (kernel, stride, padding) down, (kernel, stride, padding, output padding) up.
    """

    def __init__(self, downs: list[tuple[int, ...]], ups: list[tuple[int, ...]], add: bool) -> None:
        super().__init__()
        self.add = add
        self.downs = nn.ModuleList(nn.Conv2d(1, 1, k, s, p) for k, s, p in downs)
        self.ups = nn.ModuleList(nn.ConvTranspose2d(1, 1, k, s, p, o) for k, s, p, o in ups)

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for down in self.downs:
            skips.append(x)
            x = down(x)
        for up in self.ups:
            x, skip = up(x), skips.pop()
            x = x + skip if self.add else torch.cat([x, skip], 1)[:, :1]
        return x
