# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Scale:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, x):
        return x[..., : x.shape[-1] // self.factor]

    def __len__(self):
        return self.factor

    def __getitem__(self, i):
        if i >= self.factor:
            raise IndexError
        return Scale(i + 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = Scale(4)
        self.conv = nn.Conv2d(3, len(self.scale), 1)

    def forward(self, x):
        x = self.scale(x)  # shape: (2, 3, 16, 4)
        x = self.scale[1](x)  # shape: (2, 3, 16, 2)
        return self.conv(x)  # shape: (2, 4, 16, 2)
