# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        # A submodule does not hide the method of the same name.
        self.half = nn.MaxPool2d(2)

    def forward(self, x):
        return self.half(x)  # error: call-arguments "half"
