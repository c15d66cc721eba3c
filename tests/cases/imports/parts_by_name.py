# What other files register is found where a name is asked for.
import torch
from parts import make
from parts.shelf import HEADS, _parts

x = torch.randn(2, 3, 16, 16)
a = make("narrow", 8)(x)  # shape: (2, 8, 16, 14)
b = make("pointwise", 5)(x)  # shape: (2, 5, 16, 16)
y = HEADS.build("pooled", 8, 10)(a)  # shape: (2, 10)
w = make("wide6")(x)  # unknown: 'wide6' is registered by nothing that is followed
z = _parts.get("narrow")(7)(x)  # shape: (2, 7, 16, 14)
e = make("even", 6)(x)  # shape: (2, 6, 16, 16)
