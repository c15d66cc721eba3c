# run: Net() (2, 6, 30)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(30, 4)  # error: attention-heads "embed_dim 30 is not divisible by num_heads 4"

    def forward(self, x):
        return self.attention(x, x, x)[0]
