# run: Net() (2, 3, H, W)
import torch.nn as nn


def conv_bn(inp, oup, stride=1, *, act=nn.ReLU):
    return nn.Sequential(
        nn.Conv2d(inp, oup, 3, stride, 1, bias=False),
        nn.BatchNorm2d(oup),
        act(inplace=True),
    )


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = conv_bn(3, 8)
        self.b = conv_bn(8, 16, stride=2, act=nn.ReLU6)

    def forward(self, x):
        x = self.a(x)  # shape: (2, 8, H, W) field: 3x3
        return self.b(x)  # shape: (2, 16, (H + 1)//2, (W + 1)//2) field: 5x5
