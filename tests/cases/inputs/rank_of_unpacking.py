# guess: Net() (B, T, 10)
# sizes: B=2 T=5; B=3 T=4
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(10, 12)

    def forward(self, x):
        B, T, C = x.size()
        y = self.proj(x)  # shape: (B, T, 12)
        y = y.view(B, T, 3, 4).transpose(1, 2)  # shape: (B, 3, T, 4)
        return y.reshape(B, T, 12)  # shape: (B, T, 12)
