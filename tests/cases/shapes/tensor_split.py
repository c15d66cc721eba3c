import torch

x = torch.zeros(2, 7, 5)
first, rest = torch.tensor_split(x, indices=(1,), dim=1)  # shape: (2, 1, 5), (2, 6, 5)
parts = x.tensor_split(3, dim=1)  # shape: (2, 3, 5), (2, 2, 5), (2, 2, 5)
parts = torch.tensor_split(x, sections=2, dim=-1)  # shape: (2, 7, 3), (2, 7, 2)
parts = x.tensor_split((2, 4), 1)  # shape: (2, 2, 5), (2, 2, 5), (2, 3, 5)
parts = x.tensor_split(torch.tensor([3]), dim=1)  # shape: (2, 3, 5), (2, 4, 5)
