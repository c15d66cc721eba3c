# run: Net() (2, 3, 16, 16)
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        y = self.conv(x)
        try:
            y = self.conv(y)
            y = y.flatten()
        except (RuntimeError, ValueError) as error:
            print(error)
            y = y[:, :3]  # shape: (2, 3, 14, 14)
        else:
            y = None
        try:
            torch.cat([x, y])
        except IndexError:
            y = None
        except Exception:
            return self.conv(y)  # shape: (2, 8, 12, 12)
