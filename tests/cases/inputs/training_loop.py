import torch
import torch.nn as nn
from torch import optim
from torch.utils.data import DataLoader, Dataset


class Squares(Dataset):
    def __init__(self, count=8):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return torch.rand(1, 28, 28), index % 10


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5, stride=2)
        self.fc = nn.Linear(4 * 12 * 12, 10)

    def forward(self, x):
        x = self.conv(x)  # shape: (4, 4, 12, 12)
        return self.fc(x.flatten(1))  # shape: (4, 10)


def train(model, loader, epochs):
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=1)
    criterion = nn.CrossEntropyLoss()
    model.train()
    for epoch in range(epochs):
        running = 0.0
        for i, (images, labels) in enumerate(loader):
            optimizer.zero_grad()
            outputs = model(images)  # shape: (4, 10)
            loss = criterion(outputs, labels)  # shape: ()
            loss.backward()
            optimizer.step()
            running += loss.item()
        scheduler.step()
        print(f"epoch {epoch}: {running / (i + 1):.3f}")
    with torch.no_grad():
        model.eval()
        images, labels = next(iter(loader))
        predicted = model(images).argmax(1)  # shape: (4,)


if __name__ == "__main__":
    train(Net(), DataLoader(Squares(), batch_size=4, shuffle=True), epochs=2)
