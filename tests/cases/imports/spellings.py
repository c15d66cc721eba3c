# run: Net() (2, 3, 16, 16)
import torch
import torch as th
import torch.nn.functional as func
from torch import Tensor, nn, relu
from torch.nn import Conv2d as Conv
from torch.nn.modules.batchnorm import BatchNorm2d


class Net(torch.nn.Module):
    def __init__(self) -> None:
        torch.nn.Module.__init__(self)
        self.conv = Conv(3, 4, (3, 3))
        self.norm = BatchNorm2d(4)
        self.pool = nn.modules.pooling.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        x = relu(self.norm.forward(self.conv(x)))  # shape: (2, 4, 14, 14)
        x = th.nn.functional.gelu(self.pool(x))  # shape: (2, 4, 7, 7)
        return func.softmax(x, dim=1)  # shape: (2, 4, 7, 7)
