"""What takes more than tensors: the method `type` a class, an array's place a tuple."""

import numpy as np
import torch

x = torch.zeros(3, 4)
y = x.type(type(x))  # shape: (3, 4)
z = x.type(torch.Tensor)  # shape: (3, 4)
w = x.type(y.type())  # shape: (3, 4)

image = np.zeros((8, 6, 3), dtype="uint8")
image[:] = (0, 128, 255)
image[2] = [1, 2, 3]
torch.from_numpy(image).permute(2, 0, 1)  # shape: (3, 8, 6)
try:
    x[:] = (1.0, 2.0, 3.0, 4.0)
except TypeError:
    x = x.flatten()
x.unsqueeze(0)  # shape: (1, 12)
