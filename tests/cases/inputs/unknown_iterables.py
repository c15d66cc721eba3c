# guess: Net() (3, 4, 5)
import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, images):
        a = torch.stack([image for image in images])
        b = torch.cat([image[None] for image in images if image.dim() == 2], 0)
        kept = []
        for image in images:
            kept.append(image)
        c = torch.stack(kept)
        sizes = [len(image) for image in images]
        d = torch.cat(images.split([1, 2]), 0), max(sizes), sizes[0]
        first, *rest = images
        e = {i: image for i, image in enumerate(images)}
        return a, b, c, d, torch.stack(list(e.values())), torch.stack([first, *rest])
