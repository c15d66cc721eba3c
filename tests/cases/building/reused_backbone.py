# run: Head(Backbone()) (2, 3, 32, 32)
import torch.nn as nn


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 2, 1)
        self.fc = nn.Linear(8 * 16 * 16, 100)
        self.num_features = self.fc.in_features

    def forward(self, x):
        x = self.conv(x).flatten(1)  # shape: (2, 2048)
        return self.fc(x)  # shape: (2, 20)


class Head(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone
        self.backbone.fc = nn.Linear(backbone.num_features, 20)
        for parameter in self.backbone.parameters():
            parameter.requires_grad = False
        self.out = nn.Linear(self.backbone.fc.out_features, 2)

    def forward(self, x):
        return self.out(self.backbone(x))  # shape: (2, 2)
