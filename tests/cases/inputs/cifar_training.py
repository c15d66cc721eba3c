# unjudged: the data would have to be there
import torch
import torch.nn as nn
import torchvision
from torchvision import transforms

train_steps = transforms.Compose(
    [
        transforms.RandomCrop(32, padding=4),
        transforms.RandomHorizontalFlip(),
        transforms.ColorJitter(0.2, 0.2),
        transforms.ToTensor(),
        transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)),
    ]
)
train_set = torchvision.datasets.CIFAR10("data", train=True, transform=train_steps)
train_part, valid_part = torch.utils.data.random_split(train_set, [0.9, 0.1])
train_loader = torch.utils.data.DataLoader(
    train_part, batch_size=128, shuffle=True, num_workers=2, drop_last=True
)


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4))
        self.fc = nn.Linear(16 * 8 * 8, classes)

    def forward(self, x):
        x = self.features(x)  # shape: (128, 16, 8, 8)
        return self.fc(x.flatten(1))  # shape: (128, 10)


net = Net(len(train_set.classes))
criterion = nn.CrossEntropyLoss()
for images, labels in train_loader:
    outputs = net(images)
    same = outputs.argmax(1) == labels  # shape: (128,)
    loss = criterion(outputs, labels)  # shape: ()
