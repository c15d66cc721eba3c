# run: Net() (2, 1, L)
# sizes: L=4000; L=4001
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 8, kernel_size=80, stride=4)
        self.pool = nn.MaxPool1d(4)
        self.conv2 = nn.Conv1d(8, 16, 3, padding="same")
        self.causal = nn.Conv1d(16, 16, 2, dilation=4)

    def forward(self, x):
        x = self.conv1(x)  # shape: (2, 8, L//4 - 19) field: 80
        x = self.pool(x)  # shape: (2, 8, (L + 4)//16 - 5) field: 92
        x = self.conv2(x)  # shape: (2, 16, (L + 4)//16 - 5) field: 124
        x = nn.functional.pad(x, (4, 0))  # shape: (2, 16, (L + 4)//16 - 1)
        return self.causal(x)  # shape: (2, 16, (L + 4)//16 - 5) field: 188
