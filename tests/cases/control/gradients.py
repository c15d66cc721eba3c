import torch
import torch.nn as nn

saved = []
conv = nn.Conv2d(3, 4, 3)
image = torch.rand(2, 3, 8, 8, requires_grad=True)
handle = conv.register_forward_hook(lambda module, inputs, output: saved.append(output))
out = conv(image)  # shape: (2, 4, 6, 6)
handle.remove()
conv(image)
out.register_hook(saved.append)
out.sum().backward()
saliency = image.grad.abs().max(dim=1).values  # shape: (2, 8, 8)
both = torch.stack(saved)  # shape: (2, 2, 4, 6, 6)
image_grad = torch.autograd.grad(conv(image).sum(), image)[0]  # shape: (2, 3, 8, 8)
pair = torch.autograd.grad(conv(image).sum(), [image, conv.bias])
first, second = pair  # shape: (2, 3, 8, 8), (4,)
norm = nn.utils.clip_grad_norm_(conv.parameters(), 1.0)  # shape: ()
