# run: Flat() (2, 3, 8, 8)
# run: Sized() (2, 3, 8, 8)
# run: Inferred() (2, 3, 8, 8)
# run: Strided() (2, 6, 16)
# run: Expanded() (2, 1, 16)
# run: Split() (2, 10, 16)
# run: Axis() (2, 10)
# run: Unpacked() (2, 10, 16)
# run: Matrix() (2, 8, 10)
# run: Function() (2, 8, 10)
# run: Rank() (2, 3, 16)
# run: Image() (3, 8, 8)
# run: Volume() (2, 3, 4, 8, 8)
import torch
import torch.nn as nn


class Flat(nn.Module):
    def forward(self, x):
        return (x * 2).view(-1, 3 * 7 * 7)  # error: reshape-count "384"


class Sized(nn.Module):
    def forward(self, x):
        return torch.reshape(x, (x.size(0), 3 * 7 * 7))  # error: reshape-count "384"


class Inferred(nn.Module):
    def forward(self, x):
        return x.reshape(2, 3, 49)  # error: reshape-count "384"


class Strided(nn.Module):
    def forward(self, x):
        return x.transpose(1, 2).view(2, -1)  # error: view-stride "reshape"


class Expanded(nn.Module):
    def forward(self, x):
        return x.expand(4, 10, 16)  # error: expand-size "size 2 at dimension 0"


class Split(nn.Module):
    def forward(self, x):
        return x.split([4, 4], dim=1)[0]  # error: split-sizes "10"


class Axis(nn.Module):
    def forward(self, x):
        return x.softmax(dim=2)  # error: axis-range "2"


class Unpacked(nn.Module):
    def forward(self, x):
        b, c = x.shape  # error: unpack-count "3 values for 2 names"
        return x.reshape(b * c, -1)


class Matrix(nn.Module):
    def forward(self, x):
        return x @ (x * 2)  # error: matmul-sizes "10"


class Function(nn.Module):
    def forward(self, x):
        return torch.bmm(x, x)  # error: matmul-sizes "10"


class Rank(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv1d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x):
        return self.norm(self.a(x))  # error: input-rank "3 dimensions"


class Image(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(3)

    def forward(self, x):
        return self.norm(x)  # error: input-rank "3 dimensions"


class Volume(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x):
        return self.conv(x)  # error: conv-input-rank "5 dimensions"
