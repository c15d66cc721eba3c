# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, spec="conv3-8,pool2,conv1-4"):
        super().__init__()
        layers, channels = [], 3
        for word in spec.strip().split(","):
            if word.startswith("conv"):
                kernel, out = (int(n) for n in word[4:].split("-"))
                layers.append(nn.Conv2d(channels, out, kernel))
                channels = out
            elif word[:-1] == "pool":
                layers.append(nn.MaxPool2d(int(word[-1])))
            else:
                raise ValueError("unknown layer: %s" % word)
        self.body = nn.Sequential(*layers)
        self.norm = None

    def forward(self, x):
        x = self.body(x)  # shape: (2, 4, 7, 7)
        return self.norm(x) if self.norm else x  # shape: (2, 4, 7, 7)
