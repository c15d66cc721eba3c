# run: flat() (2, 3, 8, 8)
# run: joined() (2, 3, 8, 8)
# run: typed() (2, 3, 8, 8)
# run: halved() (2, 3, 8, 8)
# run: folded() (2, 3, 8, 8)
import torch
from torch import nn


class flat(nn.Module):
    def forward(self, x):
        return torch.flatten(x, 1.0)  # error: call-arguments "'start_dim' takes an integer, not float 1.0"


class joined(nn.Module):
    def forward(self, x):
        return torch.cat(x, 1)  # error: call-arguments "'tensors' takes several tensors, not a tensor"


class typed(nn.Module):
    def forward(self, x):
        return x + torch.zeros(3, dtype="float32")  # error: call-arguments "takes a dtype or None, not 'float32'"


class halved(nn.Module):
    def forward(self, x):
        return nn.Linear(8, x.size(-1) / 2)(x)  # error: call-arguments "'out_features' takes an integer, not float 4.0"


class folded(nn.Module):
    def forward(self, x):
        return x.reshape(2, [3], -1)  # error: call-arguments "integers"
