"""Classes that nothing constructs: what a class that derives from them sets is not known."""

# guess: Segmentation() (N, 3, H, W)
# unjudged: by itself the class is not complete

from torch import nn


class Segmentation(nn.Module):
    def forward(self, x):
        return self.decoder(self.encoder(x))


class Numbered(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.head(self.layer1(x))


class Derived(Numbered):
    def __init__(self):
        super().__init__()
        self.layer2 = nn.Conv2d(3, 8, 3)
