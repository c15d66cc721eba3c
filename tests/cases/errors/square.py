import torch

a = torch.ones(3, 4)
b = torch.linalg.inv(a @ a.T + torch.eye(3))  # shape: (3, 3)
c = torch.linalg.inv(a)  # error: always-raises "inv() takes square matrices, not (3, 4)"
