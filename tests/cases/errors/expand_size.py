# run: Net() (2, 10, 16)
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        y = x[:1].expand(4, -1, 16)  # shape: (4, 10, 16)
        return y.expand(8, 10, 16)  # error: expand-size "size 4 at dimension 0 cannot be expanded to 8"
