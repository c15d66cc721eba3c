# run: Net() (2, 4, 9, 10)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.unfold = nn.Unfold(3, padding=1, stride=2)
        self.fold = nn.Fold((9, 10), 3, padding=1, stride=2)

    def forward(self, x):
        patches = self.unfold(x)  # shape: (2, 36, 25)
        windows = x.unfold(2, 3, 3).unfold(3, 5, 5)  # shape: (2, 4, 3, 2, 3, 5)
        return self.fold(patches), windows  # shape: (2, 4, 9, 10), (2, 4, 3, 2, 3, 5)
