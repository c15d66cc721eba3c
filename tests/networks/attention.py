"""Networks with steps that see a whole axis, or windows of it: attention, norms, squeezing."""

import torch
from torch import nn
from torch.nn import functional as F

WIDTH = 4


class WindowAttention(nn.Module):
    """Self-attention in windows (Liu et al. 2021) of an image (N, H, W, C), rolled by `shift`."""

    def __init__(self, window, shift):
        super().__init__()
        self.window, self.shift = window, shift
        self.norm1 = nn.LayerNorm(WIDTH)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Linear(WIDTH, WIDTH))

    def attend(self, x):
        n, h, w, c = x.shape
        k = self.window
        if self.shift:
            x = torch.roll(x, (-self.shift, -self.shift), (1, 2))
        x = x.view(n, h // k, k, w // k, k, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, k * k, c)
        q, key, v = self.qkv(x).reshape(-1, k * k, 3, c).permute(2, 0, 1, 3)
        scores = torch.softmax(q @ key.transpose(-2, -1), -1)
        x = self.proj(scores @ v)
        x = x.view(n, h // k, w // k, k, k, c).permute(0, 1, 3, 2, 4, 5).reshape(n, h, w, c)
        return torch.roll(x, (self.shift, self.shift), (1, 2)) if self.shift else x

    def forward(self, x):
        x = x + self.attend(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Merging(nn.Module):
    """Two by two pixels into the channels of one."""

    def __init__(self):
        super().__init__()
        self.reduction = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        parts = [x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]]
        return self.reduction(torch.cat(parts, -1))


class Swin(nn.Module):
    """Every value on the way; `shifted` as Swin is, otherwise all windows stay where they are."""

    def __init__(self, patch=2, window=4, depth=2, shifted=True):
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, patch, patch)
        shifts = [window // 2 * (i % 2) * shifted for i in range(depth)]
        self.first = nn.ModuleList(WindowAttention(window, shift) for shift in shifts)
        self.merging = Merging()
        self.second = nn.ModuleList(WindowAttention(window, shift) for shift in shifts)

    def forward(self, x):
        x = self.patches(x).permute(0, 2, 3, 1)
        seen = [x]
        for block in [*self.first, self.merging, *self.second]:
            x = block(x)
            seen.append(x)
        return seen


class SqueezeExcitation(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(WIDTH, 2, 1), nn.Conv2d(2, WIDTH, 1)

    def forward(self, x):
        scale = torch.sigmoid(self.fc2(F.relu(self.fc1(F.adaptive_avg_pool2d(x, 1)))))
        return x * scale


class SEResNet(nn.Module):
    """Residual blocks (Hu et al. 2018); `inner`: what recalibrates or normalises the branch."""

    def __init__(self, inner):
        super().__init__()
        self.stem = nn.Conv2d(3, WIDTH, 3, 2, 1)
        self.conv1, self.conv2 = (nn.Conv2d(WIDTH, WIDTH, 3, padding=1) for _ in range(2))
        self.inner = inner

    def forward(self, x):
        x = self.stem(x)
        return F.relu(x + self.inner(self.conv2(F.relu(self.conv1(x)))))


class NonLocal(nn.Module):
    """Attention over all pixels of an image (Wang et al. 2018)."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = (nn.Conv2d(WIDTH, WIDTH, 1) for _ in range(3))

    def forward(self, x):
        n, c, h, w = x.shape
        q, k, v = (f(x).flatten(2) for f in (self.q, self.k, self.v))
        scores = torch.softmax(q.transpose(1, 2) @ k, -1)
        return x + (v @ scores.transpose(1, 2)).view(n, c, h, w)


def layer_norm():
    return nn.LayerNorm((WIDTH, 32, 24))


def channel_norm():
    return nn.GroupNorm(2, WIDTH)
