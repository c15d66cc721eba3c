import torch
import torch.nn.functional as F


def dice(prediction, target, smooth=1.0):
    prediction = prediction.softmax(1)
    onehot = F.one_hot(target, prediction.size(1)).permute(0, 3, 1, 2)  # shape: (2, 4, 8, 8)
    overlap = (prediction * onehot).sum((2, 3))  # shape: (2, 4)
    total = prediction.sum((2, 3)) + onehot.sum((2, 3))
    return 1 - ((2 * overlap + smooth) / (total + smooth)).mean()  # shape: ()


logits = torch.randn(2, 4, 8, 8, requires_grad=True)
labels = torch.randint(0, 4, (2, 8, 8))
loss = F.cross_entropy(logits, labels) + dice(logits, labels)  # shape: ()
loss.backward()
mask = logits.argmax(1) == labels  # shape: (2, 8, 8)
picked = logits.permute(0, 2, 3, 1)[mask]  # shape: (_, 4)
each = F.binary_cross_entropy_with_logits(logits, torch.rand_like(logits), reduction="none")  # shape: (2, 4, 8, 8)
