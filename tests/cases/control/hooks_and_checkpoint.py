# run: Net() (2, 3, 16, 16)
import torch.nn as nn
from torch.utils.checkpoint import checkpoint


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3)
        self.b = nn.Conv2d(8, 4, 3)
        self.saved = []
        self.a.register_forward_hook(lambda module, inputs, output: self.saved.append(output))

    def middle(self, x):
        return self.b(x)  # shape: (2, 4, 12, 12)

    def forward(self, x):
        x = self.a(x)  # shape: (2, 8, 14, 14)
        x = checkpoint(self.middle, x, use_reentrant=False)  # shape: (2, 4, 12, 12)
        return x + self.saved[0][:, :4, 1:-1, 1:-1]  # shape: (2, 4, 12, 12)
