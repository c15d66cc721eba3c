import torch

x = torch.zeros(2, 3, 8, 10)
a = x[[True, False]]  # shape: (1, 3, 8, 10)
b = x[:, [False, True, True]]  # shape: (2, 2, 8, 10)
c = x[torch.tensor([0, 1]), :, [1, 2]]  # shape: (2, 3, 10)
d = x[:, [0, 1], :, torch.tensor([[1, 2]])]  # shape: (1, 2, 2, 8)
e = x[torch.rand(2) > 0.5]  # shape: (_, 3, 8, 10)
f = x[:, :, torch.arange(3)[:, None], torch.arange(4)]  # shape: (2, 3, 3, 4)
g = x[True]  # shape: (1, 2, 3, 8, 10)
h = x[..., None, 1:-1:2]  # shape: (2, 3, 8, 1, 4)
i = x[(0, 1)]  # shape: (8, 10)
