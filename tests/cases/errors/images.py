# unjudged: torchvision need not be there
import torch
from torchvision import transforms
from torchvision.datasets import CIFAR10, MNIST

twice = transforms.Compose([transforms.ToTensor(), transforms.ToTensor()])
grey = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)])
large = transforms.Compose([transforms.RandomCrop(64), transforms.ToTensor()])
MNIST("data", transform=twice)[0]  # error: call-arguments "an image of PIL, not a tensor"
MNIST("data", transform=grey)[0]  # error: broadcast "1 and 3 do not match"
CIFAR10("data", transform=large)[0]  # error: call-arguments "the crop is 64×64, the image 32×32"
loader = torch.utils.data.DataLoader(CIFAR10("data"), 4)
for images, labels in loader:  # error: always-raises "no batches of images of PIL"
    break
