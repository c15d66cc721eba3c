# run: Decoder() (2, 6)
import torch.nn as nn


class Decoder(nn.Module):
    def __init__(self, latent=6, widths=(16, 8, 4)):
        super().__init__()
        self.start = nn.Sequential(nn.Linear(latent, widths[0] * 4 * 4), nn.Unflatten(1, (widths[0], 4, 4)))
        ups = []
        for i, o in zip(widths, widths[1:]):
            ups += [nn.ConvTranspose2d(i, o, 4, 2, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(True)]
        self.ups = nn.Sequential(*ups, nn.ConvTranspose2d(widths[-1], 3, 2, 2), nn.Tanh())

    def forward(self, z):
        x = self.start(z)  # shape: (2, 16, 4, 4)
        return self.ups(x)  # shape: (2, 3, 32, 32)
