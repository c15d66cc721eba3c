# run: Encoder() (2, 3, 16, 16)
# run: Decoder() (2, 8, 4, 4)
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 4, 4)

    def forward(self, x):
        return self.conv(x)  # error: conv-channels "3 channels; the layer takes 1"


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(16, 3, 4, 4)

    def forward(self, x):
        return self.up(x)  # error: conv-channels "8 channels; the layer takes 16"
