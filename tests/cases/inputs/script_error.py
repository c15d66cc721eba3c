import torch
import torch.nn as nn

net = nn.Sequential(
    nn.Conv2d(3, 8, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(8 * 14 * 14, 10),
)
x = torch.zeros(2, 3, 16, 16)
y = net(x)  # shape: (2, 10)
z = net(torch.zeros(2, 3, 18, 18))  # error: linear-features "2048"
