# run: Net() (2, 3, 16, 20)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(3, 8, 3, stride=2, padding=1, output_padding=2)

    def forward(self, x):
        return self.up(x)  # error: transpose-output-padding "output_padding 2"
