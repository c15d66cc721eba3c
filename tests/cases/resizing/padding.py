# run: Net() (1, 4, 20, 24)
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.zero = nn.ZeroPad2d((1, 2, 3, 4))
        self.mirror = nn.ReflectionPad2d(3)
        self.crop = nn.ConstantPad2d(-2, 0.0)

    def forward(self, x):
        x = self.zero(x)  # shape: (1, 4, 27, 27)
        x = self.mirror(x)  # shape: (1, 4, 33, 33)
        x = self.crop(x)  # shape: (1, 4, 29, 29)
        x = F.pad(x, (0, 3, 0, 0), mode="replicate")  # shape: (1, 4, 29, 32)
        return F.pad(x, (0, 0, 1, 0, 2, 2), "constant", 0)  # shape: (1, 8, 30, 32)
