# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(3)

    def forward(self, x):
        x = self.norm(x)  # shape: (2, 3, 16, 16)
        return self.norm(x[0])  # error: input-rank "input has 3 dimensions"
