# run: Net() (2, 8, H, W)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.ConvTranspose2d(8, 6, 4, stride=2, padding=1)
        self.b = nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1)
        self.c = nn.ConvTranspose2d(4, 4, (3, 5), stride=(1, 3), dilation=(2, 1))
        self.d = nn.Conv2d(4, 4, 3)

    def forward(self, x):
        x = self.a(x)  # shape: (2, 6, 2*H, 2*W) field: 2x2
        x = self.b(x)  # shape: (2, 4, 4*H, 4*W) field: 3x3
        y = self.b(self.a.weight.new_zeros(2, 6, 5, 5), output_size=(9, 10))  # shape: (2, 4, 9, 10)
        x = self.c(x)  # shape: (2, 4, 4*H + 4, 12*W + 2) field: 4x3
        return self.d(x), y  # shape: (2, 4, 4*H + 2, 12*W), (2, 4, 9, 10)
