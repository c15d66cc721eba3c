# run: Net() (N, 3, H, W)
# run: Clip() (2, 8, 9, 16, 16)
# sizes: N=2 H=300 W=310
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.thin = nn.Conv2d(3, 8, 3, stride=4)  # info: stride-skips-input "stride 4×4 is longer than the kernel, which covers 3×3: 9 of 16 positions are read"
        self.wide = nn.Conv2d(8, 8, 3, stride=4, dilation=2)
        self.tall = nn.Conv2d(8, 8, (3, 1), stride=2, padding=(1, 0))  # hint: stride-skips-input "stride 2 is longer than the kernel, which covers 1: 1 of 2"
        self.patches = nn.Conv2d(8, 8, 2, stride=2)

    def forward(self, x):
        x = self.tall(self.wide(self.thin(x)))
        x = F.max_pool2d(x, 1, stride=2)  # hint: stride-skips-input "1 of 4"
        return self.patches(x)


class Clip(nn.Module):
    def __init__(self):
        super().__init__()
        self.shortcut = nn.Conv3d(8, 16, 1, stride=(1, 2, 2))  # hint: stride-skips-input "1 of 4 positions are read"

    def forward(self, x):
        return self.shortcut(x)
