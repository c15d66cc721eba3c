# run: vgg("S") (2, 3, 32, 32)
import torch.nn as nn

CONFIGURATIONS = {
    "S": [8, "M", 16, "M"],
    "L": [8, 8, "M", 16, 16, 16, "M"],
}


def make_layers(cfg, batch_norm=False):
    layers = []
    in_channels = 3
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            conv2d = nn.Conv2d(in_channels, v, kernel_size=3, padding=1)
            if batch_norm:
                layers += [conv2d, nn.BatchNorm2d(v), nn.ReLU(inplace=True)]
            else:
                layers += [conv2d, nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)


class VGG(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.features = features
        self.classifier = nn.Linear(16 * 8 * 8, 10)

    def forward(self, x):
        x = self.features(x)  # shape: (2, 16, 8, 8) field: 10x10
        return self.classifier(x.flatten(1))  # shape: (2, 10)


def vgg(name, **kwargs):
    return VGG(make_layers(CONFIGURATIONS[name], batch_norm=True), **kwargs)
