import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.conv(x)  # shape: (4, 8, 30, 30)


net = Net()
x = torch.rand(4, 3, 32, 32)
y = net(x)  # shape: (4, 8, 30, 30)
print(y.shape)
