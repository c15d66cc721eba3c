# run: Net() (2, 3, 16, 16)
import torch.nn as nn


class Meta(type):
    def __new__(mcs, name, bases, space):
        space["width"] = 8
        return super().__new__(mcs, name, bases, space)

    def __call__(cls, *args, **kwargs):
        return super().__call__(*args, **kwargs)


class Configured(metaclass=Meta):
    pass


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, Configured.width, 3)
        self.__dict__["note"] = "kept"
        globals()["LATE"] = 3
        exec("y = 1")
        del self.note

    def __getattr__(self, name):
        if name == "alias":
            return self.conv
        return super().__getattr__(name)

    def forward(self, x):
        return self.alias(x)[:, :LATE]  # shape: (2, 3, 14, 14)
