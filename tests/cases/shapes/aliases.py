import torch

x = torch.zeros(2, 3, 4)
y = x
y.unsqueeze_(0)
a = x + 0  # shape: (1, 2, 3, 4)
x.squeeze_().transpose_(0, 1)
b = y * 1  # shape: (3, 2, 4)
held = [x]
held[0].t_ if held[0].dim() == 2 else held[0].swapaxes_(1, 2)
c = x.clone()  # shape: (3, 4, 2)
x.data = torch.zeros(5)
d = x * 1  # shape: (5,)
z = torch.zeros(2, 3)
z.resize_(3, 4)
e = z * 1  # shape: (3, 4)
w = torch.nn.Parameter(torch.zeros(2))
w.data = w.data.repeat(3)
f = w * 1  # shape: (6,)
