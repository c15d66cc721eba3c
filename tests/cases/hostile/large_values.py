# run: Net() (2, 3, 16, 16)
# unjudged: would need more memory than there is
import torch.nn as nn

ZEROS = [0] * 10**12
TEXT = "x" * 10**12
POWER = 2**10**9
SHIFT = 1 << 10**10
NESTED = (((1,) * 10**4) * 10**4) * 10**4
LINES = "a,b\n".join(["x"] * 10**6) * 10**6
FORMATTED = f"{1:>1000000000}"
BYTES = bytes(10**12)
NUMBERS = list(range(10**12))
PADDED = "a".ljust(10**11) + "%1000000000d" % 3 + "a".zfill(10**11)
TOTAL = sum(range(10**12)) + sum(1 for _ in range(10**12))
COUNT = len(range(10**12))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.layers = nn.Sequential(*[nn.Conv2d(8, 8, 1) for _ in range(10**9)])

    def forward(self, x):
        x = self.conv(x)  # shape: (2, 8, 14, 14)
        return self.layers(x)
