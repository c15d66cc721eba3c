# unjudged: the data would have to be there
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

steps = transforms.Compose([transforms.Resize(70), transforms.RandomCrop(64), transforms.ToTensor()])
loader = DataLoader(datasets.CIFAR10("data", transform=steps), batch_size=16, drop_last=True)
conv = nn.Conv2d(3, 8, 3)
for images, labels in loader:
    features = conv(images)  # shape: (16, 8, 62, 62)
