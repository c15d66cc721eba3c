# run: Net() (2, 8, 16, 16)
import torch.nn as nn


class ChannelsFirst(nn.LayerNorm):
    def forward(self, x):
        x = x.permute(0, 2, 3, 1)  # shape: (2, 16, 16, 8)
        x = super().forward(x)  # shape: (2, 16, 16, 8)
        return x.permute(0, 3, 1, 2)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.group = nn.GroupNorm(4, 8)
        self.instance = nn.InstanceNorm2d(8, affine=True)
        self.layer = ChannelsFirst(8)
        self.spatial = nn.LayerNorm([8, 16, 16])
        self.local = nn.LocalResponseNorm(2)

    def forward(self, x):
        x = self.layer(x)  # shape: (2, 8, 16, 16) field: 1x1
        x = self.local(x)  # shape: (2, 8, 16, 16)
        x = self.group(x)  # shape: (2, 8, 16, 16) field: global
        x = self.instance(x)  # shape: (2, 8, 16, 16)
        return self.spatial(x)  # shape: (2, 8, 16, 16)
