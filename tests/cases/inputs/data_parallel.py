import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.conv(x)  # shape: (2, 8, 6, 6)


device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
net = nn.DataParallel(Net()).to(device)
out = net(torch.randn(2, 3, 8, 8, device=device))  # shape: (2, 8, 6, 6)
weight = net.module.conv.weight  # shape: (8, 3, 3, 3)
