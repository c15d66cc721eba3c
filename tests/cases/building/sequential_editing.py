# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3))
        self.body[2] = nn.Conv2d(8, 6, 1)
        self.body.append(nn.MaxPool2d(2))
        del self.body[1]
        self.last = list(self.body.children())[-1]
        self.front = nn.Sequential(*list(self.body.children())[:-1])
        self.head = nn.Linear(6, 10)
        self.head = nn.Identity()
        self.body.add_module("tail", nn.Conv2d(self.body[1].out_channels, 5, 1))

    def forward(self, x):
        y = self.front(x)  # shape: (2, 6, 14, 14)
        z = self.last(y)  # shape: (2, 6, 7, 7)
        for name, layer in self.body.named_children():
            x = layer(x)  # shape: (2, 8, 14, 14) | (2, 6, 14, 14) | (2, 6, 7, 7) | (2, 5, 7, 7)
        return self.head(x), z, len(self.body)
