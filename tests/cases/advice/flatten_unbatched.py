# run: Net() (1, 3, 8, 8)
# run: Layer() (1, 3, 8, 8)
# run: Result() (4, 3, 8, 8)
# run: Critic() (N, 3, 8, 8)
# run: Loss() (4, 3, 8, 8)
# run: Single() (3, 8, 8)
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.a = nn.Linear(256, 10)
        self.b = nn.Linear(256, 10)

    def forward(self, x):
        x = self.conv(x)
        y = self.a(torch.flatten(x))  # info: flatten-unbatched "(1, 4, 8, 8) becomes (256,), the batch with it; flatten(1) keeps the batch"
        z = x.view(-1)  # info: flatten-unbatched "(1, 4, 8, 8) becomes (256,)"
        return y + self.b(z) + self.b(x.flatten(1)) + self.b(x.view(x.size(0), -1))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1),
            nn.Flatten(0),  # info: flatten-unbatched "(256,)"
            nn.Linear(256, 10),
        )

    def forward(self, x):
        return self.layers(x)


class Result(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = self.pool(x)
        return x.reshape(-1)  # info: flatten-unbatched "(4, 3, 4, 4) becomes (192,)"


class Critic(nn.Module):
    """One number for each image stays one for each."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 1, 8)

    def forward(self, x):
        return self.conv(x).view(-1)


class Loss(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        return F.mse_loss(self.conv(x).view(-1), x.flatten())


class Single(nn.Module):
    """An image without a batch."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.fc = nn.Linear(256, 10)

    def forward(self, x):
        return self.fc(self.conv(x).flatten())
