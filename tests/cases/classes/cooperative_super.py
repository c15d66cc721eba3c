import torch
from torch import nn


class Base(nn.Module):
    def __init__(self, **kwargs):
        super().__init__()
        self.rest = kwargs
        self.width = kwargs.pop("width", 8)


class ConvMixin(Base):
    def __init__(self, k=3, **kwargs):
        super().__init__(**kwargs)
        self.conv = nn.Conv2d(3, self.width, k)


class HeadMixin(Base):
    def __init__(self, classes=10, **kwargs):
        super().__init__(**kwargs)
        self.classes = classes


class Net(ConvMixin, HeadMixin):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fc = nn.Linear(self.width, self.classes)

    def forward(self, x):
        x = self.conv(x).mean((2, 3))  # shape: (2, 12)
        return self.fc(x)  # shape: (2, 7)


y = Net(k=5, classes=7, width=12)(torch.zeros(2, 3, 16, 16))  # shape: (2, 7)
order = [c.__name__ for c in Net.__mro__]
z = torch.zeros(len(order), order.index("HeadMixin"))  # shape: (6, 2)
