# run: Net() (2, 3, 20, 24)
import torch.nn as nn


class ConvAct(nn.Module):
    def __init__(self, *args, act=nn.ReLU, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(*args, **kwargs)
        self.act = act()

    def forward(self, *inputs, **options):
        (x,) = inputs
        return self.act(self.conv(x)) * options.get("gain", 1.0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        settings = dict(stride=2, padding=1)
        self.a = ConvAct(3, 8, 3, **settings)
        self.b = ConvAct(*(8, 4), kernel_size=(3, 1), **{**settings, "stride": 1}, act=nn.GELU)

    def forward(self, x):
        x = self.a(x)  # shape: (2, 8, 10, 12) field: 3x3
        return self.b(x, gain=2.0)  # shape: (2, 4, 10, 14) field: 7x3
