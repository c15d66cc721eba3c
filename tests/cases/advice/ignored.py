# run: Net() (1, 3, 32, 32)
# levels: checkerboard=warning
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, stride=2)  # conv-lsp: ignore[uneven-window]
        self.up = nn.ConvTranspose2d(8, 8, 3, stride=2)  # warning: checkerboard "sum 1 or 2 taps"
        # conv-lsp: off
        self.b = nn.ConvTranspose2d(8, 8, 3, stride=2)
        # conv-lsp: on
        self.c = nn.ConvTranspose2d(8, 8, 3, stride=2)  # conv-lsp: ignore

    def forward(self, x):
        return self.c(self.b(self.up(self.a(x))))
