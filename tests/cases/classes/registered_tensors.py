import torch
from torch import nn


class Net(nn.Module):
    a: torch.Tensor

    def __init__(self):
        super().__init__()
        self.register_buffer("pe", torch.zeros(1, 5, 4), persistent=False)
        self.register_buffer("none", None)
        self.register_parameter("w", nn.Parameter(torch.randn(4, 6)))
        self.register_parameter("bias", None)
        self.ps = nn.ParameterList(
            [nn.Parameter(torch.zeros(i + 1, 3)) for i in range(3)]
        )
        self.pd = nn.ParameterDict({"k": nn.Parameter(torch.zeros(2, 3))})
        self.tok = nn.Parameter(torch.zeros(1, 1, 4))  # shape: (1, 1, 4)
        self.scale = 1.0
        for i in range(2):
            self.register_buffer(f"b{i}", torch.zeros(i + 2))
        self.register_module("m", nn.Linear(6, 2))
        self.cache = None

    def forward(self, x):
        x = x + self.pe[:, : x.size(1)]
        x = torch.cat((self.tok.expand(x.shape[0], -1, -1), x), 1)
        x = x @ self.w
        if self.bias is not None:
            x = x + self.bias
        if self.none is None:
            x = x * 2
        self.cache = x
        return self.m(x)


n = Net()
y = n(torch.zeros(2, 3, 4))  # shape: (2, 4, 2)
y2 = n.cache  # shape: (2, 4, 6)
y3 = torch.cat(list(n.ps))  # shape: (6, 3)
y4 = n.pd["k"]  # shape: (2, 3)
y5 = n.b1  # shape: (3,)
y6 = getattr(n, "b0")  # shape: (2,)
y7 = [p for p in n.ps][1]  # shape: (2, 3)
y8 = torch.zeros(
    len(n.ps), len(dict(n.named_buffers())), len(n._buffers), len(n._parameters)
)  # shape: (3, 3, 4, 3)
n.pe = torch.zeros(1, 9, 4)  # shape: (1, 9, 4)
y9 = n(torch.zeros(2, 8, 4))  # shape: (2, 9, 2)
n.w.data = torch.zeros(4, 6)  # shape: (4, 6)
y10 = n.w  # shape: (4, 6)
y11 = n.w.data  # shape: (4, 6)
y12 = n.w.detach().clone()  # shape: (4, 6)
y13 = n.tok.squeeze(0).t()  # shape: (4, 1)
del n.pe
y14 = torch.zeros(3 if hasattr(n, "pe") else 4)  # shape: (4,)
