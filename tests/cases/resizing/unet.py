# run: UNet() (1, 3, H, W)
# sizes: H=48 W=64; H=51 W=70
import torch
import torch.nn as nn
import torch.nn.functional as F


class Double(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(nn.Conv2d(i, o, 3, padding=1), nn.ReLU(), nn.Conv2d(o, o, 3, padding=1))


class Up(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.up = nn.ConvTranspose2d(i, o, 2, stride=2)
        self.conv = Double(2 * o, o)

    def forward(self, x, skip):
        x = self.up(x)  # shape: (1, 16, 2*(H//4), 2*(W//4)) | (1, 8, 2*(H//2), 2*(W//2))
        dy = skip.size(2) - x.size(2)
        dx = skip.size(3) - x.size(3)
        x = F.pad(x, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])  # shape: (1, 16, H//2, W//2) | (1, 8, H, W)
        return self.conv(torch.cat([skip, x], dim=1))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = Double(3, 8), Double(8, 16), Double(16, 32)
        self.up1 = Up(32, 16)
        self.up2 = Up(16, 8)
        self.out = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        a = self.a(x)  # shape: (1, 8, H, W) field: 5x5
        b = self.b(F.max_pool2d(a, 2))  # shape: (1, 16, H//2, W//2) field: 14x14
        c = self.c(F.max_pool2d(b, 2))  # shape: (1, 32, H//4, W//4) field: 32x32
        x = self.up1(c, b)  # shape: (1, 16, H//2, W//2)
        x = self.up2(x, a)  # shape: (1, 8, H, W)
        return self.out(x)  # shape: (1, 2, H, W)
