# run: Net() (2, 3, 32, 32)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, stages=3):
        super().__init__()
        self.stages = stages
        for i in range(1, stages + 1):
            setattr(self, f"conv{i}", nn.Conv2d(3 * i, 3 * (i + 1), 3, padding=1))
            setattr(self, f"norm{i}", nn.BatchNorm2d(3 * (i + 1)))

    def forward(self, x):
        for i in range(1, self.stages + 1):
            x = getattr(self, f"norm{i}")(getattr(self, "conv%d" % i)(x))  # shape: (2, 6, 32, 32) | (2, 9, 32, 32) | (2, 12, 32, 32)
        missing = getattr(self, "pool", None)
        if missing is not None:
            x = missing(x)
        if hasattr(self, "norm{}".format(self.stages + 1)):
            x = x.flatten()
        return x[:, 0]  # shape: (2, 32, 32)
