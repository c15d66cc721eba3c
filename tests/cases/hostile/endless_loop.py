# run: Net() (2, 3, 16, 16)
# unjudged: does not end
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):
        y = x[:, :1]  # shape: (2, 1, 16, 16)
        i = 0
        while True:
            i += 1
        return y
