# run: Misspelt() (2, 3, 16, 16)
# run: Inherited() (2, 3, 16, 16)
# run: Forgotten() (2, 3, 16, 16)
# run: configured()
# run: Parent() (2, 3, 16, 16)
# run: numbered(3) (2, 3, 16, 16)
import torch
import torch.nn as nn
import torch.nn.functional as F


class Misspelt(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3)

    def forward(self, x):
        x = F.relu(self.conv1(x))  # shape: (2, 8, 14, 14)
        return self.con2(x)  # error: missing-attribute "'Misspelt' object has no attribute 'con2'; did you mean 'conv2'?"


class Inherited(Misspelt):
    def forward(self, x):
        return self.conv1(x).flatten(1) @ self.weigth  # error: missing-attribute "'weigth'"


class Forgotten(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(2):
            setattr(self, f"block{i}", nn.Conv2d(3, 3, 1))

    def forward(self, x):
        x = self.block0(self.block1(x))  # shape: (2, 3, 16, 16)
        return self.block2(x)  # error: missing-attribute "no attribute 'block2'"


class Config:
    width = 8

    def __init__(self, **kwargs):
        self.__dict__.update(kwargs)


def configured():
    config = Config(depth=2)
    layers = nn.ModuleList(nn.Linear(config.width, config.width) for _ in range(config.depth))
    return layers, config.widht  # error: missing-attribute "did you mean 'width'"


class Child(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.conv(x)


class Parent(nn.Module):
    def __init__(self):
        super().__init__()
        self.child = Child()
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x):
        return self.child.norm(self.child(x))  # error: missing-attribute "'Child' object has no attribute 'norm'"


class Numbered(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.first = nn.Conv2d(3, 3, 3)
        for i in range(1, count):
            self.add_module(f"stage{i}", nn.Conv2d(3, 3, 3))

    def forward(self, x):
        return self.stage3(self.stage2(self.stage1(x)))  # error: missing-attribute "'stage3'"


def numbered(count):
    return Numbered(count)
