# run: Net(**CONFIG["model"]) (2, 3, 32, 32)
import torch.nn as nn

CONFIG = {
    "model": {
        "stem": {"out_channels": 8, "kernel_size": 3, "stride": 2},
        "stages": [
            {"width": 16, "depth": 2},
            {"width": 32, "depth": 1, "stride": 2},
        ],
    },
}


class Net(nn.Module):
    def __init__(self, stem, stages, **unused):
        super().__init__()
        self.stem = nn.Conv2d(3, **stem)
        width = stem["out_channels"]
        self.stages = nn.ModuleList()
        for stage in stages:
            stage = {"stride": 1, **stage}
            layers = []
            for i in range(stage["depth"]):
                layers.append(nn.Conv2d(width, stage["width"], 3, stage["stride"] if i == 0 else 1, 1))
                width = stage["width"]
            self.stages.append(nn.Sequential(*layers))
        self.features_dim = width

    def forward(self, x):
        x = self.stem(x)  # shape: (2, 8, 15, 15) field: 3x3
        for stage in self.stages:
            x = stage(x)  # shape: (2, 16, 15, 15) | (2, 32, 8, 8) field: 11x11 | 15x15
        return x.mean((-1, -2)).view(-1, self.features_dim)  # shape: (2, 32)
